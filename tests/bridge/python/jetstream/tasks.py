"""Requests, manifests and transfers of the stand-in. Time is virtual: every look is one step."""

import os
import threading

NUMBERS = os.environ.get("JETSTREAM_IDS") == "numbers"


class ApiError(Exception):
    """What the stand-in raises. The names of the exceptions of the vendor are not known."""


def new_id(number):
    """Ids are texts or numbers: the documentation shows both."""
    return number if NUMBERS else str(number)


def id_of(value, member):
    """Accepts a structure where an id is asked for, as the documentation shows."""
    return value[member] if isinstance(value, dict) else value


def find(table, value, member):
    key = id_of(value, member)
    if key not in table:
        raise ApiError("no such object")
    return table[key]


class Task(object):
    """A manifest or a transfer. Every look is one step; the last state stays."""

    def __init__(self, fixed, states):
        self.fixed = fixed
        self.states = states

    def look(self):
        if len(self.states) > 1:
            self.states.pop(0)
        return self.now()

    def now(self):
        found = dict(self.fixed)
        found.update(self.states[0])
        return found

    def finish(self):
        """Blocks until the task is not processed any more."""
        while self.states[0]["processing"]:
            if len(self.states) == 1:
                threading.Event().wait()
            self.states.pop(0)
        return self.now()


class Requests(object):
    """The requests of one connection. Every look at the status is one step."""

    def __init__(self, has_status):
        self.last = 0
        self.started = {}
        self.has_status = has_status

    def start(self, result, error="", looks=1):
        self.last += 1
        self.started[self.last] = [looks, result, error]
        return {"requestId": self.last}

    def status(self, request):
        """One page shows a status without an id, and another one an id without a status."""
        found = find(self.started, request, "requestId")
        busy = found[0] > 0
        found[0] -= busy
        answer = {"errorMessage": "" if busy else found[2], "processing": busy}
        if self.has_status:
            answer["status"] = "pending" if busy else "error" if found[2] else "complete"
        else:
            answer["requestId"] = id_of(request, "requestId")
        return answer

    def result(self, request):
        _, result, error = find(self.started, request, "requestId")
        if error:
            raise ApiError(error)
        return result
