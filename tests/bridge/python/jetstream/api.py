"""The three interfaces of the stand-in. The names of the exceptions are not those of the vendor, which are not known."""

from . import constants


class ApiError(Exception):
    """What the stand-in raises."""


def _id(value, member):
    """Accepts a structure where an id is asked for, as the documentation shows."""
    return value[member] if isinstance(value, dict) else value


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
        while self.states[0]["processing"]:
            if len(self.states) == 1:
                raise ApiError("the stand-in would wait for ever")
            self.states.pop(0)
        return self.now()


class Api(object):
    def __init__(self, address, port):
        self.address = address
        self.port = port
        self.connected = False
        self.server = Server(self)
        self.send = Send(self)
        self.recv = Recv(self)

    def connect(self):
        if self.address == "unreachable":
            raise ApiError("cannot connect")
        self.connected = True

    def disconnect(self):
        self.connected = False

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, *_):
        self.disconnect()

    def check(self):
        if not self.connected:
            raise ApiError("not connected")


class Requests(object):
    """The requests of one connection. Every look at the status is one step."""

    def __init__(self):
        self.last = 0
        self.open = {}

    def start(self, result, error=""):
        self.last += 1
        self.open[self.last] = [1, result, error]
        return {"requestId": self.last}


class Server(object):
    def __init__(self, api):
        self._api = api
        self.requests = Requests()

    def auth(self, user, password):
        self._api.check()
        if password != "secret":
            raise ApiError("authentication failed")

    def authAsync(self, user, password):
        self._api.check()
        return self.requests.start(None, "" if password == "secret" else "authentication failed")

    def _find(self, request):
        number = _id(request, "requestId")
        if number not in self.requests.open:
            raise ApiError("no such request")
        return self.requests.open[number]

    def getRequestStatus(self, request):
        found = self._find(request)
        if found[0] > 0:
            found[0] -= 1
            return {"errorMessage": "", "processing": True, "status": "pending"}
        status = "error" if found[2] else "complete"
        return {"errorMessage": found[2], "processing": False, "status": status}

    def getRequestResult(self, request):
        _, result, error = self._find(request)
        if error:
            raise ApiError(error)
        return result

    def getServerInfo(self):
        self._api.check()
        return {"apiVersion": constants.API_VERSION, "version": "1.9.0", "apiControlPort": self._api.port}

    def echo(self, text=None):
        return text

    def duAsync(self, path):
        return self.requests.start({"path": path, "size": 1091})


class Send(object):
    def __init__(self, api):
        self._api = api
        self.manifests = {}
        self.destinations = {}
        self.transfers = {}

    @staticmethod
    def _find(table, key):
        if key not in table:
            raise ApiError("no such object")
        return table[key]

    def createManifest(self, mappings):
        """A local path with `missing` fails, and one with `endless` is never done."""
        self._api.check()
        number = str(2 + len(self.manifests))
        pending = {"status": "pending", "processing": True, "totalFiles": None, "totalSize": None, "errorMessage": None}
        done = {"status": "complete", "processing": False, "totalFiles": len(mappings), "totalSize": 1091}
        paths = "".join(mappings.values())
        if "missing" in paths:
            done = {"status": "error", "processing": False, "errorMessage": "the file is missing"}
        states = [pending] if "endless" in paths else [pending, pending, pending, done]
        self.manifests[number] = Task({"manifestId": number, "futureMember": 1}, states)
        return self.manifests[number].now()

    def _manifest(self, manifest):
        return self._find(self.manifests, _id(manifest, "manifestId"))

    def getManifest(self, manifest):
        return self._manifest(manifest).look()

    def waitForManifest(self, manifest):
        return self._manifest(manifest).finish()

    def getManifests(self):
        return [self.manifests[key].now() for key in sorted(self.manifests)]

    def createDestination(self, address, destinationPort=8886):
        self._api.check()
        for found in self.destinations.values():
            if (found["destinationAddress"], found["destinationPort"]) == (address, destinationPort):
                return found
        number = str(42 + len(self.destinations))
        made = {
            "destinationId": number,
            "destinationAddress": address,
            "destinationPort": destinationPort,
            "destinationIP": "127.0.0.1",
        }
        self.destinations[number] = made
        return made

    def createTransfer(self, destination, manifest):
        """The transfer is suspended at a destination `pausing`, and fails at a destination `failing`."""
        target = self._find(self.destinations, _id(destination, "destinationId"))
        self._manifest(manifest)
        number = str(17 + len(self.transfers))
        pending = {"status": "pending", "processing": True, "requestTime": 1500000000000000}
        sending = {"status": "sending", "processing": True, "startTime": 1500000000000001}
        done = {"status": "complete", "processing": False, "bytesSent": 1091}
        if target["destinationAddress"] == "pausing":
            done = {"status": "suspended", "processing": False}
        elif target["destinationAddress"] == "failing":
            done = {"status": "error", "processing": False, "errorMessage": "the disk is full"}
        fixed = {"transferId": number, "destinationId": target["destinationId"]}
        self.transfers[number] = Task(fixed, [pending, sending, sending, done])
        return self.transfers[number].now()

    def _transfer(self, transfer):
        return self._find(self.transfers, _id(transfer, "transferId"))

    def getTransfer(self, transfer):
        return self._transfer(transfer).look()

    def waitForTransfer(self, transfer):
        return self._transfer(transfer).finish()

    def resumeTransfer(self, transfer):
        found = self._transfer(transfer)
        if found.now()["status"] != "suspended":
            raise ApiError("the transfer is not suspended")
        found.states = [
            {"status": "sending", "processing": True},
            {"status": "complete", "processing": False},
        ]


class Recv(object):
    def __init__(self, api):
        self._api = api
        self.keys = set()

    def addAuthorizedClientAsync(self, clientPublicKey):
        self.keys.add(_id(clientPublicKey, "clientPublicKey"))
        return self._api.server.requests.start(None)

    def removeAuthorizedClientAsync(self, clientPublicKey):
        self.keys.discard(_id(clientPublicKey, "clientPublicKey"))
        return self._api.server.requests.start(None)

    def allowOnlyAuthorizedClientsAsync(self, allow):
        return self._api.server.requests.start(None)

    def getSourcesAsync(self):
        return self._api.server.requests.start([])

    def getTransfersAsync(self):
        return self._api.server.requests.start([])
