# -*- coding: utf-8 -*-
"""A template for the Dispatcher of Muster 9. It lets programs on this machine call functions of MDispatcherAPI.

The template does nothing until the token file exists, and nothing after it is removed. Programs must know its content. It
listens only on 127.0.0.1, and only while the Dispatcher calls one of the CALLBACKS. It starts no threads. By default,
programs can only read.

It has not been tried in a Dispatcher yet.
"""

import builtins
import json
import os
import threading
import time

import MTemplateAPI
import muster_bridge

# --- Settings ---

# The callbacks in which programs are served. `onDispatcherIdling` is enough. The vendor also documents
# `onDispatcherOverrideImpersonationUser`, `onValidateJobSubmission`, `onDeleteJob`, `onSubmitJob`, `onReinitJob`,
# `onEditJob`, `onJobPropertiesChanged`, `onJobCompleted`, `onValidateJobDependancies`,
# `onValidateChunkDependancies`, `onJobStart` and `onJobEnd`.
CALLBACKS = ["onDispatcherIdling"]

# The time that one callback may take, in seconds. The Dispatcher waits for it.
SECONDS = 0.02

# Whether programs may call functions that change something.
ALLOW_CHANGES = False

# Functions that programs may call although ALLOW_CHANGES is False, such as "jobSubmit", and methods of objects, such as
# "MJob.setName". JobDraft of the Rust client calls a setter for each member.
ALLOW = []

# Whether programs may call functions that remove something, nodeRunPythonCode and dbImportQueueSQL. They also need
# ALLOW_CHANGES, or their names in ALLOW.
ALLOW_DANGEROUS = False

# Further methods of objects that programs may call, such as {"MNode": ["getName"]}. Those that begin with "get" or "is"
# count as reading.
METHODS = {}

# The TCP port. 0 means any free port. Programs find it in the file TOKEN_FILE + ".port".
PORT = 0

HOME = os.path.dirname(os.path.abspath(muster_bridge.__file__))

TOKEN_FILE = os.environ.get("MUSTER_BRIDGE_TOKEN") or os.path.join(HOME, "muster_bridge.token")

# --- End of the settings ---

# How long to wait before the next try if the bridge cannot listen, in seconds.
RETRY = 5


def load_surface():
    """The functions and classes that programs may use."""
    with open(os.path.join(HOME, "muster_bridge_surface.json")) as file:
        surface = json.load(file)
    if not ALLOW_DANGEROUS:
        dangerous = set(surface["dangerous"])
        surface["functions"] = [name for name in surface["functions"] if name not in dangerous]
    for kind, methods in METHODS.items():
        known = surface["classes"].setdefault(kind, {"snapshot": [], "methods": [], "module": None})
        known["methods"] = known["methods"] + list(methods)
        surface["reads"] += ["%s.%s" % (kind, name) for name in methods if name.startswith(("get", "is"))]
    return surface


def token_mark():
    """Changes when the token file is replaced. None if there is no token file."""
    try:
        facts = os.stat(TOKEN_FILE)
    except OSError:
        return None
    return facts.st_mtime, facts.st_size, facts.st_ino


def is_dispatcher():
    """Whether the Dispatcher runs this template. Other programs of Muster load templates, too."""
    try:
        import muster as found
    except ImportError:
        # The vendor's page calls it built-in, and its example does not import it.
        found = globals().get("muster", getattr(builtins, "muster", None))
    running_context = getattr(found, "runningContext", None)
    return running_context is None or running_context() == "dispatcher"


class Service(object):
    """The listener. It is opened in the first callback, because only the Dispatcher calls one."""

    def __init__(self):
        self.pump = None
        # Callbacks may come from several threads, and a called function may cause another callback.
        self.lock = threading.Lock()
        self.mark = None
        self.reported = None
        self.tried = None

    def serve(self):
        """Serves programs for a short time. It never raises an exception, and never waits for another callback."""
        if not self.lock.acquire(False):
            return
        try:
            if self.is_open():
                self.pump.pump(SECONDS)
        except Exception as error:
            self.report(str(error))
        finally:
            self.lock.release()

    def is_open(self):
        """Opens the listener if there is a token file, and closes it if the token file was removed or replaced."""
        mark = token_mark()
        if self.pump is not None and mark != self.mark:
            self.pump.close()
            self.pump = self.tried = None
        if self.pump is None and mark is not None and is_dispatcher():
            self.open(mark)
        return self.pump is not None

    def open(self, mark):
        now = time.time()
        if mark == self.mark and self.tried is not None and 0 <= now - self.tried < RETRY:
            return
        self.mark, self.tried = mark, now
        pump = muster_bridge.Pump(
            TOKEN_FILE, load_surface(), port=PORT, read_only=not ALLOW_CHANGES, allow=[] if ALLOW_CHANGES else ALLOW
        )
        if pump.problem is None:
            self.pump, self.reported = pump, None
        else:
            self.report(pump.problem)

    def report(self, problem):
        """Writes a problem to the Dispatcher's log, once."""
        if problem == self.reported:
            return
        self.reported = problem
        try:
            import MDispatcherAPI

            MDispatcherAPI.logAddMessage("muster_bridge: %s" % problem)
        except Exception:
            pass


SERVICE = Service()


class MusterBridgeTemplate(MTemplateAPI.MTemplate):
    """A template without jobs. Its callbacks serve programs."""

    def __init__(self):
        MTemplateAPI.MTemplate.__init__(self)


def make_callback(name):
    def callback(self, *arguments):
        SERVICE.serve()
        inherited = getattr(MTemplateAPI.MTemplate, name, None)
        if inherited is not None:
            return inherited(self, *arguments)
        return MTemplateAPI.MTemplateError()

    callback.__name__ = name
    return callback


for each in CALLBACKS:
    setattr(MusterBridgeTemplate, each, make_callback(each))

TEMPLATE = MusterBridgeTemplate()
MTemplateAPI.MManager.getUniqueClass().installPyTemplate(TEMPLATE)
