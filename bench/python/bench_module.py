"""A module for the benchmarks of the bridge. Its functions do little, so that the cost of the bridge shows."""

import time


class Item(object):
    """An object that stays in Python."""

    def __init__(self, number):
        self.number = number

    def getNumber(self):
        return self.number


def add(left, right):
    return left + right


def records(count):
    """New records. 7,800 of them are about 1 MB of JSON."""
    return [
        {
            "id": number,
            "path": "/data/project/folder %d/file %d.bin" % (number % 100, number),
            "size": number * 1024.5,
            "done": number % 2 == 0,
            "owner": None,
            "tags": ["archive", "copy %d" % (number % 7)],
        }
        for number in range(count)
    ]


def items(count):
    return [Item(number) for number in range(count)]


def nanoseconds(name, arguments, calls):
    """The time of each call of a function without the bridge. Freeing the result is a part of the call."""
    function = globals()[name]
    times = []
    for _ in range(calls):
        began = time.perf_counter_ns()
        function(*arguments)
        times.append(time.perf_counter_ns() - began)
    return times
