"""A fake of Muster's module MDispatcherAPI, written from the list of functions and from notes.

Each function checks the number and the types of its arguments, keeps the call in `calls`, and returns an error object
first. The version comes from the variable MUSTER_FAKE_VERSION, and functions of later versions are missing. Calls outside
the callbacks of the page, and all calls if MUSTER_FAKE_CONTEXT is `wrong`, return an error.

Results say from which arguments they were made, so tests can tell them apart.
"""

import json
import os

import MTemplateAPI
import muster
from MClientAPI import MBackupQuery, MBackupQueryBoundaries, MJob

FAKE_VERSION = tuple(int(part) for part in os.environ.get("MUSTER_FAKE_VERSION", "9.0.13").split("."))
IS_HERE = os.environ.get("MUSTER_FAKE_CONTEXT") != "wrong"
CONTEXTS = MTemplateAPI.CALLBACKS + ["a script of the Console"]
# What `dbExportQueueSQL` does is not known: it returns an object or a text, or fills its argument.
SQL = os.environ.get("MUSTER_FAKE_SQL", "object")


class MUSTERERR(object):
    def __init__(self, code=0, description=""):
        self.code = code
        self.description = description

    def getErrorCode(self):
        return self.code

    def getDescription(self):
        return self.description


def job(number, name="job"):
    made = MJob()
    made.members.update({"JobId": number, "Status": 4, "Name": name})
    return made


class MChunk(object):
    def __init__(self, number):
        self.number = number

    def getChunkId(self):
        return self.number

    def getStartFrame(self):
        return 1.0

    def getEndFrame(self):
        return 25.0


class MBackupJob(object):
    def __init__(self, number):
        self.number = number

    def getId(self):
        return self.number


class MStringRef(object):
    def __init__(self, text=""):
        self.text = text

    def setString(self, text):
        self.text = text

    def getNameFake(self):
        return self.text


class Opaque(object):
    """Nothing is known about the members of these classes."""

    def __init__(self, name=""):
        self.name = name

    def getNameFake(self):
        return self.name


class MHistoryChunk(Opaque):
    pass


class MNode(Opaque):
    pass


class MClient(Opaque):
    pass


class MNClient(Opaque):
    pass


class MDispatcherConfiguration(Opaque):
    pass


class MUser(Opaque):
    pass


class MGroup(Opaque):
    pass


class MPool(Opaque):
    pass


class MRepository(Opaque):
    pass


class LDAPConfiguration(Opaque):
    """The name of this class is not known, so the bridge does not know it either."""


# Types: i is a number, a is a number or text, s is text, b is a flag, o is anything. Others are classes.
KINDS = {"i": int, "a": (int, str), "s": str, "b": bool, "o": object}
CLASSES = [
    MJob, MChunk, MHistoryChunk, MNode, MClient, MNClient, MDispatcherConfiguration,
    MUser, MGroup, MPool, MRepository, MBackupQuery, MBackupQueryBoundaries, MBackupJob, MStringRef,
]  # fmt: skip
KINDS.update((kind.__name__, kind) for kind in CLASSES)


def fill(boundaries):
    boundaries.count = 42


# Each row: name, types of the arguments, what is returned after the error, first version.
FUNCTIONS = [
    ("jobGetList", [], lambda: [[job(1, "first"), job(2, "second")]]),
    ("jobGet", ["i"], lambda number: [job(number, "job %d" % number)]),
    ("jobReparent", ["i", "i"], None),
    ("jobSubmit", ["MJob", "s"], None),
    ("jobEdit", ["MJob"], None),
    ("jobAddFolder", ["i", "s", "s"], lambda parent, owner, name: [1000 + parent]),
    ("jobReinit", ["i"], None),
    ("jobDelete", ["i"], None),
    ("jobUpdateStatus", ["i"], None),
    ("jobUpdate", ["i"], None),
    ("chunkGetList", ["i"], lambda number: [[MChunk(number), MChunk(number + 1)]]),
    ("chunkGet", ["i", "a"], lambda _, number: [MChunk(number)]),
    ("chunkSetStatus", ["i", "a", "i"], None),
    ("nodeKillProcess", ["a"], None),
    ("nodeKillProcessAndPause", ["a"], None),
    ("nodeKillProcessAndRestart", ["a"], None),
    ("nodeKillAndPauseNodesWorkingOnJob", ["a"], None),
    ("nodeKillAndRedoNodesWorkingOnJob", ["a"], None),
    ("nodeKillAndGoOnNodesWorkingOnJob", ["a"], None),
    ("nodePause", ["a"], None),
    ("nodeResume", ["a"], None),
    ("nodeForceUpdate", ["a"], None),
    ("nodeSetProcessPriority", ["a", "i"], None),
    ("nodeSoftRestart", ["a"], None),
    ("nodePurgeTemplatesExclusion", ["a", "i"], None),
    ("nodePurgeJobsExclusions", ["a", "i"], None),
    ("nodeSetRealtimeLog", ["a", "o"], None),
    ("nodeSendSystemEvent", ["a", "o"], None),
    ("nodeRunPythonCode", ["a", "s"], None),
    ("nodeSetNotes", ["a", "s"], None),
    ("nodeRemoveRegistration", ["a"], None),
    ("nodeGetList", [], lambda: [[MNode("node one"), MNode("node two")]]),
    ("nodeGet", ["a"], lambda number: [MNode("node %s" % number)]),
    ("nodeGetByName", ["s"], lambda name: [MNode(name)]),
    ("sendMessageToNode", ["a", "i", "s", "b"], None, (9, 0, 13)),
    ("clientGetList", [], lambda: [[MClient("console one"), MClient("console two")]]),
    ("clientGet", ["a"], lambda number: [MClient("console %s" % number)]),
    ("clientGetByUsername", ["s"], lambda name: [[MClient(name)]]),
    ("clientForceDisconnection", ["a"], None),
    ("sendMessageToConsole", ["a", "i", "s", "b"], None),
    ("clientNGetList", [], lambda: [[MNClient("notificator one")]]),
    ("clientNGet", ["a"], lambda number: [MNClient("notificator %s" % number)]),
    ("clientNGetByUsername", ["s"], lambda name: [[MNClient(name)]]),
    ("clientNForceDisconnection", ["a"], None),
    ("sendMessageToNotificator", ["a", "i", "s", "b"], None),
    ("dbGetStatisticsBounds", [], lambda: [1556000000, 1556003600, 60]),
    ("dbGetHistoryBounds", [], lambda: [1556000001, 1556007200, 120]),
    ("dbClearStatisticsBounds", ["o", "o"], None),
    ("dbClearHistoryBounds", ["o", "o"], None),
    ("dbImportQueueSQL", ["s"], None),
    ("dbFlush", [], None, (9, 0, 6)),
    ("dbHistoryFlush", [], None, (9, 0, 6)),
    ("dbBackupFlush", [], None, (9, 0, 6)),
    ("backupJob", ["i", "i"], None),
    ("backupJobAndDelete", ["i", "i"], None),
    ("backupRestoreJob", ["a", "i", "i"], None),
    ("backupGetBoundaries", ["MBackupQueryBoundaries"], lambda boundaries: fill(boundaries) or []),
    ("backupQuery", ["MBackupQuery"], lambda _: [[MBackupJob(5), MBackupJob("six")]]),
    ("systemQueryEngineStatus", [], lambda: [1]),
    ("systemSwapEngineStatus", [], None),
    ("systemSoftRestart", [], None),
    ("systemResetStatisticsCounters", [], None),
    ("systemStartNodesNetworkScan", [], None),
    ("systemGetConfiguration", [], lambda: [MDispatcherConfiguration("configuration")]),
    ("systemSetConfiguration", ["MDispatcherConfiguration", "b"], None),
    ("systemGetLDAPConfiguration", [], lambda: [LDAPConfiguration("ldap")]),
    ("systemSetLDAPConfiguration", ["o", "b"], None),
    ("systemGetActivityLogsList", [], lambda: [["a.log", "b.log"]]),
    ("systemGetActivityLog", ["s"], lambda name: ["activities of " + name]),
    ("systemRemoveActivityLog", ["s"], None),
    ("systemGetActionLogsList", [], lambda: [["c.log"]]),
    ("systemGetActionLog", ["s"], lambda name: ["actions of " + name]),
    ("systemRemoveActionLog", ["s"], None),
    ("logClear", [], None),
    ("logAddInternalMessage", ["s"], None),
    ("logAddMessage", ["s"], None),
    ("userGetList", [], lambda: [[MUser("bob"), MUser("@directory@alice")]]),
    ("userGet", ["s"], lambda name: [MUser(name)]),
    ("userAdd", ["MUser"], None),
    ("userRemove", ["s"], None),
    ("userConfigure", ["MUser"], None),
    ("groupGetList", [], lambda: [[MGroup("group one")]]),
    ("groupGet", ["s"], lambda name: [MGroup(name)]),
    ("groupAdd", ["MGroup"], None),
    ("groupRemove", ["s"], None),
    ("groupConfigure", ["MGroup"], None),
    ("poolGetList", [], lambda: [[MPool("pool one"), MPool("pool two")]]),
    ("poolGet", ["s"], lambda name: [MPool(name)]),
    ("poolConfigure", ["MPool"], None),
    ("poolAdd", ["MPool"], None),
    ("poolRemove", ["s"], None),
    ("poolNotifyChanges", [], None),
    ("repositoriesGetList", [], lambda: [[MRepository("repository one")]]),
    ("repositoriesGet", ["s"], lambda name: [MRepository(name)]),
    ("repositoriesConfigure", ["MRepository"], None),
    ("repositoriesAdd", ["MRepository"], None),
    ("repositoriesNotifyChanges", [], None),
    ("repositoriesRemove", ["s"], None),
]

if SQL == "argument":
    FUNCTIONS.append(("dbExportQueueSQL", ["MStringRef"], lambda sql: sql.setString("INSERT INTO queue") or []))
else:
    TEXT = {"object": MStringRef, "text": str}[SQL]
    FUNCTIONS.append(("dbExportQueueSQL", [], lambda: [TEXT("INSERT INTO queue")]))

# Two functions have one name. They are told apart by the number of arguments.
OVERLOADS = {
    "chunkGetHistory": [
        (["i", "a"], lambda number, chunk: [[MHistoryChunk("job %d, chunk %s" % (number, chunk))]]),
        (["i"], lambda number: [[MHistoryChunk("job %d, chunk 1" % number), MHistoryChunk("job %d, chunk 2" % number)]]),
    ]
}

calls = []


def shown(value):
    """A value in the log. Objects have their class and name, so that tests see which object arrived."""
    if isinstance(value, (int, str, float, bool)) or value is None:
        return value
    name = value.name if isinstance(value, Opaque) else value.getName() if isinstance(value, MJob) else ""
    return ("%s %s" % (type(value).__name__, name)).strip()


def log(call):
    calls.append(call)
    path = os.environ.get("MUSTER_FAKE_LOG")
    if path:
        with open(path, "a") as file:
            file.write(json.dumps({"call": call, "in": muster.callbackFake()}) + "\n")


def fire(callback, argument):
    """The Dispatcher calls this callback of all templates while it performs a function. That it does so is inferred."""
    if not muster.hosted:
        return
    for template in MTemplateAPI.MManager.getUniqueClass().templates:
        before = muster.enterFake(callback)
        getattr(template, callback)(argument)
        muster.leaveFake(before)


def perform(name, variants, arguments):
    for types, result in variants:
        if len(types) == len(arguments):
            break
    else:
        raise TypeError("%s() does not take %d arguments" % (name, len(arguments)))
    for position, (code, argument) in enumerate(zip(types, arguments)):
        if not isinstance(argument, KINDS[code]) or (code in "ia" and isinstance(argument, bool)):
            raise TypeError("argument %d of %s() is %s" % (position + 1, name, type(argument).__name__))
    if not IS_HERE or muster.callbackFake() not in CONTEXTS:
        return MUSTERERR(-3, "the function was called from a wrong context")
    log([name] + [shown(argument) for argument in arguments])
    if name == "jobGet" and arguments[0] < 0:
        return MUSTERERR(12, "there is no job %d" % arguments[0]), None
    if name == "jobSubmit":
        fire("onSubmitJob", arguments[0])
    extra = result(*arguments) if result else []
    return tuple([MUSTERERR()] + extra) if extra else MUSTERERR()


def install():
    rows = [(row[0], [(row[1], row[2])], row[3] if len(row) > 3 else (9, 0)) for row in FUNCTIONS]
    rows += [(name, variants, (9, 0, 6)) for name, variants in OVERLOADS.items()]
    for name, variants, since in rows:
        if FAKE_VERSION < since:
            continue

        # Like functions that are written in C, they accept no keywords.
        def bind(name=name, variants=variants):
            def call(*arguments):
                return perform(name, variants, arguments)

            return call

        globals()[name] = bind()


install()
