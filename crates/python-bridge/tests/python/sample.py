"""A module for the tests: it has what modules do well and badly."""

import os
import signal
import subprocess
import sys
import time
import weakref

__version__ = "1.2.0"
LIMIT = 2 ** 70
CODES = {1: "one", 2: "two"}

# The calls that arrived.
journal = []
alive = weakref.WeakSet()


class SampleError(ValueError):
    pass


class Item(object):
    kind = "item"

    def __init__(self, name="", rank=0):
        self.name = name
        self.rank = rank
        alive.add(self)

    def getName(self):
        return self.name

    def getRank(self):
        return self.rank

    def setName(self, name):
        journal.append("setName")
        self.name = name

    def twin(self):
        return Item(self.name, self.rank)

    def remove(self):
        journal.append("remove")


def echo(value=None):
    return value


def describe(value):
    """Tells what Python got."""
    return "%s %r" % (type(value).__name__, value)


def scale(a, b, factor=1, offset=0):
    journal.append("scale")
    return [a, b, factor, offset]


def change(value):
    journal.append("change")
    return value


def change_without_result():
    journal.append("change_without_result")
    return iter([1])


def hidden():
    journal.append("hidden")


def calls():
    return list(journal)


def fail(message):
    raise SampleError(message)


def die(status):
    sys.stderr.write("the last words\n")
    sys.stderr.flush()
    os._exit(status)


def read_and_die():
    os._exit(9)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_child():
    """Ends while a child process still has the streams."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    sys.stderr.write("child %d\n" % child.pid)
    sys.stderr.flush()
    os._exit(4)


def say(text):
    print(text)
    sys.stderr.write("error: %s %r\n" % (text, text))
    os.write(1, b"raw\n")
    os.system("echo from a child")


def wait_for(path):
    journal.append("wait_for")
    open(path + ".started", "w").close()
    while not os.path.exists(path):
        time.sleep(0.005)
    return Item("late")


def forever():
    while True:
        time.sleep(1)


def item(name, rank=0):
    return Item(name, rank)


def items(count):
    return [Item(str(number), number) for number in range(count)]


def name_of(item):
    return item.name


def alive_items():
    return len(alive)


def unsendable():
    return (number for number in range(3))


def strange():
    return {"$bytes": "AAA=", "data": b"\xff\x00", 1.5: float("nan"), "object": object()}


def login(user, password):
    raise SampleError("no user %s with %s" % (user, password))


class Problem(object):
    """An error object, as some modules return it in front of each result."""

    def __init__(self, code, text):
        self.code = code
        self.text = text

    def getErrorCode(self):
        return self.code

    def getDescription(self):
        return self.text


def checked(code, value):
    return Problem(code, "problem with %s" % value), value


def fill(name, target, rank):
    target.name = name
    target.rank = rank
    return Problem(0, "")


def write_private(line):
    """Writes a line into the stream of the protocol, as only a very bad module does."""
    for descriptor in range(3, 30):
        try:
            os.write(descriptor, line.encode("ascii") + b"\n")
        except OSError:
            pass
