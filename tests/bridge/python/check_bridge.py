# -*- coding: utf-8 -*-
"""Checks bridge.py with the Python that runs this file: `python check_bridge.py BRIDGE`.

It prints one line for each check that failed, and one line with the number of checks. The exit status is 1 if one failed.
"""

from __future__ import print_function

import binascii
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
BRIDGE = os.path.abspath(sys.argv[1])
PYTHON_2 = sys.version_info[0] == 2
WINDOWS = os.name == "nt"
# A child that hangs is killed after this time, so that the check fails.
LIMIT_SECONDS = 120

JOB = {
    "snapshot": ["getName", "getPriority", "getParent", "getFile", "status"],
    "methods": ["getName", "setName", "getParent", "exits", "status", "getPriority"],
    "module": None,
}
FUNCTIONS = [
    "prints", "writes_to_descriptor", "starts_child", "child_descriptors", "reads_input", "floods_errors", "closes_output",
    "exits", "interrupts", "really_interrupts", "is_signalled", "dies", "leaves_thread", "forks", "raises", "raises_unprintable",
    "raises_old", "recurses", "raises_long", "echo", "kinds", "same", "moment_offset", "values", "enormous_integer",
    "lone_surrogate", "generator", "nested_generator", "long_text", "many_values", "contains_itself", "nested", "bad_moment",
    "bad_subclasses", "nasty", "nasty_class", "breaks_limits", "job", "jobs", "name_of", "alive", "old_job", "nasty_job",
    "first_alone", "first_one", "first_several", "first_list", "first_fails", "first_bad_error", "first_bad_code",
    "first_text_code", "first_long_code", "without_first", "overloaded", "fill", "fill_second", "fill_fails", "not_there", "LIMIT",
]
OPEN = {
    "module": "hostile",
    "path": [HERE],
    "root": None,
    "functions": FUNCTIONS,
    "constants": ["LIMIT", "NAMES", "kJobTypeJob", "kPriority", "MJob.kPriority", "gone"],
    "classes": {
        "MJob": JOB,
        "OldChild": {"snapshot": ["getName"], "methods": ["getName"], "module": None},
        "NastyJob": {"snapshot": ["getName"], "methods": ["getName"], "module": None},
        "MBoundaries": {"snapshot": ["getJobsCount"], "methods": ["getJobsCount"], "module": "hostile"},
        "MGone": {"snapshot": [], "methods": [], "module": None},
    },
    "errors": None,
    "out": {},
    "read_only": False,
    "reads": [],
}
ERRORS = {"first": True, "code": "getErrorCode", "description": "getDescription"}
OUT = {"fill": {"0": "MBoundaries"}, "fill_second": {"1": "MBoundaries"}, "fill_fails": {"0": "MBoundaries"}}


def opened(**changes):
    message = dict(OPEN)
    message.update(changes)
    return message


def equal(found, expected):
    if found != expected:
        raise AssertionError("found %r, expected %r" % (found, expected))


def has_kind(answer, kind):
    if answer.get("error", {}).get("kind") != kind:
        raise AssertionError("expected the kind %s: %s" % (kind, json.dumps(answer)[:500]))
    return answer["error"]


# --- Standard input and output ---


class Child(object):
    """A running `bridge.py serve`."""

    def __init__(self, surface, ascii_only=False, first=None):
        environment = dict(os.environ)
        if ascii_only:
            environment.update(PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, BRIDGE, "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self.errors = b""
        self.drain = threading.Thread(target=self.read_errors)
        self.drain.daemon = True
        self.drain.start()
        self.timer = threading.Timer(LIMIT_SECONDS, self.process.kill)
        self.timer.daemon = True
        self.timer.start()
        self.number = 0
        self.write(first if first is not None else json.dumps({"open": surface}).encode("ascii"))
        self.opening = self.read()

    def read_errors(self):
        self.errors = self.process.stderr.read()

    def write(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            return None
        line.decode("ascii")
        equal(line[-1:], b"\n")
        return json.loads(line.decode("ascii"))

    def ask(self, **request):
        self.number += 1
        request["id"] = self.number
        self.write(json.dumps(request).encode("ascii"))
        answer = self.read()
        if answer is not None:
            equal(answer["id"], self.number)
        return answer

    def call(self, name, *arguments, **more):
        return self.ask(call=name, args=list(arguments), **more)

    def result(self, name, *arguments, **more):
        answer = self.call(name, *arguments, **more)
        if "ok" not in answer:
            raise AssertionError("%s failed: %s" % (name, answer))
        return answer["ok"]

    def end(self):
        """Closes standard input. Returns the exit status and standard error."""
        self.process.stdin.close()
        rest = self.process.stdout.read()
        status = self.process.wait()
        self.drain.join(LIMIT_SECONDS)
        self.timer.cancel()
        self.process.stdout.close()
        self.process.stderr.close()
        equal(rest, b"")
        return status, self.errors


def with_child(**changes):
    """Runs a check with a child, in the usual and in an ASCII environment. The child must end well."""
    def wrap(check):
        def run():
            for ascii_only in (False, True):
                child = Child(opened(**changes), ascii_only)
                try:
                    if "hello" not in child.opening:
                        raise AssertionError("no hello: %r" % child.opening)
                    check(child)
                    equal(child.ask(ping=True)["ok"], None)
                    equal(child.end()[0], 0)
                finally:
                    child.timer.cancel()
                    if child.process.poll() is None:
                        child.process.kill()
                        child.process.wait()
        run.__name__ = check.__name__
        return run
    return wrap


@with_child()
def check_hello_states_versions_and_missing_functions(child):
    hello = child.opening["hello"]
    equal(hello["bridge"], 1)
    equal(hello["python"], "%d.%d.%d" % sys.version_info[:3])
    equal(hello["module"], "hostile")
    equal(hello["module_version"], "9.0.6")
    equal(hello["missing"], ["not_there"])
    equal(os.path.basename(hello["file"]).split(".")[0], "hostile")


def check_prints_never_reach_the_protocol():
    for ascii_only in (False, True):
        child = Child(opened(), ascii_only)
        equal(child.result("prints", u"caf\xe9 \u2028 \U0001f600"), "printed")
        equal(child.result("writes_to_descriptor"), "written")
        equal(child.result("starts_child"), "started")
        status, errors = child.end()
        equal(status, 0)
        for text in (b"when it is imported", b"written at import", b"not the answer", b'"raw"', b"from a child"):
            if text not in errors:
                raise AssertionError("%r is not in standard error" % text)


@with_child()
def check_children_do_not_get_the_pipes(child):
    # Descriptors that the test itself got from its parent are not counted against the bridge.
    inherited = subprocess.Popen(
        [sys.executable, "-c", "import os, sys; sys.path.insert(0, sys.argv[1]); import hostile; "
         "sys.stderr.write('\\n%d' % hostile.child_descriptors())", HERE],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE,
    ).communicate()[1].split()[-1]
    equal(child.result("child_descriptors"), int(inherited))


@with_child()
def check_input_is_empty_and_output_may_be_closed(child):
    equal(child.result("reads_input"), "")
    equal(child.result("floods_errors", 1000000), 1000000)
    equal(child.result("closes_output"), "closed")
    equal(child.result("echo", 1), 1)


@with_child()
def check_exits_of_functions_are_answers(child):
    error = has_kind(child.call("exits"), "raised")
    equal(error["classes"], ["builtins.SystemExit", "builtins.BaseException"])
    equal(error["message"], "3")
    error = has_kind(child.call("interrupts"), "raised")
    equal(error["classes"], ["builtins.KeyboardInterrupt", "builtins.BaseException"])
    equal(error["message"], "by the module")
    if not WINDOWS:
        equal(has_kind(child.call("really_interrupts"), "raised")["classes"][0], "builtins.KeyboardInterrupt")


def check_death_of_the_process_is_the_end_of_the_output():
    child = Child(opened())
    equal(child.call("dies", 17), None)
    equal(child.process.wait(), 17)
    child.end()


def check_a_signal_from_the_terminal_does_not_end_the_bridge():
    if WINDOWS:
        return
    import signal

    child = Child(opened())
    child.process.send_signal(signal.SIGINT)
    equal(child.result("echo", 1), 1)
    equal(child.result("is_signalled"), "not interrupted")
    equal(child.end()[0], 0)


@with_child()
def check_threads_do_not_keep_the_process(child):
    equal(child.result("leaves_thread"), "started")


@with_child()
def check_a_copy_of_the_process_does_not_answer(child):
    if hasattr(os, "fork"):
        equal(child.result("forks"), "parent")


def check_the_bridge_ends_during_a_call_when_nobody_reads_the_answer():
    if WINDOWS:
        return
    folder = tempfile.mkdtemp()
    try:
        for closes_output in (True, False):
            path = os.path.join(folder, str(closes_output))
            child = Child(opened(functions=["waits"]))
            child.write(json.dumps({"id": 1, "call": "waits", "args": [path]}).encode("ascii"))
            while not os.path.exists(path + ".started"):
                equal(child.process.poll(), None)
                time.sleep(0.005)
            child.process.stdin.close()
            if closes_output:
                child.process.stdout.close()
                equal(child.process.wait(), 4)
            else:
                # Whoever has only closed the input still waits for the answer.
                open(path, "w").close()
                equal(child.read(), {"id": 1, "ok": "waited"})
                equal(child.process.wait(), 0)
                child.process.stdout.close()
            child.timer.cancel()
            child.drain.join(LIMIT_SECONDS)
            child.process.stderr.close()
    finally:
        shutil.rmtree(folder)


def check_end_ends():
    child = Child(opened())
    child.write(b'{"end": true}')
    equal(child.read(), None)
    equal(child.end()[0], 0)


def check_end_of_input_before_the_first_line():
    process = subprocess.Popen([sys.executable, BRIDGE, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    equal(process.communicate()[0], b"")
    equal(process.returncode, 0)


def check_a_module_that_cannot_be_opened():
    def status_and_error(surface, first=None):
        child = Child(surface, first=first)
        status, _ = child.end()
        equal(status, 3)
        return child.opening["failed"]

    error = status_and_error(opened(module="no_such_module"))
    equal(error["kind"], "raised")
    if "builtins.ImportError" not in error["classes"]:
        raise AssertionError(error)
    equal(status_and_error(opened(module="no/module"))["kind"], "value")
    equal(status_and_error(opened(functions=["__import__"]))["kind"], "refused")
    equal(status_and_error(opened(functions=["os._exit"]))["kind"], "refused")
    equal(status_and_error(opened(root=[{"get": ["JetStream", "Jetstream"]}]))["kind"], "missing")
    equal(status_and_error(opened(root=[{"get": ["exits"]}, {"call": []}]))["classes"][0], "builtins.SystemExit")
    equal(status_and_error(None, b"not JSON")["kind"], "value")
    equal(status_and_error(None, b"[" * 100000)["kind"], "value")


@with_child(root=[{"get": ["gone", "connect"]}, {"call": ["localhost"]}], functions=["send.createManifest", "where"])
def check_functions_below_a_root(child):
    equal(child.result("where"), "localhost")
    equal(child.result("send.createManifest", "a", kwargs={"mappings": {"b": 1}}), ["a", {"b": 1}])
    has_kind(child.call("send"), "refused")
    has_kind(child.call("send.sleep"), "refused")


def check_context_managers_are_left_at_the_end():
    enter = [{"get": ["Guard"]}, {"call": []}, {"enter": True}]
    child = Child(opened(root=enter, functions=["is_entered"]))
    equal(child.result("is_entered"), True)
    status, errors = child.end()
    equal((status, b"the guard is left" in errors), (0, True))
    child = Child(opened(root=enter + [{"get": ["gone"]}]))
    status, errors = child.end()
    equal((status, b"the guard is left" in errors), (3, True))
    child = Child(opened(root=[{"enter": True}]))
    equal((child.end()[0], child.opening["failed"]["classes"][0]), (3, "builtins.AttributeError"))


@with_child()
def check_exceptions_keep_their_classes_and_message(child):
    error = has_kind(child.call("raises"), "raised")
    expected = ["hostile.Special", "hostile.Base", "builtins.ValueError"]
    equal(error["classes"], expected + (["builtins.StandardError"] if PYTHON_2 else [])
          + ["builtins.Exception", "builtins.BaseException"])
    equal(error["message"], u"caf\xe9 \u2028 \U0001f600")
    equal(error["line"], None)
    equal(has_kind(child.call("raises_unprintable"), "raised")["message"], "")
    error = has_kind(child.call("raises_old"), "raised")
    equal(error["message"], "old style")
    if PYTHON_2:
        equal(error["classes"], ["hostile.OldChild", "hostile.Old"])
    equal(len(has_kind(child.call("raises_long"), "raised")["message"]), 65536)
    classes = has_kind(child.call("recurses"), "raised")["classes"]
    if "builtins.RuntimeError" not in classes:
        raise AssertionError(classes)


@with_child()
def check_values_of_results(child):
    found = child.result("values")
    equal(found.pop("object")["$type"], "builtins.object")
    equal(found.pop("function")["$type"], "builtins.function")
    equal(found.pop("complex"), {"$type": "builtins.complex", "text": "1j"})
    equal(found, {
        "big": {"$int": "18446744073709551616"},
        "small": {"$int": "-9223372036854775809"},
        "most": 9223372036854775807,
        "nan": {"$float": "nan"},
        "inf": {"$float": "inf"},
        "minus": {"$float": "-inf"},
        "bytes": {"$bytes": "gP8="},
        "array": {"$bytes": "YWI="},
        "keys": {"$map": [[1, "one"]]},
        "dollar": {"$map": [["$handle", 7]]},
        "moment": {"$datetime": "2020-01-02T03:04:05"},
        "day": {"$date": "2020-01-02"},
        "clock": {"$time": "03:04:05"},
        "set": {"$set": [5]},
        "frozen": {"$set": [5]},
        "tuple": [1, 2],
        "text": u"caf\xe9 \u2028 \U0001f600 \x00",
        "ordered": {"a": 1},
        "range": [0, 1, 2],
        "true": True,
        "none": None,
    })


@with_child()
def check_values_that_cannot_be_carried(child):
    equal(child.result("enormous_integer")["text"], "an integer of 1000001 bits")
    first, second = child.result("lone_surrogate")
    name = "builtins.unicode" if PYTHON_2 else "builtins.str"
    equal(first["$type"], name)
    equal(second["$map"][0][0]["$type"], name)
    equal(child.result("bad_moment")["$type"], "datetime.datetime")
    equal(child.result("bad_subclasses"), ["text", 5, [1], {"a": 1}])
    equal(child.result("nasty"), [{"$type": "hostile.Nasty", "text": "an object without a description"}])
    equal([each["$type"] for each in child.result("nasty_class")], ["NastyClass", "hostile.NastyMeta"])


@with_child()
def check_results_that_are_refused(child):
    for name in ("generator", "nested_generator", "long_text", "contains_itself"):
        # The function has run, so it may have changed something.
        equal(has_kind(child.call(name), "value")["ran"], True)
    equal("ran" in has_kind(child.call("echo", {"$other": 1}), "value"), False)
    equal("ran" in has_kind(child.call("secret"), "refused"), False)
    equal("ran" in has_kind(child.call("not_there"), "missing"), False)
    if "ok" not in child.call("nested", 99):
        raise AssertionError("99 levels must be possible")
    has_kind(child.call("nested", 101), "value")
    has_kind(child.call("nested", 5000), "value")


@with_child()
def check_a_low_recursion_limit_does_not_break_the_bridge(child):
    answer = child.call("breaks_limits")
    if "ok" not in answer and answer["error"]["kind"] not in ("value", "raised"):
        raise AssertionError(answer)


@with_child()
def check_values_of_arguments(child):
    forms = [
        {"$int": "1180591620717411303424"},
        {"$float": "inf"},
        {"$bytes": "AP8="},
        {"$map": [[1, "one"], ["$x", 2]]},
        {"$datetime": "2020-01-02T03:04:05.6"},
        {"$date": "2020-01-02"},
        {"$time": "03:04"},
        {"$set": [1, 2]},
        {"a": [1, None]},
        u"caf\xe9",
        {"$tuple": [1, 2]},
    ]
    for number, form in enumerate(forms):
        if child.result("same", form, number) is not True:
            raise AssertionError("%r did not arrive" % form)
    equal(child.result("echo", {"$float": "nan"}), {"$float": "nan"})
    equal(child.result("moment_offset", {"$datetime": "2020-01-02T03:04:05-02:30"}), -9000.0)
    equal(child.result("moment_offset", {"$datetime": "2020-01-02T03:04:05Z"}), 0.0)
    equal(child.result("echo", 1, kwargs={"b": [2]}), [[1], {"b": [2]}])
    equal(child.result("kinds", "text"), ["str"])
    text = u"\U0001f600 \u2028 \x00 \\ \""
    equal(child.result("echo", text), text)
    equal(child.result("echo", 2 ** 63 - 1, -2 ** 63, 1.5, True, []), [2 ** 63 - 1, -2 ** 63, 1.5, True, []])


@with_child()
def check_arguments_that_are_refused(child):
    for form in (
        {"$int": "1e5"}, {"$int": 5}, {"$int": "9" * 5000}, {"$float": "big"}, {"$bytes": "?"}, {"$bytes": "YQ"},
        {"$map": [[1]]}, {"$map": [[[], 1]]}, {"$set": [[]]}, {"$date": "2020-13-01"}, {"$datetime": "2020-01-01"},
        {"$time": "soon"}, {"$type": "a.B"}, {"$other": 1}, {"$int": "1", "b": 2}, {"$datetime": None},
    ):
        has_kind(child.call("echo", form), "value")
    deep = 1
    for _ in range(150):
        deep = [deep]
    has_kind(child.call("echo", deep), "value")


@with_child()
def check_lines_that_are_not_requests(child):
    for line in (b"", b"nothing", b"[]", b'{"id": NaN}', b"\xff\xfe", b"[" * 200000, b'{"id": 5'):
        child.write(line)
        answer = child.read()
        equal(answer["id"], None)
        has_kind(answer, "value")
    has_kind(child.ask(), "refused")
    has_kind(child.ask(eval="1"), "refused")
    has_kind(child.ask(call="echo", args=5), "value")
    has_kind(child.ask(call="echo", args=[], free=5), "value")
    has_kind(child.ask(call=["echo"], args=[]), "value")


def check_a_line_above_the_limit_ends_the_bridge():
    child = Child(opened())
    try:
        for _ in range(66):
            child.process.stdin.write(b"x" * (1 << 20))
        child.process.stdin.flush()
    except (OSError, IOError):
        pass
    equal(child.process.wait(), 4)
    child.timer.cancel()


@with_child()
def check_only_listed_names_can_be_called(child):
    for name in ("secret", "os", "os.getcwd", "__init__", "MJob.__init__", "echo.__call__", "", "subprocess.call"):
        has_kind(child.call(name), "refused")
        has_kind(child.ask(constant=name), "refused")
        has_kind(child.ask(new=name, args=[]), "refused")
    has_kind(child.call("not_there"), "missing")
    has_kind(child.call("LIMIT"), "missing")
    has_kind(child.ask(new="MGone", args=[]), "missing")


@with_child()
def check_constants(child):
    equal(child.ask(constant="LIMIT")["ok"], 7)
    equal(child.ask(constant="NAMES")["ok"], ["a", "b"])
    equal(child.ask(constant="kJobTypeJob")["ok"], 3)
    equal(child.ask(constant="kPriority")["ok"], 11)
    equal(child.ask(constant="MJob.kPriority")["ok"], 11)
    has_kind(child.ask(constant="gone"), "missing")


@with_child()
def check_objects_are_handles(child):
    found = child.result("job", "first")
    number = found["$handle"]
    equal(found["class"], "MJob")
    parent = found["snapshot"].pop("getParent")
    equal(parent["$type"], "hostile.SpecialJob")
    equal(found["snapshot"], {"getName": "first", "status": 5})
    equal(child.result("name_of", found), "first")
    equal(child.ask(method="getName", on=number, args=[])["ok"], "first")
    equal(child.ask(method="setName", on=number, args=["second"])["ok"], None)
    equal(child.ask(method="getName", on={"$handle": number}, args=[])["ok"], "second")
    equal(child.ask(method="status", on=number, args=[])["ok"], 5)
    has_kind(child.ask(method="getPriority", on=number, args=[]), "raised")
    has_kind(child.ask(method="exits", on=number, args=[]), "raised")
    has_kind(child.ask(method="secret", on=number, args=[]), "refused")
    has_kind(child.ask(method="__class__", on=number, args=[]), "refused")
    for wrong in (number + 1000, -1, None, "1", [1], 1.5, {}):
        has_kind(child.ask(method="getName", on=wrong, args=[]), "handle")
    made = child.ask(new="MJob", args=["made"])["ok"]
    equal(made["snapshot"]["getName"], "made")
    equal(child.result("alive"), 2)
    equal(child.result("alive", free=[number, made["$handle"], 12345]), 0)
    has_kind(child.ask(method="getName", on=number, args=[]), "handle")
    has_kind(child.call("name_of", found), "handle")


@with_child()
def check_objects_of_odd_classes(child):
    old = child.result("old_job")
    equal((old["class"], old["snapshot"]), ("OldChild", {"getName": "old"}))
    nasty = child.result("nasty_job")
    equal((nasty["class"], nasty["snapshot"]), ("NastyJob", {}))
    has_kind(child.ask(method="getName", on=nasty["$handle"], args=[]), "missing")


@with_child(errors=ERRORS, out=OUT)
def check_errors_come_first(child):
    equal(child.result("first_alone"), None)
    equal(child.result("first_one"), 5)
    equal(child.result("first_several"), [1, 2])
    equal(child.result("first_list")[0]["class"], "MJob")
    equal(child.result("without_first"), [1, 2])
    equal(child.result("echo", []), [])
    equal(child.result("nasty_class")[0]["$type"].split(".")[-1], "NastyClass")
    equal(child.result("nasty")[0]["$type"], "hostile.Nasty")
    error = has_kind(child.call("first_fails"), "muster")
    equal((error["code"], error["message"]), (12, u"caf\xe9"))
    error = has_kind(child.call("first_bad_error"), "muster")
    equal((error["code"], error["message"]), (13, ""))
    has_kind(child.call("first_bad_code"), "raised")
    has_kind(child.call("first_text_code"), "value")
    equal(has_kind(child.call("first_long_code"), "value")["ran"], True)
    equal(child.result("overloaded", 1), 1)
    equal(child.result("overloaded", 1, 2), 2)


@with_child(errors=ERRORS, out=OUT)
def check_arguments_that_a_function_fills(child):
    found = child.result("fill")
    equal((found["class"], found["snapshot"]), ("MBoundaries", {"getJobsCount": 4}))
    equal(child.result("fill_second", 6)["snapshot"], {"getJobsCount": 6})
    has_kind(child.call("fill_second"), "value")
    equal(has_kind(child.call("fill_fails"), "muster")["code"], 3)


@with_child(read_only=True, reads=["job", "alive", "MJob.getParent"])
def check_a_session_that_only_reads(child):
    found = child.result("job", "a")
    has_kind(child.call("echo", 1), "refused")
    equal(child.ask(method="getName", on=found["$handle"], args=[])["ok"], "a")
    has_kind(child.ask(method="setName", on=found["$handle"], args=["b"]), "refused")
    equal(child.ask(method="getParent", on=found["$handle"], args=[])["ok"]["class"], "MJob")


class Module(object):
    """A module that is written for one check, in a folder of its own."""

    def __init__(self, text):
        self.folder = tempfile.mkdtemp()
        with open(os.path.join(self.folder, "below.py"), "wb") as module:
            module.write(text.encode("utf-8"))

    def open(self, *functions):
        return Child({"module": "below", "path": [self.folder], "functions": list(functions)})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)


def check_a_signal_while_an_answer_is_written_loses_nothing():
    if WINDOWS:
        return
    import signal

    text = (
        "import signal\n"
        "def wants_interrupts():\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    return 'x' * 3000000\n"
        "def echo(value):\n    return value\n"
    )
    with Module(text) as module:
        child = module.open("wants_interrupts", "echo")
        child.write(b'{"id": 1, "call": "wants_interrupts", "args": []}')
        # The pipe is shorter than the answer, so the bridge is still writing when its first byte is there.
        first = child.process.stdout.read(1)
        child.process.send_signal(signal.SIGINT)
        line = first + child.process.stdout.readline()
        equal(json.loads(line.decode("ascii"))["ok"], "x" * 3000000)
        child.number = 1
        equal(child.result("echo", 1), 1)
        equal(child.end()[0], 0)


def check_the_bridge_is_not_a_module_for_others():
    text = (
        "try:\n    import bridge\n    found = True\n"
        "except ImportError:\n    found = False\n"
        "def has_found():\n    return found\n"
    )
    with Module(text) as module:
        child = module.open("has_found")
        equal(child.result("has_found"), False)
        equal(child.end()[0], 0)


def check_an_object_that_changes_its_container_is_carried():
    text = (
        "things = {}\n"
        "class Thing(object):\n    def getName(self):\n        things[len(things)] = 1\n        return 'a'\n"
        "def all_things():\n    things['first'] = Thing()\n    return things\n"
    )
    with Module(text) as module:
        surface = {"module": "below", "path": [module.folder], "functions": ["all_things"],
                   "classes": {"Thing": {"snapshot": ["getName"], "methods": [], "module": None}}}
        child = Child(surface)
        equal(child.result("all_things")["first"]["snapshot"], {"getName": "a"})
        equal(child.end()[0], 0)


def check_folders_with_other_characters():
    folder = tempfile.mkdtemp()
    try:
        other = os.path.join(folder.decode("ascii") if PYTHON_2 else folder, u"caf\xe9 \u2028")
        plain = other if WINDOWS else other.encode("utf-8")
        os.mkdir(plain)
        name = u"below.py" if WINDOWS else b"below.py"
        with open(os.path.join(plain, name), "wb") as module:
            module.write(b"def answer():\n    return 42\n")
        for ascii_only in (False, True):
            child = Child({"module": "below", "path": [other], "functions": ["answer"]}, ascii_only)
            equal(child.result("answer"), 42)
            equal(child.end()[0], 0)
    finally:
        shutil.rmtree(folder)


# --- The list of functions ---


def run_dump(*arguments, **more):
    environment = dict(os.environ, **more)
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    process = subprocess.Popen(
        [sys.executable, BRIDGE, "dump"] + list(arguments),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    )
    output, errors = process.communicate()
    return process.returncode, output, errors


def check_dump():
    status, output, errors = run_dump("hostile", "--path", HERE, PYTHONIOENCODING="ascii", LC_ALL="C")
    equal(status, 0)
    if b"when it is imported" not in errors:
        raise AssertionError("the print of the module is lost")
    found = json.loads(output.decode("ascii"))
    equal(output.decode("ascii"), json.dumps(found, sort_keys=True, indent=2, separators=(",", ": ")) + "\n")
    equal(sorted(found), ["classes", "constants", "format", "functions", "module", "python", "version"])
    equal((found["format"], found["module"], found["version"]), (1, "hostile", "9.0.6"))
    names = [entry["name"] for entry in found["functions"]]
    equal(names, sorted(names))
    functions = dict((entry["name"], entry) for entry in found["functions"])
    equal(functions["echo"]["parameters"], [
        {"name": "args", "kind": "var_positional"},
        {"name": "kwargs", "kind": "var_keyword"},
    ])
    equal(functions["connect"]["parameters"], [{"name": "address"}, {"name": "limit", "default": "<object object>"}])
    equal(functions["generator"]["doc_sha"], None)
    equal(found["constants"]["LIMIT"], 7)
    equal(found["constants"]["NAMES"], ["a", "b"])
    equal(found["constants"]["MJob.kPriority"], 11)
    equal(found["classes"]["MError"], ["getDescription", "getErrorCode"])
    for name in ("MJob", "OldChild"):
        if "getName" not in found["classes"][name]:
            raise AssertionError(found["classes"][name])
    equal(run_dump("hostile", "--path", HERE)[1], output)


def check_dump_below_a_root():
    root = '[{"get": "Api"}, {"call": ["localhost"]}]'
    status, output, _ = run_dump("hostile", "--path", HERE, "--root", root, "--objects", "send")
    equal(status, 0)
    found = json.loads(output.decode("ascii"))
    equal([entry["name"] for entry in found["functions"]], ["send.createManifest", "send.sleep", "where"])
    first = found["functions"][0]
    equal(first["parameters"], [
        {"name": "name"},
        {"name": "mappings", "default": "None"},
        {"name": "args", "kind": "var_positional"},
        {"name": "kwargs", "kind": "var_keyword"},
    ])
    equal(first["doc_sha"], hashlib.sha256(b"Makes a manifest.").hexdigest())


def check_dump_runs_nothing_and_leaves_out_odd_names():
    text = (
        u"# -*- coding: utf-8 -*-\n"
        u"import functools, os\n"
        u"class Lazy(object):\n"
        u"    def __init__(self, function):\n        self.function = function\n"
        u"    def __get__(self, instance, owner=None):\n        os._exit(9)\n"
        u"class Property(property):\n    pass\n"
        u"class Meta(type):\n    computed = property(lambda kind: os._exit(9))\n"
        u"class Api(Meta('Base', (object,), {})):\n"
        u"    lazy = Lazy(None)\n"
        u"    special = Property(lambda self: os._exit(9))\n"
        u"    plain = property(lambda self: os._exit(9))\n"
        u"    def works(self, a):\n        pass\n"
        u"    @staticmethod\n    def static(b):\n        pass\n"
        u"    @classmethod\n    def of_class(cls, c):\n        pass\n"
        u"    def __getattr__(self, name):\n        raise AttributeError(name) if name[0] == '_' else os._exit(9)\n"
        u"api = Api()\n"
    )
    text += u"def odd((a, b), c):\n    pass\n" if PYTHON_2 else u"def odd(\xe4):\n    pass\ndef \xfcber():\n    pass\n"
    with Module(text) as module:
        status, output, errors = run_dump("below", "--path", module.folder, "--objects", "api,api")
        if status != 0:
            raise AssertionError((status, errors))
        found = json.loads(output.decode("ascii"))
        functions = dict((entry["name"], entry["parameters"]) for entry in found["functions"])
        equal(len(functions), len(found["functions"]))
        equal(functions, {
            "api.works": [{"name": "a"}],
            "api.static": [{"name": "b"}],
            "api.of_class": [{"name": "c"}],
            "odd": None,
        })
        equal(found["classes"]["Api"], ["of_class", "static", "works"])


def check_dump_of_c_functions():
    status, output, _ = run_dump("math")
    equal(status, 0)
    found = json.loads(output.decode("ascii"))
    if "sin" not in [entry["name"] for entry in found["functions"]]:
        raise AssertionError("C functions are missing")


def check_dump_that_fails():
    status, output, errors = run_dump("no_such_module")
    equal((status, output), (1, b""))
    if b"no_such_module" not in errors or b"Traceback" in errors:
        raise AssertionError(errors)
    equal(run_dump()[0], 2)


# --- The loopback socket ---

TOKEN = bytes(bytearray(range(32)))


class Host(object):
    """A program that embeds Python: it calls `pump` again and again."""

    def __init__(self, mode=0o600, token=None, surface=None, **options):
        import bridge

        self.folder = tempfile.mkdtemp()
        self.token_file = os.path.join(self.folder, "token")
        with open(self.token_file, "wb") as token_file:
            token_file.write(binascii.hexlify(TOKEN) + b"\n" if token is None else token)
        os.chmod(self.token_file, mode)
        self.pump = bridge.Pump(self.token_file, surface or opened(path=[]), **options)
        self.sockets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()
        self.pump.close()
        shutil.rmtree(self.folder)

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.pump.port))
        self.sockets.append(connection)
        return connection

    def receive(self, connection):
        """A line from the bridge, or nothing if it has closed the connection."""
        connection.setblocking(False)
        data = b""
        end = time.time() + LIMIT_SECONDS
        while time.time() < end:
            self.pump.pump(0.005)
            try:
                part = connection.recv(1 << 16)
            except (OSError, IOError) as error:
                import errno

                if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR):
                    continue
                return None
            if not part:
                return None
            data += part
            if data.endswith(b"\n"):
                return json.loads(data.decode("ascii"))
        raise AssertionError("no answer")

    def send(self, connection, message):
        data = message if isinstance(message, bytes) else json.dumps(message).encode("ascii") + b"\n"
        connection.setblocking(False)
        import errno

        while data:
            try:
                data = data[connection.send(data[:1 << 18]):]
            except (OSError, IOError) as error:
                if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR):
                    raise
                self.pump.pump(0.005)

    def ask(self, connection, message):
        self.send(connection, message)
        return self.receive(connection)

    def proof(self, role, nonces):
        return hmac.new(TOKEN, (role + "".join(nonces)).encode("ascii"), hashlib.sha256).hexdigest()

    def session(self, surface=None):
        """A connection after the handshake, and the answer to `open`."""
        connection = self.connect()
        nonces = ["ab" * 16]
        answer = self.ask(connection, {"hello": 1, "nonce": nonces[0]})
        nonces.append(answer["nonce"])
        equal(answer["proof"], self.proof("server", nonces))
        lines = [{"proof": self.proof("client", nonces)}, {"open": surface or opened()}]
        # Both lines are sent at once.
        data = b"".join(json.dumps(line).encode("ascii") + b"\n" for line in lines)
        return connection, self.ask(connection, data)


def check_pump_serves_a_client():
    with Host(read_only=False) as host:
        equal(host.pump.problem, None)
        with open(host.token_file + ".port") as port_file:
            equal(int(port_file.read()), host.pump.port)
        if not WINDOWS:
            equal(os.stat(host.token_file + ".port").st_mode & 0o777, 0o600)
        equal(host.pump.listener.getsockname()[0], "127.0.0.1")
        connection, answer = host.session()
        equal(answer["hello"]["module"], "hostile")
        equal(host.ask(connection, {"id": 1, "call": "echo", "args": [u"caf\xe9"]}), {"id": 1, "ok": u"caf\xe9"})
        equal(host.ask(connection, {"id": 2, "call": "exits", "args": []})["error"]["kind"], "raised")
        # Partial writes and reads of both sides.
        text = "x" * 3000000
        equal(host.ask(connection, {"id": 3, "call": "echo", "args": [text]}), {"id": 3, "ok": text})
        for part in (b'{"id": 4, "call"', b': "echo", ', b'"args": [5]}\n{"id": 5, "ping": true'):
            host.send(connection, part)
            for _ in range(3):
                host.pump.pump(0.001)
        equal(host.receive(connection), {"id": 4, "ok": 5})
        equal(host.ask(connection, b"}\n"), {"id": 5, "ok": None})
        job = host.ask(connection, {"id": 6, "call": "job", "args": ["a"]})["ok"]
        # Another client is turned away while this one is served.
        other = host.connect()
        equal(host.receive(other), None)
        equal(host.ask(connection, {"id": 7, "ping": True}), {"id": 7, "ok": None})
        equal(host.ask(connection, {"end": True}), None)
        # A handle of an earlier session is not valid, and its object is gone.
        connection, _ = host.session()
        answer = host.ask(connection, {"id": 1, "method": "getName", "on": job["$handle"], "args": []})
        has_kind(answer, "handle")
        equal(host.ask(connection, {"id": 2, "call": "alive", "args": []})["ok"], 0)
        port_file = host.token_file + ".port"
        host.pump.close()
        equal(os.path.exists(port_file), False)
        host.pump.pump(0.001)


def check_limits_of_values_and_handles():
    import bridge

    usual = bridge.VALUE_LIMIT, bridge.HANDLE_LIMIT
    # The limits are lower here, so that the check is fast.
    bridge.VALUE_LIMIT, bridge.HANDLE_LIMIT = 1000, 100
    try:
        with Host(read_only=False) as host:
            connection, _ = host.session()

            def call(name, *arguments, **more):
                return host.ask(connection, dict(more, id=1, call=name, args=list(arguments)))

            has_kind(call("many_values"), "value")
            has_kind(call("echo", [0] * 1001), "value")
            has_kind(call("echo", [[0] * 501] * 2), "value")
            equal(call("echo", [0] * 999)["ok"], [0] * 999)
            found = call("jobs", 95)["ok"]
            equal(len(found), 95)
            call("job", "last")
            has_kind(call("jobs", 10), "handle")
            # The objects of the refused result are gone, and the earlier ones are not.
            equal(call("alive")["ok"], 96)
            equal(call("alive", free=[each["$handle"] for each in found[:10]])["ok"], 86)
            equal(len(call("jobs", 10)["ok"]), 10)
    finally:
        bridge.VALUE_LIMIT, bridge.HANDLE_LIMIT = usual


def check_pump_closes_after_a_wrong_handshake():
    with Host() as host:
        import bridge

        for first in (b"GET / HTTP/1.1\r\n\r\n", b"{}\n", {"hello": 2, "nonce": "ab" * 16}, {"hello": 1, "nonce": 5},
                      {"hello": 1, "nonce": "ab"}, {"open": opened()}, b"x" * 2000, b'{"id": 1, "ping": true}\n'):
            connection = host.connect()
            equal(host.ask(connection, first), None)
        for proof in ("00" * 32, "", None, u"\xe9", []):
            connection = host.connect()
            host.ask(connection, {"hello": 1, "nonce": "ab" * 16})
            equal(host.ask(connection, {"proof": proof}), None)
        # The proof of the server is not a proof of the client.
        connection = host.connect()
        answer = host.ask(connection, {"hello": 1, "nonce": "ab" * 16})
        equal(host.ask(connection, {"proof": answer["proof"]}), None)
        # A silent client loses its place, and the next one waits for it.
        silent = host.connect()
        host.pump.pump(0.001)
        usual, bridge.HANDSHAKE_SECONDS = bridge.HANDSHAKE_SECONDS, 0
        try:
            equal(host.receive(silent), None)
        finally:
            bridge.HANDSHAKE_SECONDS = usual
        equal("hello" in host.session()[1], True)


def check_pump_drops_a_client_that_stalls():
    with Host() as host:
        import bridge

        connection, _ = host.session()
        host.send(connection, b'{"id": 1, ')
        host.pump.pump(0.001)
        usual, bridge.STALL_SECONDS = bridge.STALL_SECONDS, 0
        try:
            equal(host.receive(connection), None)
        finally:
            bridge.STALL_SECONDS = usual
        connection, _ = host.session()
        usual, bridge.LINE_LIMIT = bridge.LINE_LIMIT, 5000
        host.pump.client.lines.limit = 5000
        try:
            equal(host.ask(connection, b"x" * 10000), None)
        finally:
            bridge.LINE_LIMIT = usual


def check_pump_limits_what_a_client_asks_for():
    surface = opened(
        path=[], functions=["echo", "job", "alive"], constants=["LIMIT"], read_only=True, reads=["alive"],
        classes={"MJob": {"snapshot": ["getName"], "methods": ["getName", "setName"], "module": None}},
    )
    with Host(surface=surface, allow=["job"]) as host:
        before = list(sys.path)
        connection, answer = host.session(opened(path=["/nowhere"], reads=["echo"]))
        equal(answer["hello"]["missing"], [])
        equal(sys.path, before)
        for name, kind in (("echo", "refused"), ("values", "refused")):
            has_kind(host.ask(connection, {"id": 1, "call": name, "args": []}), kind)
        equal(host.ask(connection, {"id": 1, "call": "alive", "args": []})["ok"], 0)
        job = host.ask(connection, {"id": 1, "call": "job", "args": ["a"]})["ok"]
        equal(job["snapshot"], {"getName": "a"})
        for name in ("setName", "getParent"):
            has_kind(host.ask(connection, {"id": 1, "method": name, "on": job["$handle"], "args": []}), "refused")
        equal(host.ask(connection, {"id": 1, "constant": "LIMIT"})["ok"], 7)
        has_kind(host.ask(connection, {"id": 1, "constant": "NAMES"}), "refused")
        # The place of a client is free as soon as it is gone, even if it did not read its answer.
        host.send(connection, {"id": 1, "call": "alive", "args": []})
        connection.close()
        connection, answer = host.session(opened(module="os", functions=["getcwd"]))
        equal(answer["failed"]["kind"], "refused")
        equal(host.receive(connection), None)
        # A client may ask for less.
        connection, answer = host.session(opened(path=[], read_only=True, reads=[]))
        has_kind(host.ask(connection, {"id": 1, "call": "alive", "args": []}), "refused")


def check_pump_stays_off_without_a_safe_token():
    hexadecimal = binascii.hexlify(TOKEN)
    for options in ({"token": b""}, {"token": hexadecimal[:-2]}, {"token": b"zz" * 32}, {"token": hexadecimal + b"00"}):
        with Host(**options) as host:
            check_is_off(host)
    if not WINDOWS:
        for mode in (0o644, 0o660, 0o604):
            with Host(mode=mode) as host:
                check_is_off(host)
    import bridge

    check_problem = bridge.Pump(os.path.join(tempfile.gettempdir(), "no", "such", "file"), opened())
    equal(bool(check_problem.problem), True)
    if hasattr(os, "symlink") and not WINDOWS:
        with Host() as host:
            link = os.path.join(host.folder, "link")
            os.symlink(host.token_file, link)
            equal(bool(bridge.Pump(link, opened()).problem), True)


def check_is_off(host):
    equal(bool(host.pump.problem), True)
    equal(host.pump.port, None)
    equal(os.path.exists(host.token_file + ".port"), False)
    host.pump.pump(0.001)


def check_pump_runs_calls_in_its_own_thread():
    import hostile

    seen = []
    with Host(read_only=False) as host:
        usual = hostile.alive

        def nested():
            seen.append(threading.current_thread())
            # A callback of the host that is called while a function runs.
            host.pump.turn = lambda _seconds: seen.append("turn")
            host.pump.pump(10)
            del host.pump.turn
            return len(threading.enumerate())

        before = len(threading.enumerate())
        hostile.alive = nested
        try:
            connection, _ = host.session()
            equal(host.ask(connection, {"id": 1, "call": "alive", "args": []}), {"id": 1, "ok": before})
        finally:
            hostile.alive = usual
    equal(seen, [threading.current_thread()])


def check_pump_does_not_wait_longer_when_the_clock_is_set_back():
    import bridge

    waits, times = [], [1000.0]

    def wait_for(_read, _write, seconds):
        waits.append(seconds)
        times[0] -= 500
        return [], []

    usual = bridge.now, bridge.wait_for
    with Host() as host:
        bridge.now, bridge.wait_for = (lambda: times[0]), wait_for
        try:
            host.pump.turn = lambda seconds: (bridge.Pump.turn(host.pump, seconds), len(waits) < 3)[1]
            host.pump.pump(0.005)
        finally:
            bridge.now, bridge.wait_for = usual
    equal(len(waits), 3)
    equal(max(waits) <= 0.005, True)


def check_a_second_pump_leaves_the_port_of_the_first():
    import bridge

    with Host() as host:
        # The port is in use.
        second = bridge.Pump(host.token_file, opened(path=[]), port=host.pump.port)
        equal(bool(second.problem), True)
        with open(host.token_file + ".port") as port_file:
            equal(int(port_file.read()), host.pump.port)
        # A later program takes over, and the end of the earlier one does not hide it.
        third = bridge.Pump(host.token_file, opened(path=[]))
        host.pump.close()
        with open(host.token_file + ".port") as port_file:
            equal(int(port_file.read()), third.port)
        third.close()
        equal(os.path.exists(host.token_file + ".port"), False)


def check_pump_works_with_many_open_files():
    if WINDOWS:
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    files = []
    try:
        while not files or files[-1] < 1050:
            files.append(os.open(os.devnull, os.O_RDONLY))
        with Host() as host:
            equal("hello" in host.session()[1], True)
    finally:
        for each in files:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def check_fallback_of_the_comparison():
    import bridge

    class Without(object):
        pass

    usual, bridge.hmac = bridge.hmac, Without()
    try:
        for left, right, expected in (("ab", "ab", True), ("ab", "ac", False), ("ab", "abc", False), ("", "a", False)):
            equal(bridge.same(left, right), expected)
    finally:
        bridge.hmac = usual


def main():
    sys.dont_write_bytecode = True
    sys.path[:0] = [os.path.dirname(BRIDGE), HERE]
    checks = [(name, check) for name, check in sorted(globals().items()) if name.startswith("check_")
              and name != "check_is_off"]
    failed = 0
    for name, check in checks:
        if len(sys.argv) > 2 and sys.argv[2] not in name:
            continue
        try:
            check()
        except Exception:
            failed += 1
            sys.stderr.write("%s failed:\n%s\n" % (name, traceback.format_exc()))
    version = "%d.%d.%d" % sys.version_info[:3]
    print("Python %s: %d checks, %d failed" % (version, len(checks), failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
