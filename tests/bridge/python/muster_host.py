"""Plays the Dispatcher: loads the template, and calls its callbacks until the standard input ends.

The arguments are the callbacks. Without arguments it is `onDispatcherIdling`.
"""

import sys
import threading

import MTemplateAPI
import muster
import muster_bridge_template  # noqa: F401


def main():
    ended = threading.Event()

    def wait():
        sys.stdin.read()
        ended.set()

    muster.leaveFake()
    threading.Thread(target=wait, daemon=True).start()
    (template,) = MTemplateAPI.MManager.getUniqueClass().templates
    names = sys.argv[1:] or ["onDispatcherIdling"]
    print("ready")
    sys.stdout.flush()
    while not ended.is_set():
        for name in names:
            before = muster.enterFake(name)
            # The arguments of the callbacks are not known.
            result = getattr(template, name)(None)
            muster.leaveFake(before)
            if result.getErrorCode() != 0:
                raise SystemExit("the callback %s failed" % name)
        ended.wait(0.005)


main()
