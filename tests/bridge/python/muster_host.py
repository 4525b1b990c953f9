"""Plays the Dispatcher: loads the template, and calls `onDispatcherIdling` until its standard input ends."""

import sys
import threading

import MTemplateAPI
import muster_bridge_template  # noqa: F401


def main():
    ended = threading.Event()

    def wait():
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    (template,) = MTemplateAPI.MManager.getUniqueClass().templates
    print("ready")
    sys.stdout.flush()
    while not ended.is_set():
        # The arguments of the callback are not known.
        result = template.onDispatcherIdling(None)
        if result.getErrorCode() != 0:
            raise SystemExit("the callback failed")
        ended.wait(0.005)


main()
