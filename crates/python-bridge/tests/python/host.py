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
    "functions": ["echo", "change", "calls", "forever", "fail", "die", "read_and_die", "wait_for"],
    "reads": ["echo", "calls", "forever", "fail", "read_and_die"],
    "classes": {},
}
# Limits at which a test need not wait.
if "impatient" in sys.argv:
    bridge.HANDSHAKE_SECONDS = 0
if "busy" in sys.argv:
    bridge.STALL_SECONDS = 0
if "small" in sys.argv:
    bridge.LINE_LIMIT = 5000
pump = bridge.Pump(sys.argv[2], surface, read_only="write" not in sys.argv)
print(pump.problem or "ready")
sys.stdout.flush()
threading.Thread(target=end, daemon=True).start()
while pump.problem is None:
    pump.pump(0.05)
