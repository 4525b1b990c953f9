"""Lets another process call a fixed list of functions of one Python module.

The file needs nothing but the standard library, and runs on Python 2.7 and on 3.3 and later. It has three modes:

* `python bridge.py serve` answers requests on standard input and output;
* `Pump` answers them on a loopback socket, from callbacks of a program that embeds Python;
* `python bridge.py dump MODULE` prints the list of the functions of a module.

A message is one JSON object on one line, in ASCII. The module's code is not trusted to behave: it may print, exit, raise
anything, and return objects whose methods raise. None of that may break the stream of messages.
"""

from __future__ import print_function

import base64
import binascii
import collections
import datetime
import errno
import hashlib
import hmac
import importlib
import itertools
import json
import math
import os
import re
import select
import signal
import socket
import stat
import sys
import time
import types

# `argparse` and `inspect` are imported where they are needed. `serve` does not need them, and would start more slowly.

PROTOCOL = 1
LINE_LIMIT = 64 * 1024 * 1024
HANDLE_LIMIT = 100000
NESTING_LIMIT = 100
# A result with more values than this is refused before its text is built.
VALUE_LIMIT = 4000000
TOO_MANY_VALUES = "The result has more than %d values." % VALUE_LIMIT
# Later versions of Python do not convert longer integers from and to text.
DIGIT_LIMIT = 4300
MESSAGE_LIMIT = 65536
DESCRIPTION_LIMIT = 200

# Exit statuses. Any other status was chosen by the module's code.
STATUS_FAILED_DUMP = 1
STATUS_FAILED_OPEN = 3
STATUS_BROKEN_STREAM = 4

# How long a process without a parent may take to end.
ORPHAN_SECONDS = 2

PYTHON_2 = sys.version_info[0] == 2
# Names that only one of the versions has.
if PYTHON_2:
    TEXT, INTEGERS = unicode, (int, long)  # noqa: F821
    RANGES, VIEWS = (xrange,), ()  # noqa: F821
    INTEGER = long  # noqa: F821
    # The type of all objects of old-style classes.
    OLD_INSTANCE = types.InstanceType
else:
    TEXT, INTEGERS = str, (int,)
    RANGES, VIEWS = (range,), (type({}.keys()), type({}.values()), type({}.items()))
    INTEGER, OLD_INSTANCE = int, None

SEQUENCES = (list, tuple) + RANGES + VIEWS

if sys.maxunicode == 0xFFFF:
    # Narrow builds of Python 2.7 store one character as two surrogates.
    LONE_SURROGATE = re.compile(u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
else:
    LONE_SURROGATE = re.compile(u"[\ud800-\udfff]")

# The search takes longer than this method, which Python 3.7 and later have.
is_ascii = getattr(TEXT, "isascii", lambda text: False)

# Handles are never numbered twice in one process, so a handle of an earlier session is not valid in a later one.
HANDLE_NUMBERS = itertools.count(1)

# `time.time` can jump, but Python 2.7 has nothing better.
now = getattr(time, "monotonic", time.time)


class Refusal(Exception):
    """A request that the bridge does not fulfil. The kind is a word of the protocol."""

    def __init__(self, kind, message, code=None, classes=()):
        Exception.__init__(self, message)
        self.error = {"kind": kind, "classes": list(classes), "message": printable(message), "line": None}
        if code is not None:
            self.error["code"] = code


class LineTooLong(Exception):
    """The peer sent a line above the limit."""


# --- Looking at objects without trusting them ---


def printable(text, limit=MESSAGE_LIMIT):
    """The text without lone surrogates, which JSON readers refuse, and not too long."""
    if not issubclass(type(text), TEXT):
        text = text.decode("utf-8", "replace")
    return LONE_SURROGATE.sub(u"\ufffd", TEXT.__getitem__(text, slice(0, limit)))


def class_of(value):
    """The class of an object. The object itself is not asked, unless it has an old-style class of Python 2.7."""
    kind = type(value)
    return value.__class__ if kind is OLD_INSTANCE else kind


def chain_of(kind):
    """The class and its base classes, without `object`."""
    if issubclass(type(kind), type):
        chain = type.__dict__["__mro__"].__get__(kind)
        if chain is None:
            # Python 2.7 prepares some of its own types when they are used for the first time.
            chain = type.__getattribute__(kind, "__mro__")
    else:
        import inspect

        chain = inspect.getmro(kind)
    return [base for base in chain if base is not object]


def has_member(kind, name):
    """Whether a class or a base class defines the name."""
    return any(name in members_of(base) for base in chain_of(kind))


def members_of(kind):
    """What the class itself defines, without its base classes."""
    return type.__dict__["__dict__"].__get__(kind) if issubclass(type(kind), type) else kind.__dict__


def is_text(value):
    """Whether a value is text, and not an object of a derived class."""
    return type(value) is TEXT or type(value) is str


def short_name(kind):
    """The name of a class, or `?` if the class hides it."""
    try:
        if issubclass(type(kind), type):
            return printable(type.__dict__["__name__"].__get__(kind))
        return printable(kind.__name__)
    except:  # noqa: E722
        return u"?"


def full_name(kind):
    """The name of a class with its module. Python 2.7 and 3 have the same names for built-in classes here."""
    name = short_name(kind)
    try:
        module = printable(kind.__module__)
    except:  # noqa: E722
        return name
    if module in (u"exceptions", u"__builtin__"):
        module = u"builtins"
    return module + u"." + name


def describe(value):
    """A short text for people. It never fails, whatever the object does."""
    try:
        return printable(repr(value), DESCRIPTION_LIMIT)
    except:  # noqa: E722
        return u"an object without a description"


def raised():
    """The error message for the exception that is being handled. It must be called in an `except` block.

    Python 2.7 can raise instances of old-style classes, so the exception may have no relation to `BaseException`.
    """
    kind, value = sys.exc_info()[:2]
    try:
        classes = [full_name(base) for base in chain_of(kind)]
    except:  # noqa: E722
        classes = [full_name(kind)]
    message = u""
    for convert in (TEXT, str):
        try:
            message = printable(convert(value))
            break
        except:  # noqa: E722
            continue
    return {"kind": "raised", "classes": classes, "message": message, "line": None}


# --- Values ---


# Classes that no list has.
PLAIN = frozenset((bool, float, bytes, str, TEXT, list, tuple, dict, set, datetime.datetime) + INTEGERS)


class Encoder(object):
    """Turns one result into JSON values. It asks `handles` for a handle when it meets an object of a listed class."""

    def __init__(self, handles):
        self.handles = handles
        # The listed names of the classes in this result.
        self.names = {}
        self.values = 0
        self.size = 0

    def charge(self, size):
        """Counts the size of the result, so that a huge result is refused early."""
        self.size += size
        if self.size > LINE_LIMIT:
            raise Refusal("value", "The result is longer than 64 MiB.")

    def encode(self, value, depth=1):
        """Returns the JSON form of a value. Raises `Refusal` if the whole result must be refused."""
        self.values += 1
        if self.values > VALUE_LIMIT:
            raise Refusal("value", TOO_MANY_VALUES)
        if depth > NESTING_LIMIT:
            raise Refusal("value", "The result is nested deeper than %d levels, or contains itself." % NESTING_LIMIT)
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        # Most values have these types, and the checks below would take most of the time of a large result.
        if kind is TEXT:
            return self.text(value, value, kind)
        if kind is int and -2 ** 63 <= value < 2 ** 63:
            return value
        kind = class_of(value)
        if self.handles is not None and not (type(kind) is type and kind in PLAIN):
            name = self.class_name(kind)
            if name is not None:
                return self.handles.add(value, name, self)
        try:
            return self.encode_plain(value, kind, depth)
        except Refusal:
            raise
        except:  # noqa: E722
            # For example a time zone that raises: the value cannot be carried, but the call did succeed.
            return self.opaque(value, kind)

    def class_name(self, kind):
        """The listed name of a class. A result often has many objects of one class."""
        if type(kind) is not type:
            # Its metaclass may run its own code when the class is looked up.
            return self.handles.class_name(kind)
        if kind not in self.names:
            self.names[kind] = self.handles.class_name(kind)
        return self.names[kind]

    def encode_plain(self, value, kind, depth):
        """Encodes values of built-in types. The methods of subclasses are never called."""
        if not issubclass(type(kind), type):
            return self.opaque(value, kind)
        if issubclass(kind, INTEGERS):
            return self.integer(value, kind)
        if issubclass(kind, float):
            value = float.__pos__(value)
            if math.isnan(value) or math.isinf(value):
                return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
            return value
        if issubclass(kind, TEXT):
            return self.text(TEXT.__getitem__(value, slice(None)), value, kind)
        if issubclass(kind, (bytes, bytearray, memoryview)):
            return self.octets(value, kind)
        if issubclass(kind, dict):
            return self.mapping(value, depth)
        for base in SEQUENCES:
            if issubclass(kind, base):
                if base.__len__(value) > VALUE_LIMIT:
                    raise Refusal("value", TOO_MANY_VALUES)
                return [self.encode(item, depth + 1) for item in base.__iter__(value)]
        for base in (set, frozenset):
            if issubclass(kind, base):
                return {"$set": [self.encode(item, depth + 1) for item in list(base.__iter__(value))]}
        # A datetime is also a date, so it comes first.
        for base in (datetime.datetime, datetime.date, datetime.time):
            if issubclass(kind, base):
                return {"$" + base.__name__: printable(base.isoformat(value))}
        return self.opaque(value, kind)

    def integer(self, value, kind):
        value = (int if issubclass(kind, int) else INTEGER).__pos__(value)
        if -2 ** 63 <= value < 2 ** 63:
            return value
        if value.bit_length() > DIGIT_LIMIT * 3:
            return {"$type": full_name(kind), "text": "an integer of %d bits" % value.bit_length()}
        return {"$int": "%d" % value}

    def text(self, text, value, kind):
        if not is_ascii(text) and LONE_SURROGATE.search(text):
            return self.opaque(value, kind)
        self.charge(len(text))
        return text

    def octets(self, value, kind):
        if PYTHON_2 and issubclass(kind, bytes):
            # `str` of Python 2.7 is used for text and for bytes. What is valid UTF-8 is text.
            plain = bytes.__getitem__(value, slice(None))
            try:
                return self.text(plain.decode("utf-8"), value, kind)
            except UnicodeDecodeError:
                pass
        elif issubclass(kind, memoryview):
            plain = value.tobytes()
        else:
            plain = (bytes if issubclass(kind, bytes) else bytearray).__getitem__(value, slice(None))
        self.charge(len(plain) * 4 // 3)
        return {"$bytes": base64.b64encode(bytes(plain)).decode("ascii")}

    def mapping(self, value, depth):
        pairs = [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in list(dict.items(value))]
        if all(issubclass(type(key), (TEXT, str)) and not key.startswith("$") for key, _ in pairs):
            plain = dict(pairs)
            if len(plain) == len(pairs):
                return plain
        return {"$map": pairs}

    def opaque(self, value, kind):
        """The place of a value that cannot be carried. Generators and the like are refused: they hold no value yet."""
        for name in ("__next__", "__await__", "__anext__") + (("next",) if PYTHON_2 else ()):
            if has_member(kind, name):
                message = u"The result contains a %s, which has no value before it is run." % full_name(kind)
                raise Refusal("value", message)
        text = describe(value)
        self.charge(len(text))
        return {"$type": full_name(kind), "text": text}


MOMENT = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d))?[T ]?"
    r"(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$"
)


class Offset(datetime.tzinfo):
    """A fixed distance from UTC. Python 2.7 has no class for that."""

    def __init__(self, minutes=0):
        datetime.tzinfo.__init__(self)
        self.minutes = minutes

    def utcoffset(self, _moment):
        return datetime.timedelta(minutes=self.minutes)

    def dst(self, _moment):
        return None

    def tzname(self, _moment):
        sign = "-" if self.minutes < 0 else "+"
        return "UTC%s%02d:%02d" % ((sign,) + divmod(abs(self.minutes), 60))

    def __getinitargs__(self):
        return (self.minutes,)


def zone(text):
    if text is None:
        return None
    minutes = 0
    if text != "Z":
        minutes = int(text[1:3]) * 60 + int(text[-2:])
        minutes = -minutes if text[0] == "-" else minutes
    if hasattr(datetime, "timezone"):
        return datetime.timezone(datetime.timedelta(minutes=minutes))
    return Offset(minutes)


def moment(tag, text):
    """A date, a time or both from ISO 8601 text."""
    match = MOMENT.match(text)
    if match is None:
        raise ValueError("this is not ISO 8601")
    parts = match.groups()
    day = tuple(int(part) for part in parts[:3]) if parts[0] else None
    clock = None
    if parts[3]:
        fraction = int(((parts[6] or "") + "000000")[:6])
        clock = (int(parts[3]), int(parts[4]), int(parts[5] or 0), fraction, zone(parts[7]))
    if tag == "$datetime" and day and clock:
        return datetime.datetime(*(day + clock))
    if tag == "$date" and day and not clock:
        return datetime.date(*day)
    if tag == "$time" and clock and not day:
        return datetime.time(*clock)
    raise ValueError("a part is missing or is too much")


def decode(value, handles, depth=1):
    """Returns the Python value of an argument. Raises `Refusal` if there is none."""
    if depth > NESTING_LIMIT:
        raise Refusal("value", "An argument is nested deeper than %d levels." % NESTING_LIMIT)
    if isinstance(value, TEXT):
        return native(value)
    if isinstance(value, list):
        return [decode(item, handles, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    tags = [key for key in value if key.startswith("$")]
    if not tags:
        return dict((native(key), decode(item, handles, depth + 1)) for key, item in value.items())
    tag = tags[0]
    if tag == "$handle":
        return handles.find(value)[0]
    if len(value) != 1:
        raise Refusal("value", "An argument mixes a form such as $bytes with other keys.")
    try:
        return decode_tagged(tag, value[tag], handles, depth)
    except Refusal:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, binascii.Error) as error:
        raise Refusal("value", u"An argument of the form %s is not valid: %s" % (tag, describe(error)))


def decode_tagged(tag, content, handles, depth):
    if tag == "$int":
        if not re.match(r"-?\d{1,%d}$" % DIGIT_LIMIT, content):
            raise ValueError("only digits are allowed, and not too many")
        return int(content)
    if tag == "$float":
        return {"nan": float("nan"), "inf": float("inf"), "-inf": -float("inf")}[content]
    if tag == "$bytes":
        plain = base64.b64decode(content.encode("ascii"))
        if base64.b64encode(plain).decode("ascii") != content:
            raise ValueError("this is not Base64")
        return plain
    if tag == "$map":
        pairs = [decode(pair, handles, depth + 1) for pair in content]
        return dict((key, item) for key, item in pairs)
    if tag == "$set":
        return set(decode(item, handles, depth + 1) for item in content)
    if tag == "$tuple":
        return tuple(decode(item, handles, depth + 1) for item in content)
    if tag in ("$datetime", "$date", "$time"):
        return moment(tag, content)
    raise Refusal("value", u"The form %s is not known." % tag)


def native(text):
    """Text as the functions of this Python expect it.

    Many functions of Python 2.7 accept only `str`, which is equal to `unicode` as long as it is ASCII.
    """
    if PYTHON_2:
        try:
            return text.encode("ascii")
        except UnicodeEncodeError:
            pass
    return text


class Handles(object):
    """The objects that the other side may use. They live until they are freed or the session ends."""

    def __init__(self, classes):
        self.classes = classes
        self.objects = {}
        # The numbers of the objects in the result that is being built.
        self.new = []

    def class_name(self, kind):
        """The listed name of a class or of its nearest listed base class."""
        if not self.classes:
            return None
        for base in chain_of(kind):
            for name in (full_name(base), short_name(base)):
                if name in self.classes:
                    return name
        return None

    def add(self, value, name, encoder):
        """Stores an object. The listed getters are called once, and a getter that fails is left out."""
        if len(self.objects) >= HANDLE_LIMIT:
            raise Refusal("handle", "More than %d objects are in use." % HANDLE_LIMIT)
        number = next(HANDLE_NUMBERS)
        self.objects[number] = (value, name)
        self.new.append(number)
        encoder.charge(64)
        snapshot = {}
        for getter in self.classes[name]["snapshot"]:
            # An object in a snapshot gets no handle, because nothing would free it.
            inner = Encoder(None)
            try:
                member = getattr(value, str(getter))
                snapshot[getter] = inner.encode(member() if callable(member) else member)
            except:  # noqa: E722
                continue
            encoder.charge(inner.size + len(getter))
            encoder.values += inner.values
        return {"$handle": number, "class": name, "snapshot": snapshot}

    def find(self, form):
        """Returns the object and the name of its class."""
        number = form.get("$handle") if isinstance(form, dict) else form
        if not isinstance(number, INTEGERS) or number not in self.objects:
            raise Refusal("handle", "The object was freed, or belongs to another session.")
        return self.objects[number]

    def free(self, numbers):
        for number in numbers:
            self.objects.pop(number, None)

    def undo(self):
        """Drops the handles of a result that is not sent."""
        self.free(self.new)


# --- Requests ---


def safe_get(value, name):
    """A pair: whether there is such a member, and the member. A member that raises counts as missing."""
    try:
        return True, getattr(value, str(name))
    except:  # noqa: E722
        return False, None


def listed(names):
    """A set of names that may be looked up. Private names are refused, even if the list has them."""
    if not isinstance(names, (list, tuple)):
        raise Refusal("value", "A list of names is not a list.")
    for name in names:
        if not re.match(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$", name):
            raise Refusal("refused", u"The name %s is not allowed." % name)
    return set(names)


class Surface(object):
    """What may be called: the checked content of an `open` message."""

    def __init__(self, message):
        self.module = message["module"]
        self.path = message.get("path") or []
        self.root = message.get("root") or []
        self.functions = listed(message.get("functions") or [])
        self.constants = listed(message.get("constants") or [])
        self.errors = message.get("errors") or None
        self.out = message.get("out") or {}
        self.classes = {}
        for name, entry in (message.get("classes") or {}).items():
            listed([name])
            snapshot = entry.get("snapshot") or []
            methods = listed(entry.get("methods") or [])
            listed(snapshot)
            self.classes[name] = {"snapshot": snapshot, "methods": methods, "module": entry.get("module")}
        # Each gate is a set of names. A function may be called if all gates have it.
        self.gates = [set(message.get("reads") or [])] if message.get("read_only") else []

    def limited_to(self, allowed):
        """This surface, without everything that another surface does not have.

        The module, the way to its root and the rules of its results are those of the other surface.
        """
        if self.module != allowed.module:
            raise Refusal("refused", "This program offers another module.")
        self.path, self.root, self.errors, self.out = [], allowed.root, allowed.errors, allowed.out
        self.functions &= allowed.functions
        self.constants &= allowed.constants
        for name in list(self.classes):
            entry, limit = self.classes[name], allowed.classes.get(name)
            if limit is None:
                del self.classes[name]
                continue
            entry["snapshot"] = [getter for getter in entry["snapshot"] if getter in limit["snapshot"]]
            entry["methods"] &= limit["methods"]
            entry["module"] = limit["module"]
        self.gates += allowed.gates
        return self

    def check_gates(self, names):
        for gate in self.gates:
            if not gate.intersection(names):
                raise Refusal("refused", u"%s is refused, because this session only reads." % names[0])


def add_paths(paths):
    """Puts folders in front of the module search path, in their order."""
    encoded = []
    for path in paths:
        if os.name != "nt":
            # With an ASCII locale, Python's own conversion would refuse other characters.
            plain = path if isinstance(path, bytes) else path.encode("utf-8", "surrogateescape" if not PYTHON_2 else "strict")
            path = plain if PYTHON_2 else os.fsdecode(plain)
        encoded.append(path)
    sys.path[:0] = encoded


def load(name, root, entered=None):
    """Imports the module and follows the steps to the object that has the functions. Returns both.

    Context managers that a step enters are added to `entered`. Somebody must leave them.
    """
    if not re.match(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$", name):
        raise Refusal("value", "This is not the name of a module.")
    module = importlib.import_module(str(name))
    value = module
    for step in root or []:
        if "get" in step:
            names = step["get"] if isinstance(step["get"], list) else [step["get"]]
            listed(names)
            for candidate in names:
                found, member = safe_get(value, candidate)
                if found:
                    break
            else:
                raise Refusal("missing", u"The module has none of these: %s." % u", ".join(names))
            value = member
        elif "call" in step:
            value = value(*[decode(argument, None) for argument in step["call"]])
        elif "enter" in step and entered is not None:
            value.__enter__()
            entered.append(value)
        else:
            raise Refusal("value", "A step to the root is neither get, call nor enter.")
    return module, value


def version_of(module):
    """The version that the module states, as text, or nothing."""
    for name in ("__version__", "VERSION", "BUILD_VERSION", "version"):
        found, value = safe_get(module, name)
        if not found:
            continue
        if is_text(value) and value:
            return printable(value)
        if type(value) is tuple and value and all(is_text(part) or type(part) is int for part in value):
            return printable(u".".join(TEXT(part) for part in value))
    return None


def python_version():
    return "%d.%d.%d" % sys.version_info[:3]


class Session(object):
    """Answers the messages of one client. `opened` is false before the first message."""

    def __init__(self, allowed=None):
        self.allowed = allowed
        self.opened = False
        # Whether the function of the current request was called.
        self.ran = False
        self.surface = self.module = self.root = None
        self.handles = Handles({})
        self.entered = []

    def leave(self):
        """Frees the objects and leaves the context managers. What these raise is ignored, because no call waits."""
        self.handles.objects.clear()
        while self.entered:
            try:
                self.entered.pop().__exit__(None, None, None)
            except:  # noqa: E722
                pass

    def open(self, message):
        """Answers the first message with `hello` or `failed`."""
        try:
            surface = Surface(message["open"])
            if self.allowed is not None:
                surface.limited_to(self.allowed)
            self.surface = surface
            add_paths(surface.path)
            self.module, self.root = load(surface.module, surface.root, self.entered)
            self.handles = Handles(surface.classes)
            missing = [name for name in sorted(surface.functions) if not self.resolve(name)[0]]
        except Refusal as refusal:
            return {"failed": refusal.error}
        except:  # noqa: E722
            return {"failed": raised()}
        self.opened = True
        path = safe_get(self.module, "__file__")[1]
        hello = {
            "bridge": PROTOCOL,
            "python": python_version(),
            "module": surface.module,
            "file": printable(path) if is_text(path) else None,
            "module_version": version_of(self.module),
            "missing": missing,
        }
        return {"hello": hello}

    def resolve(self, name):
        """Looks a listed name up from the root. Returns whether it is there, and the member."""
        value = self.root
        for part in name.split("."):
            found, value = safe_get(value, part)
            if not found:
                return False, None
        return True, value

    def answer(self, line):
        """Returns the answer to one line, as bytes, and whether the session goes on."""
        process = os.getpid()
        result = self.answer_here(line)
        if os.getpid() != process:
            # The function has made a copy of this process. Two processes must not answer.
            os._exit(0)
        return result

    def answer_here(self, line):
        number = None
        self.ran = False
        self.handles.new = []
        try:
            message = parse(line)
            if not self.opened:
                reply = self.open(message)
                return to_line(reply), self.opened
            if message.get("end"):
                return None, False
            number = message.get("id")
            if not isinstance(number, INTEGERS):
                number = None
            self.handles.free(message.get("free") or [])
            reply = to_line({"id": number, "ok": self.perform(message)})
            if len(reply) > LINE_LIMIT:
                raise Refusal("value", "The result is longer than 64 MiB.")
            return reply, True
        except Refusal as refusal:
            error = refusal.error
        except:  # noqa: E722
            # Only an invalid message leads here: the functions' own exceptions are caught where they are called.
            error = raised()
            error["kind"] = "value"
        self.handles.undo()
        if not self.opened:
            return to_line({"failed": error}), False
        if self.ran:
            # The call may have changed something, even if its result cannot be carried.
            error["ran"] = True
        return to_line({"id": number, "error": error}), True

    def perform(self, message):
        """Does what a request asks, and returns the JSON form of the result."""
        if message.get("ping"):
            return None
        if "constant" in message:
            return Encoder(self.handles).encode(self.constant(message["constant"]))
        out = {}
        if "call" in message:
            name = message["call"]
            if name not in self.surface.functions:
                raise Refusal("refused", u"%s is not in the list of functions." % name)
            self.surface.check_gates([name])
            found, function = self.resolve(name)
            if not found or not callable(function):
                raise Refusal("missing", u"This version of %s has no function %s." % (self.surface.module, name))
            out = self.surface.out.get(name) or {}
        elif "method" in message:
            value, kind = self.handles.find(message.get("on"))
            name = message["method"]
            entry = self.surface.classes[kind]
            if name not in entry["methods"]:
                raise Refusal("refused", u"%s is not in the list of methods of %s." % (name, kind))
            if name not in entry["snapshot"]:
                self.surface.check_gates([u"%s.%s" % (kind, name), name])
            found, function = safe_get(value, name)
            if not found:
                raise Refusal("missing", u"This object of the class %s has no method %s." % (kind, name))
        elif "new" in message:
            function = self.find_class(message["new"])
        else:
            raise Refusal("refused", "The bridge does not know this request.")
        return self.run(function, message, out)

    def run(self, function, message, out):
        arguments = [decode(argument, self.handles) for argument in message.get("args") or []]
        keywords = dict((str(key), decode(value, self.handles)) for key, value in (message.get("kwargs") or {}).items())
        created = []
        for position in sorted(out, key=int):
            if int(position) > len(arguments):
                raise Refusal("value", "An argument is missing before one that the function fills.")
            created.append(vendor(self.find_class(out[position]), [], {}))
            arguments.insert(int(position), created[-1])
        self.ran = True
        if not callable(function) and "method" in message and not arguments and not keywords:
            result = function
        else:
            result = vendor(function, arguments, keywords)
        # The arguments are not needed while the result is encoded.
        del arguments, keywords
        if self.errors_first() and "new" not in message:
            result = self.without_error(result)
        if created:
            result = created[0] if len(created) == 1 else created
        return Encoder(self.handles).encode(result)

    def errors_first(self):
        return bool(self.surface.errors and self.surface.errors.get("first"))

    def without_error(self, result):
        """Cuts a leading error object off a result. Raises `Refusal` if it reports an error."""
        several = type(result) is tuple or type(result) is list
        first = result[0] if several and result else result
        if first is None or any(type(first) is kind for kind in PLAIN):
            return result
        found, get_code = safe_get(first, self.surface.errors["code"])
        if not found or not callable(get_code):
            return result
        code = vendor(get_code, [], {})
        if not issubclass(type(code), INTEGERS) or not -2 ** 63 <= code < 2 ** 63:
            raise Refusal("value", "The code of an error object is not a number of 64 bits.")
        if code != 0:
            found, get_description = safe_get(first, self.surface.errors["description"])
            message = u""
            try:
                description = get_description() if callable(get_description) else get_description
                message = printable(description if is_text(description) else TEXT(description))
            except:  # noqa: E722
                pass
            raise Refusal("muster", message, int(code))
        if not several or len(result) == 1:
            return None
        return result[1] if len(result) == 2 else list(result[1:])

    def find_class(self, name):
        """A listed class, from the module that the list names."""
        entry = self.surface.classes.get(name)
        if entry is None:
            raise Refusal("refused", u"%s is not in the list of classes." % name)
        home = self.module
        if entry["module"]:
            home = vendor(importlib.import_module, [str(entry["module"])], {})
        for place in (home, self.root):
            found, kind = safe_get(place, name.rsplit(".", 1)[-1])
            if found and callable(kind):
                return kind
        raise Refusal("missing", u"The module has no class %s." % name)

    def constant(self, name):
        """A listed constant. It may be in the module, at its root, in a submodule or in a listed class."""
        if name not in self.surface.constants:
            raise Refusal("refused", u"%s is not in the list of constants." % name)
        first, _, rest = name.partition(".")
        if rest and "." not in rest:
            places = [member for found, member in (safe_get(self.module, first), safe_get(self.root, first)) if found]
            if first in self.surface.classes:
                places.append(self.find_class(first))
            else:
                try:
                    places.append(importlib.import_module("%s.%s" % (self.module.__name__, first)))
                except:  # noqa: E722
                    pass
        else:
            rest = name
            places = [self.module, self.root]
            for kind in sorted(self.surface.classes):
                try:
                    places.append(self.find_class(kind))
                except Refusal:
                    continue
        for place in places:
            found, value = safe_get(place, rest)
            if found:
                return value
        raise Refusal("missing", u"The module has no constant %s." % name)


def vendor(function, arguments, keywords):
    """Calls the module's code. Whatever it raises becomes a `Refusal`, also `SystemExit` and `KeyboardInterrupt`."""
    try:
        return function(*arguments, **keywords)
    except:  # noqa: E722
        error = raised()
    # The exception is not kept: its frames would keep the arguments alive.
    raise Refusal("raised", error["message"], classes=error["classes"])


# --- Lines ---


def refuse_constant(name):
    raise ValueError("%s is not JSON" % name)


# `json.loads` and `json.dumps` would make these for each line.
READER = json.JSONDecoder(parse_constant=refuse_constant)
WRITER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def parse(line):
    """The JSON object of one line."""
    try:
        message = READER.decode(line.decode("utf-8"))
    except:  # noqa: E722
        # Text that is nested too deep raises other exceptions than text that is not JSON.
        message = None
    if not isinstance(message, dict):
        raise Refusal("value", "A line is not a JSON object, or is nested too deep.")
    return message


def to_line(message):
    return WRITER.encode(message).encode("ascii") + b"\n"


class Lines(object):
    """Collects bytes and gives whole lines."""

    def __init__(self, limit):
        self.limit = limit
        self.parts = []
        self.size = 0
        self.ready = collections.deque()

    def feed(self, data):
        pieces = data.split(b"\n")
        for piece in pieces[:-1]:
            self.append(piece)
            self.ready.append(b"".join(self.parts))
            self.parts, self.size = [], 0
        self.append(pieces[-1])

    def append(self, piece):
        self.size += len(piece)
        if self.size > self.limit:
            raise LineTooLong()
        if piece:
            self.parts.append(piece)


# --- Standard input and output ---


class Utf8Errors(object):
    """Standard error for Python 2.7, whose own stream raises when it gets text that is not ASCII."""

    encoding = "utf-8"
    softspace = 0

    def write(self, data):
        if isinstance(data, TEXT):
            data = data.encode("utf-8")
        while data:
            try:
                data = data[os.write(2, data):]
            except OSError as error:
                if error.errno != errno.EINTR:
                    return

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    close = flush

    def isatty(self):
        return False

    def fileno(self):
        return 2


def private(descriptor):
    """A copy of a file descriptor that child processes do not get."""
    copy = os.dup(descriptor)
    if hasattr(os, "set_inheritable"):
        os.set_inheritable(copy, False)
    elif os.name != "nt":
        import fcntl

        fcntl.fcntl(copy, fcntl.F_SETFD, fcntl.fcntl(copy, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
    if os.name == "nt":
        import msvcrt

        msvcrt.setmode(copy, os.O_BINARY)
    return copy


def take_standard_streams():
    """Moves the pipes of the protocol away from where other code prints and reads. Returns both descriptors.

    Prints of Python code, of C code and of child processes then go to standard error. Reads get the end of the file.
    """
    try:
        os.fstat(2)
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        if null != 2:
            os.dup2(null, 2)
            os.close(null)
    incoming, outgoing = private(0), private(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    if PYTHON_2:
        sys.stderr = Utf8Errors()
    sys.stdout = sys.stderr
    return incoming, outgoing


def write_all(descriptor, data):
    view = memoryview(data)
    while len(view):
        try:
            view = view[os.write(descriptor, view[:1 << 20]):]
        except OSError as error:
            if error.errno != errno.EINTR:
                raise


def read_some(descriptor):
    while True:
        try:
            return os.read(descriptor, 1 << 16)
        except OSError as error:
            if error.errno != errno.EINTR:
                raise


def leave(status):
    """Ends the process at once. Threads of the module cannot keep it alive."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except:  # noqa: E722
            pass
    os._exit(status)


def end_with_reader(descriptor):
    """Ends the process when its answers can no longer be read, also while a function runs.

    The end of the input is only noticed between two functions. A parent that was killed has closed both pipes. Between two
    functions, the session then ends as usual, but not later than after a short time. Windows has no `poll`, so there the
    process ends after the function. A function of C that keeps Python's lock delays the end, too.
    """
    if not hasattr(select, "poll"):
        return
    # On Python 2.7, the thread that imports this module counts as the main thread, also in a program that embeds Python.
    import threading

    # The module may replace what it finds in modules.
    watch, sleep = select.poll(), time.sleep
    # Errors are always reported.
    watch.register(descriptor, 0)

    def wait():
        if hasattr(signal, "pthread_sigmask"):
            # Signals are for the main thread, whose system calls they interrupt.
            # Later numbers are signals of the C library, about which Python 3.8 and later complain.
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        while True:
            try:
                if watch.poll():
                    sleep(ORPHAN_SECONDS)
                    os._exit(STATUS_BROKEN_STREAM)
            except (select.error, OSError) as error:
                if error.args[0] != errno.EINTR:
                    return

    watcher = threading.Thread(target=wait)
    watcher.daemon = True
    watcher.start()


def ignore_interrupts():
    """The parent decides when this process ends, also if the user presses Ctrl-C in their terminal."""
    try:
        signal.signal(signal.SIGINT, ignored_signal)
    except (ValueError, OSError):
        pass


def ignored_signal(_number, _frame):
    """A function, because programs that the module starts would inherit `SIG_IGN`."""


def forget_own_folder():
    """Removes the folder of this file from the search path: a module of another package may be named `bridge`, too."""
    if sys.path and os.path.abspath(sys.path[0]) == os.path.dirname(os.path.abspath(__file__)):
        del sys.path[0]


def serve():
    """Answers requests on standard input and output until the input ends, or the output is closed."""
    incoming, outgoing = take_standard_streams()
    end_with_reader(outgoing)
    forget_own_folder()
    ignore_interrupts()
    session, lines, status = Session(), Lines(LINE_LIMIT), 0
    going = True
    while going:
        try:
            while going and not lines.ready:
                data = read_some(incoming)
                going = bool(data)
                lines.feed(data)
            while going and lines.ready:
                reply, going = session.answer(lines.ready.popleft())
                # The module's code may have installed another handler, which must not interrupt the next write.
                ignore_interrupts()
                if reply is not None:
                    write_all(outgoing, reply)
                if not going and not session.opened:
                    status = STATUS_FAILED_OPEN
        except (LineTooLong, EnvironmentError, KeyboardInterrupt):
            # After an interrupt it is not known how much of a line was read or written.
            status, going = STATUS_BROKEN_STREAM, False
    session.leave()
    leave(status)


# --- The loopback socket in a program that embeds Python ---

HANDSHAKE_SECONDS = 5
STALL_SECONDS = 60
HANDSHAKE_LINE_LIMIT = 1024
LOOPBACK = "127.0.0.1"
WOULD_BLOCK = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR, getattr(errno, "WSAEWOULDBLOCK", errno.EAGAIN))


def same(left, right):
    """Compares two texts of ASCII characters in constant time."""
    left, right = left.encode("ascii", "replace"), right.encode("ascii", "replace")
    if hasattr(hmac, "compare_digest"):
        return hmac.compare_digest(left, right)
    difference = len(left) ^ len(right)
    for one, other in zip(bytearray(left), bytearray(right)):
        difference |= one ^ other
    return difference == 0


def wait_for(read, write, seconds):
    """Waits until a socket is ready. Returns two lists: the sockets to read, and those to write."""
    try:
        if not hasattr(select, "poll"):
            return select.select(read, write, [], max(seconds, 0))[:2]
        # `select` fails on descriptors above 1023, which a large program has.
        poll, masks = select.poll(), {}
        for sockets, flag in ((read, select.POLLIN), (write, select.POLLOUT)):
            for each in sockets:
                masks[each.fileno()] = masks.get(each.fileno(), 0) | flag
        for descriptor, mask in masks.items():
            poll.register(descriptor, mask)
        events = dict(poll.poll(max(int(math.ceil(seconds * 1000)), 0)))
        readable = [each for each in read if events.get(each.fileno(), 0) & ~select.POLLOUT]
        return readable, [each for each in write if events.get(each.fileno(), 0) & ~select.POLLIN]
    except (select.error, OSError) as error:
        if error.args and error.args[0] == errno.EINTR:
            return [], []
        raise


def read_token(path):
    """The secret of the token file: 32 bytes. Raises `ValueError` if somebody else could know it."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("the token file is not a regular file")
        # Windows has no such modes. There, the folder of a user's profile keeps other users away.
        if os.name != "nt":
            if facts.st_mode & 0o077:
                raise ValueError("other users may open the token file; its mode must be 0600")
            if facts.st_uid != os.geteuid():
                raise ValueError("the token file belongs to another user")
        content = os.read(descriptor, 256).strip()
    finally:
        os.close(descriptor)
    if not re.match(br"[0-9a-fA-F]{64}$", content):
        raise ValueError("the token file must contain 64 hexadecimal digits")
    return binascii.unhexlify(content)


class Client(object):
    """The connection of one client: a handshake, then the messages of a session."""

    def __init__(self, connection, token, allowed):
        self.connection = connection
        self.token = token
        self.session = Session(allowed)
        self.lines = Lines(HANDSHAKE_LINE_LIMIT)
        self.output, self.sent = b"", 0
        self.nonces = None
        self.trusted = False
        self.closing = False
        self.progress = now()

    def proof(self, role):
        text = (role + self.nonces[0] + self.nonces[1]).encode("ascii")
        return hmac.new(self.token, text, hashlib.sha256).hexdigest()

    def step(self, readable, writable):
        """Reads or writes a part, and answers at most one line. Returns whether the connection goes on."""
        if writable:
            self.sent += self.connection.send(self.output[self.sent:self.sent + (1 << 18)])
            self.progress = now()
            if self.sent == len(self.output):
                self.output, self.sent = b"", 0
        if readable and not self.lines.ready:
            # The client may send its first message together with its proof, which raises the limit. So before that, the
            # rest stays in the socket.
            data = self.connection.recv(1 << 18 if self.trusted else HANDSHAKE_LINE_LIMIT - self.lines.size)
            if not data:
                return False
            if self.trusted:
                self.progress = now()
            self.lines.feed(data)
        if not self.output and not self.closing and self.lines.ready:
            line = self.lines.ready.popleft()
            reply = self.answer(line) if self.trusted else self.handshake(line)
            self.output = reply or b""
            self.progress = now()
        return bool(self.output) or not self.closing

    def handshake(self, line):
        """Answers a line of the handshake. A wrong line closes the connection without a word."""
        message = parse(line)
        if self.nonces is None:
            nonce = message.get("nonce")
            if message.get("hello") != PROTOCOL or not re.match(r"[0-9a-f]{32,64}$", nonce):
                raise ValueError("the first line is not right")
            self.nonces = (nonce, TEXT(binascii.hexlify(os.urandom(16)).decode("ascii")))
            return to_line({"nonce": self.nonces[1], "proof": self.proof(u"server")})
        if not same(message["proof"], self.proof(u"client")):
            raise ValueError("the proof is wrong")
        self.trusted = True
        self.lines.limit = LINE_LIMIT
        return None

    def answer(self, line):
        reply, going = self.session.answer(line)
        self.closing = not going
        return reply

    def late(self):
        """Whether the client has been silent for too long in the middle of something."""
        if not self.trusted:
            return now() - self.progress > HANDSHAKE_SECONDS
        return bool(self.output or self.lines.size) and now() - self.progress > STALL_SECONDS

    def close(self):
        self.session.leave()
        self.connection.close()


class Pump(object):
    """A listener on the loopback address. It works only while `pump` runs, in the thread that calls `pump`.

    `surface` has the keys of an `open` message. A client cannot reach anything beyond it. With `read_only`, a client can
    only call the functions in `reads` of the surface and in `allow`. If the token file is missing or unsafe, the pump
    stays off: `problem` then says why, and `pump` does nothing.
    """

    def __init__(self, token_file, surface, port=0, read_only=True, allow=()):
        self.problem = self.listener = self.client = self.port = None
        self.busy = False
        self.port_file = token_file + ".port"
        try:
            self.allowed = Surface(surface)
            reads = set(surface.get("reads") or []) | set(allow)
            self.allowed.gates = [reads] if read_only or surface.get("read_only") else []
            self.token = read_token(token_file)
            self.listen(port)
        except Exception:
            self.close()
            self.problem = raised()["message"]

    def listen(self, port):
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        private_socket(self.listener)
        if os.name == "nt":
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((LOOPBACK, port))
        self.listener.listen(4)
        self.port = self.listener.getsockname()[1]
        draft = self.port_file + ".new"
        if os.path.lexists(draft):
            os.remove(draft)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, ("%d\n" % self.port).encode("ascii"))
        finally:
            os.close(descriptor)
        if os.name == "nt" and os.path.lexists(self.port_file):
            os.remove(self.port_file)
        os.rename(draft, self.port_file)

    def forget_port(self):
        """Removes the file with the port, unless another program has written its own port there."""
        try:
            with open(self.port_file) as port_file:
                if port_file.read(16).strip() == "%d" % self.port:
                    os.remove(self.port_file)
        except (OSError, IOError):
            pass

    def pump(self, seconds=0.005):
        """Serves clients for at most these seconds. Only a called function can make it longer.

        A call from within a called function returns at once.
        """
        if self.listener is None or self.busy:
            return
        self.busy = True
        try:
            end = now() + seconds
            # The clock of Python 2.7 may be set back meanwhile.
            while self.turn(min(end - now(), seconds)) and now() < end:
                pass
        finally:
            self.busy = False

    def turn(self, seconds):
        """Waits for one event and handles it. Returns whether something happened."""
        try:
            return self.handle_events(seconds)
        except Exception:
            # The reason is not told to the client: it may be a stranger.
            self.drop()
            return True

    def handle_events(self, seconds):
        client = self.client
        # While a client has not shown that it knows the token, others wait for their turn.
        read = [self.listener] if client is None or client.trusted else []
        write = []
        if client is not None:
            if client.output:
                write.append(client.connection)
            else:
                read.append(client.connection)
            if client.lines.ready and not client.output:
                seconds = 0
        readable, writable = wait_for(read, write, seconds)
        if client is not None:
            can_read, can_write = client.connection in readable, client.connection in writable
            ready = can_read or can_write or bool(client.lines.ready and not client.output)
            try:
                going = client.step(can_read, can_write) if ready else not client.late()
            except (socket.error, OSError) as error:
                going = error.errno in WOULD_BLOCK
            if not going:
                self.drop()
            if ready:
                # The event may be the first part of an end. Another client is accepted when this one is quiet.
                return True
        if self.listener in readable:
            self.accept()
        return bool(readable)

    def accept(self):
        try:
            connection, address = self.listener.accept()
        except (socket.error, OSError):
            return
        if address[0] != LOOPBACK or self.client is not None:
            connection.close()
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        private_socket(connection)
        self.client = Client(connection, self.token, self.allowed)

    def drop(self):
        if self.client is not None:
            client, self.client = self.client, None
            client.close()

    def close(self):
        """Ends the pump and removes the file with the port."""
        self.drop()
        if self.listener is not None:
            if self.port is not None:
                self.forget_port()
            self.listener.close()
            self.listener = None


def private_socket(each):
    """Keeps a socket from child processes and from waiting."""
    each.setblocking(False)
    if hasattr(each, "set_inheritable"):
        each.set_inheritable(False)
    elif os.name != "nt":
        import fcntl

        fcntl.fcntl(each.fileno(), fcntl.F_SETFD, fcntl.FD_CLOEXEC)


# --- The list of functions ---


PUBLIC_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
PARAMETER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def parameters_of(function):
    """The parameters of a function. Nothing if Python does not know them, or if a list cannot have their names."""
    found = known_parameters(function)
    if found is None or not all(PARAMETER_NAME.match(entry["name"]) for entry in found):
        return None
    return found


def known_parameters(function):
    import inspect

    try:
        if PYTHON_2:
            return old_parameters(function)
        found = []
        kinds = {"KEYWORD_ONLY": "keyword", "VAR_POSITIONAL": "var_positional", "VAR_KEYWORD": "var_keyword"}
        for parameter in inspect.signature(function).parameters.values():
            entry = {"name": parameter.name}
            if parameter.default is not parameter.empty:
                entry["default"] = default_text(parameter.default)
            for name, kind in kinds.items():
                if parameter.kind is getattr(inspect.Parameter, name):
                    entry["kind"] = kind
            found.append(entry)
        return found
    except:  # noqa: E722
        return None


def old_parameters(function):
    import inspect

    names, positional, keyword, defaults = inspect.getargspec(function)
    defaults = [default_text(default) for default in defaults or ()]
    first_default = len(names) - len(defaults)
    found = []
    for index, name in enumerate(names):
        entry = {"name": printable(name if isinstance(name, str) else repr(name))}
        if index >= first_default:
            entry["default"] = defaults[index - first_default]
        found.append(entry)
    if isinstance(function, types.MethodType):
        found = found[1:]
    found += [{"name": printable(positional), "kind": "var_positional"}] if positional else []
    return found + ([{"name": printable(keyword), "kind": "var_keyword"}] if keyword else [])


def default_text(value):
    """The text of a default value, without addresses in memory, which change with each run."""
    return re.sub(u" at 0x[0-9a-fA-F]+", u"", describe(value))


def doc_sha(function):
    """A digest of the documentation, to see that it has changed."""
    import inspect

    found, text = safe_get(function, "__doc__")
    if not found or not is_text(text):
        return None
    # Python 3.13 removes the indentation itself.
    text = inspect.cleandoc(printable(text))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def public_members(value):
    """The public names and members of an object. Its properties are not run."""
    try:
        names = sorted(set(name for name in dir(value) if PUBLIC_NAME.match(name)))
    except:  # noqa: E722
        names = []
    for name in names:
        if not is_module(value) and is_computed(value, name):
            continue
        found, member = safe_get(value, name)
        if found:
            yield name, member


def is_computed(value, name):
    """Whether reading a member runs code of the module: a property, or a descriptor that is written in Python."""
    chain = chain_of(class_of(value))
    if is_class(value):
        chain = chain_of(value) + chain
    for base in chain:
        members = members_of(base)
        if name in members:
            return is_computing(type(members[name]))
    return False


def is_computing(kind):
    """Whether a descriptor of this class runs code. Methods are descriptors, too, and run none."""
    import functools

    if issubclass(kind, property):
        return True
    if kind in (getattr(functools, "partialmethod", None), getattr(functools, "singledispatchmethod", None)):
        return False
    found = [members_of(base)["__get__"] for base in chain_of(kind) if "__get__" in members_of(base)]
    return bool(found) and type(found[0]) is types.FunctionType


def is_own(member, module):
    """Whether a function or class is from the module's package, and was not just imported there."""
    home = safe_get(member, "__module__")[1]
    if not is_text(home):
        return True
    top = module.__name__.split(".")[0].lstrip("_")
    return home.split(".")[0].lstrip("_") == top


def is_module(value):
    return isinstance(value, types.ModuleType)


def is_class(member):
    return issubclass(type(member), type) or (PYTHON_2 and isinstance(member, types.ClassType))


def is_constant(member):
    if type(member) is tuple:
        return all(is_constant(part) for part in member)
    return any(type(member) is kind for kind in (bool, float, str, TEXT, bytes) + INTEGERS)


def list_members(value, prefix, module, found):
    """Adds the functions, constants and classes of one object to the list."""
    import inspect

    for name, member in public_members(value):
        if is_constant(member):
            # An attribute of one object may be a password or the name of a user.
            if is_module(value) or safe_get(class_of(value), name)[0]:
                found["constants"][prefix + name] = Encoder(None).encode(member)
        elif is_class(member):
            if is_module(value) and is_own(member, module):
                list_class(name, member, found)
        elif inspect.isroutine(member) and is_own(member, module):
            entry = {"name": prefix + name, "parameters": parameters_of(member), "doc_sha": doc_sha(member)}
            found["functions"].append(entry)


def list_class(name, kind, found):
    methods = []
    for member_name, member in public_members(kind):
        if is_constant(member):
            found["constants"][name + "." + member_name] = Encoder(None).encode(member)
        elif callable(member) and not is_class(member):
            methods.append(member_name)
    found["classes"][name] = methods


def dump(options):
    """The list of the functions of a module, as a JSON object."""
    # Before the folders are added, because they may contain a file with this name.
    import inspect  # noqa: F401

    add_paths(options.path)
    module, root = load(options.module, json.loads(options.root) if options.root else None)
    found = {"functions": [], "constants": {}, "classes": {}}
    list_members(module, "", module, found)
    if root is not module:
        # The functions of the module are not called through the root.
        found["functions"] = []
        list_members(root, "", module, found)
    for name in sorted(set(part for part in options.objects.split(",") if part)):
        listed([name])
        present, value = safe_get(root, name)
        if not present:
            present, value = safe_get(module, name)
        if not present:
            value = importlib.import_module("%s.%s" % (module.__name__, name))
        list_members(value, name + ".", module, found)
    found["functions"].sort(key=lambda entry: entry["name"])
    found.update({
        "format": 1,
        "module": options.module,
        "version": version_of(module),
        "python": python_version(),
    })
    return found


def run_dump(options):
    _, outgoing = take_standard_streams()
    try:
        document = dump(options)
    except Refusal as refusal:
        error = refusal.error
    except:  # noqa: E722
        error = raised()
    else:
        text = json.dumps(document, sort_keys=True, indent=2, separators=(",", ": ")) + "\n"
        write_all(outgoing, text.encode("ascii"))
        leave(0)
    names = u" (%s)" % error["classes"][0] if error["classes"] else u""
    message = u"The functions of %s cannot be listed: %s%s\n" % (printable(options.module), error["message"], names)
    write_all(2, message.encode("ascii", "backslashreplace"))
    leave(STATUS_FAILED_DUMP)


def main():
    """Reads the command line."""
    if sys.argv[1:] == ["serve"]:
        # It ends the process.
        serve()
    import argparse

    parser = argparse.ArgumentParser(description="Lets another process call a fixed list of functions of one module.")
    modes = parser.add_subparsers(dest="mode", metavar="MODE")
    modes.add_parser("serve", help="answer requests on standard input and output")
    listing = modes.add_parser("dump", help="print the list of the functions of a module")
    listing.add_argument("module", metavar="MODULE")
    listing.add_argument("--path", action="append", default=[], metavar="FOLDER", help="a folder to search for modules")
    listing.add_argument("--root", metavar="STEPS", help="steps from the module to the object with the functions, as JSON")
    listing.add_argument("--objects", default="", metavar="NAMES", help="members whose functions are listed too: a,b")
    options = parser.parse_args()
    if options.mode != "dump":
        parser.error("choose serve or dump")
    run_dump(options)


if __name__ == "__main__":
    main()
