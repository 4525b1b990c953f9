"""Stands in for the Python package of JetStream. It is written from the documentation of the vendor.

The environment sets what differs between servers and versions:

JETSTREAM_VERSION: the version of the package, 1.9.0 or 2.9.0. Since 2.0 the class is called `JetStream`.
JETSTREAM_AUTH: `required` if only authenticated clients are accepted.
JETSTREAM_IDS: `numbers` if ids are numbers.
JETSTREAM_END: `failed manifest`, `suspended transfer` or `failed transfer` if all of them end like this.
JETSTREAM_JOURNAL: a file to which each connection and disconnection is written.

Time is virtual: every look at a request, a manifest or a transfer is one step.
"""

from . import constants
from .api import Api


class _Entry(object):
    def api(self, address=constants.DEFAULT_SERVER_ADDRESS, port=constants.DEFAULT_API_PORT):
        return Api(address, port)


globals()["Jetstream" if constants.VERSION < (2,) else "JetStream"] = _Entry
