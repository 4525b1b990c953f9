"""Plays a host program: pumps the bridge until its standard input ends.

Its argument is the file with the token. The folder of that file has `bridge.py`.
"""

import os
import sys
import threading

sys.path.insert(0, os.path.dirname(sys.argv[1]))
import bridge  # noqa: E402


def end():
    sys.stdin.read()
    os._exit(0)


surface = {"module": "bench_module", "functions": ["add"], "reads": ["add"]}
pump = bridge.Pump(sys.argv[1], surface)
if pump.problem:
    sys.exit(pump.problem)
print("ready")
sys.stdout.flush()
threading.Thread(target=end, daemon=True).start()
while True:
    pump.pump(0.05)
