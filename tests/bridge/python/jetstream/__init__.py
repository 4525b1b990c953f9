"""Stands in for the Python package of JetStream 1.9. It is written from the documentation of the vendor.

JETSTREAM_CLASS=JetStream gives the class its name of the 2.x versions. Time is virtual: every look at a manifest or a
transfer is one step.
"""

import os

from . import constants
from .api import Api


class _Entry(object):
    def api(self, address=constants.DEFAULT_SERVER_ADDRESS, port=constants.DEFAULT_API_PORT):
        return Api(address, port)


__version__ = "1.9.0"
globals()[os.environ.get("JETSTREAM_CLASS", "Jetstream")] = _Entry
