"""A fake of Muster's built-in module `muster`, written from notes. Members that no note names end with `Fake`.

The functions of the Dispatcher work only in some callbacks and in scripts of the Console. A program that plays the
Dispatcher says which callback runs. Without such a program, a script of the Console runs.
"""

import os
import threading

hosted = False
local = threading.local()


def runningContext():
    return os.environ.get("MUSTER_FAKE_RUNNING", "dispatcher")


def enterFake(callback):
    """A callback begins in this thread. Returns the callback from which it was caused."""
    global hosted
    hosted = True
    before = callbackFake()
    local.callback = callback
    return before


def leaveFake(before=None):
    """The callback of this thread ends."""
    global hosted
    hosted = True
    local.callback = before


def callbackFake():
    """The callback that runs in this thread."""
    return getattr(local, "callback", None) if hosted else "a script of the Console"
