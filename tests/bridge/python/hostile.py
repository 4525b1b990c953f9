# -*- coding: utf-8 -*-
"""A module that does everything that breaks bridges: one function for each fault.

It runs on Python 2.7 and on 3.3 and later. It prints when it is imported.
"""

from __future__ import print_function

import collections
import datetime
import os
import subprocess
import sys
import threading
import time

__version__ = "9.0.6"
LIMIT = 7
NAMES = ("a", "b")
kJobTypeJob = 3

print("the module prints when it is imported")
os.write(1, b'{"id": 1, "ok": "written at import"}\n')


# --- Prints ---


def prints(text):
    print(text)
    sys.stdout.write(u'{"id": 1, "ok": "not the answer"}\n')
    sys.stdout.flush()
    return "printed"


def writes_to_descriptor():
    os.write(1, b'{"id": 1, "ok": "raw"}\n')
    return "written"


def starts_child():
    subprocess.check_call([sys.executable, "-c", "print('from a child')"])
    return "started"


def prints_from_c():
    import ctypes

    library = ctypes.CDLL(None)
    library.puts(b'{"id": 1, "ok": "from C"}')
    library.fflush(None)
    return "printed"


def child_descriptors():
    """How many pipes and sockets of this process a child gets, beside the three standard ones."""
    script = (
        "import os\n"
        "found = 0\n"
        "for number in range(3, 64):\n"
        "    try:\n"
        "        os.fstat(number)\n"
        "        found += 1\n"
        "    except OSError:\n"
        "        pass\n"
        "os.write(2, ('%d' % found).encode('ascii'))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, close_fds=False)
    return int(child.communicate()[1])


def reads_input():
    return sys.stdin.read()


def floods_errors(size):
    sys.stderr.write("x" * size)
    return size


def closes_output():
    sys.stdout.close()
    os.close(1)
    return "closed"


# --- Ends ---


def exits():
    sys.exit(3)


def interrupts():
    raise KeyboardInterrupt("by the module")


def really_interrupts():
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(30)


def is_signalled():
    import signal

    os.kill(os.getpid(), signal.SIGINT)
    return "not interrupted"


def dies(status):
    os._exit(status)


def waits(path):
    """Runs until the file exists. The file with the ending `started` exists as soon as the function runs."""
    open(path + ".started", "w").close()
    while not os.path.exists(path):
        time.sleep(0.005)
    return "waited"


def stops_itself():
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)


def replaces_itself():
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)"])


def closes_everything():
    os.closerange(3, 256)
    return "closed"


def leaves_thread():
    event = threading.Event()
    thread = threading.Thread(target=event.wait)
    thread.daemon = False
    thread.start()
    return "started"


def forks():
    if os.fork() == 0:
        return "child"
    os.wait()
    return "parent"


# --- Exceptions ---


class Base(Exception):
    pass


class Special(Base, ValueError):
    pass


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no text")

    __unicode__ = __repr__ = __str__


class Old:
    """On Python 2.7, this class has no relation to `object`."""

    def __str__(self):
        return "old style"


class OldChild(Old):
    def getName(self):
        return "old"


def raises():
    raise Special(u"caf\xe9 \u2028 \U0001f600")


def raises_unprintable():
    raise Unprintable()


def raises_old():
    if sys.version_info[0] == 2:
        raise OldChild()
    raise Base("old style")


def recurses():
    return recurses()


def raises_long():
    raise Base("x" * 1000000)


# --- Values ---


def echo(*args, **kwargs):
    if kwargs:
        return [list(args), kwargs]
    return args[0] if len(args) == 1 else list(args)


def kinds(value):
    """The names of the classes of an argument and of what it contains."""
    if isinstance(value, (list, tuple, set)):
        return [type(value).__name__] + sorted(type(item).__name__ for item in value)
    return [type(value).__name__]


def same(value, number):
    """Whether the argument arrived as it was meant."""
    expected = [
        2 ** 70,
        float("inf"),
        b"\x00\xff",
        {1: "one", "$x": 2},
        datetime.datetime(2020, 1, 2, 3, 4, 5, 600000),
        datetime.date(2020, 1, 2),
        datetime.time(3, 4),
        set([1, 2]),
        {"a": [1, None]},
        u"caf\xe9",
        (1, 2),
    ][number]
    return type(value) is type(expected) and value == expected


def moment_offset(value):
    return value.utcoffset().total_seconds()


def values():
    return {
        "big": 2 ** 64,
        "small": -(2 ** 63) - 1,
        "most": 2 ** 63 - 1,
        "nan": float("nan"),
        "inf": float("inf"),
        "minus": -float("inf"),
        "bytes": b"\x80\xff",
        "array": bytearray(b"ab"),
        "keys": {1: "one"},
        "dollar": {"$handle": 7},
        "moment": datetime.datetime(2020, 1, 2, 3, 4, 5),
        "day": datetime.date(2020, 1, 2),
        "clock": datetime.time(3, 4, 5),
        "set": set([5]),
        "frozen": frozenset([5]),
        "tuple": (1, 2),
        "text": u"caf\xe9 \u2028 \U0001f600 \x00",
        "object": object(),
        "function": echo,
        "complex": 1j,
        "ordered": collections.OrderedDict([("a", 1)]),
        "range": range(3),
        "true": True,
        "none": None,
    }


def enormous_integer():
    return 1 << 1000000


def lone_surrogate():
    return [u"\ud800", {u"\udfff": 1}]


def generator():
    yield 1


def nested_generator():
    return {"a": [iter([1])]}


def long_text():
    return "x" * (65 * 1024 * 1024)


def many_values():
    item = [0] * 1000
    return [item] * 1000000


def contains_itself():
    result = []
    result.append(result)
    return result


def nested(depth):
    result = 0
    for _ in range(depth):
        result = [result]
    return result


class BadZone(datetime.tzinfo):
    def utcoffset(self, moment):
        raise RuntimeError("no offset")


def bad_moment():
    return datetime.datetime(2020, 1, 1, tzinfo=BadZone())


class BadText(type(u"")):
    """Text whose methods are not to be called."""

    def __getitem__(self, key):
        raise RuntimeError("do not call")

    __len__ = __iter__ = __str__ = __repr__ = __hash__ = __eq__ = __add__ = __getitem__


class BadNumber(int):
    def __int__(self):
        raise RuntimeError("do not call")

    __pos__ = __add__ = __str__ = __repr__ = __eq__ = __hash__ = __lt__ = __int__


class BadList(list):
    def __iter__(self):
        raise RuntimeError("do not call")

    __len__ = __getitem__ = __repr__ = __iter__


class BadDict(dict):
    def items(self):
        raise RuntimeError("do not call")

    __iter__ = __len__ = __getitem__ = keys = __repr__ = items


def bad_subclasses():
    return [BadText(u"text"), BadNumber(5), BadList([1]), BadDict(a=1)]


class Nasty(object):
    """Everything that one can ask this object raises, some of it with an exit."""

    def __repr__(self):
        sys.exit(9)

    def __getattribute__(self, name):
        raise KeyboardInterrupt(name)

    def __len__(self):
        raise RuntimeError("no length")

    __str__ = __unicode__ = __hash__ = __eq__ = __iter__ = __bool__ = __nonzero__ = __dir__ = __len__
    __class__ = property(__len__)


def nasty():
    return [Nasty()]


class NastyMeta(type):
    def __getattribute__(cls, name):
        raise SystemExit(name)

    def __eq__(cls, other):
        raise SystemExit("eq")

    def __hash__(cls):
        raise SystemExit("hash")

    def __instancecheck__(cls, value):
        raise SystemExit("instance")

    __subclasscheck__ = __instancecheck__


NastyClass = NastyMeta("NastyClass", (object,), {})


def nasty_class():
    return [NastyClass(), NastyClass]


def breaks_limits():
    sys.setrecursionlimit(60)
    return [[[0]]]


# --- Objects ---


class MJob(object):
    alive = 0
    kPriority = 11

    def __init__(self, name="job"):
        self.name = name
        MJob.alive += 1

    def __del__(self):
        MJob.alive -= 1

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def getPriority(self):
        raise RuntimeError("this getter fails")

    def getParent(self):
        return self

    def getFile(self):
        return iter([])

    def exits(self):
        sys.exit(1)

    def secret(self):
        return "not listed"

    @property
    def status(self):
        return 5


class SpecialJob(MJob):
    pass


def job(name):
    return SpecialJob(name)


def jobs(count):
    return [MJob(str(number)) for number in range(count)]


def name_of(job):
    return job.name


def alive():
    return MJob.alive


def old_job():
    return OldChild()


def nasty_job():
    return NastyJob()


class NastyJob(Nasty):
    pass


# --- Errors first ---


class MError(object):
    def __init__(self, code=0, description=""):
        self.code, self.description = code, description

    def getErrorCode(self):
        return self.code

    def getDescription(self):
        return self.description


class BadError(MError):
    def getDescription(self):
        raise RuntimeError("no description")


class BadCode(MError):
    def getErrorCode(self):
        sys.exit(1)


def first_alone():
    return MError()


def first_one():
    return MError(), 5


def first_several():
    return MError(), 1, 2


def first_list():
    return [MError(), [MJob("a")]]


def first_fails():
    return MError(12, u"caf\xe9"), None


def first_bad_error():
    return BadError(13)


def first_bad_code():
    return BadCode(), 1


def first_long_code():
    return MError(2 ** 64, "unsigned"), 1


def first_text_code():
    return MError("twelve"), 1


journal = []


def unlisted(*args):
    journal.append("unlisted")


def called():
    """The functions that ran although they are not in the list."""
    return journal


def without_first():
    return [1, 2]


def overloaded(*args):
    return MError(), len(args)


class MBoundaries(object):
    def __init__(self):
        self.count = 0

    def getJobsCount(self):
        return self.count


def fill(boundaries):
    boundaries.count = 4
    return MError()


def fill_second(number, boundaries):
    boundaries.count = number
    return MError()


def fill_fails(boundaries):
    return MError(3, "not filled")


# --- Places ---


class Sender(object):
    def createManifest(self, name, mappings=None, *args, **kwargs):
        """Makes a manifest."""
        return [name, mappings]

    def sleep(self, seconds):
        time.sleep(seconds)
        return seconds

    @property
    def trap(self):
        raise SystemExit("a property that exits")


class Api(object):
    def __init__(self, address):
        self.address = address
        self.send = Sender()

    def where(self):
        return self.address


class Guard(object):
    entered = False

    def __enter__(self):
        self.entered = True
        # What a context manager gives to `as` is not the object that it belongs to.
        return None

    def __exit__(self, *_):
        sys.stderr.write("the guard is left\n")
        raise SystemExit("the end of a guard")

    def is_entered(self):
        return self.entered


def connect(address, limit=object()):
    return Api(address)


def kind_of_path():
    return os.getcwd()
