"""A host program that pumps the bridge until its standard input ends: host.py FOLDER TOKEN_FILE"""

import os
import sys
import threading


def end():
    sys.stdin.read()
    os._exit(0)


sys.path.insert(0, sys.argv[1])
import bridge  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
surface = {
    "module": "sample",
    "functions": ["echo", "change", "calls", "forever"],
    "reads": ["echo", "calls", "forever"],
    "classes": {},
}
pump = bridge.Pump(sys.argv[2], surface, read_only="write" not in sys.argv)
print(pump.problem or "ready")
sys.stdout.flush()
threading.Thread(target=end, daemon=True).start()
while pump.problem is None:
    pump.pump(0.05)
