"""The API object of the stand-in and its three interfaces."""

import os
import threading

from . import constants
from .tasks import ApiError, Requests, Task, find, id_of, new_id

REQUEST_TIME = 1500000000000000
END = os.environ.get("JETSTREAM_END")


class Api(object):
    def __init__(self, address, port):
        self._address = address
        self.port = port
        self._connected = False
        self._trusted = os.environ.get("JETSTREAM_AUTH") != "required"
        self.server = Server(self)
        self.send = Send(self)
        self.recv = Recv(self)

    def connect(self):
        if self._address == "unreachable":
            raise ApiError("cannot connect")
        self._connected = True
        self._note("connected")

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, *_):
        self._connected = False
        self._note("disconnected")

    def _note(self, event):
        journal = os.environ.get("JETSTREAM_JOURNAL")
        if journal:
            with open(journal, "a") as opened:
                opened.write(event + "\n")

    def _check_connected(self):
        if not self._connected:
            raise ApiError("not connected")

    def _check(self):
        self._check_connected()
        if not self._trusted:
            raise ApiError("not authenticated")


class Server(object):
    def __init__(self, api):
        self._api = api
        self._requests = Requests(has_status=constants.VERSION < (2,))

    def _login(self, password):
        self._api._check_connected()
        self._api._trusted = self._api._trusted or password == "secret"
        return "" if password == "secret" else "authentication failed"

    def auth(self, user, password):
        problem = self._login(password)
        if problem:
            raise ApiError(problem)

    def authAsync(self, user, password):
        return self._requests.start(None, self._login(password))

    def getRequestStatus(self, request):
        return self._requests.status(request)

    def getRequestResult(self, request):
        return self._requests.result(request)

    def getServerInfo(self):
        self._api._check_connected()
        info = {
            "apiVersion": constants.API_VERSION,
            "version": ".".join(str(part) for part in constants.VERSION),
            "apiControlPort": self._api.port,
            "authRequired": os.environ.get("JETSTREAM_AUTH") == "required",
        }
        if constants.VERSION >= (2, 7):
            info["minCipher"] = constants.MIN_CIPHER_ENCRYPTED_128
        return info

    def echo(self, text=None):
        return text

    def undocumented(self, first, second=2):
        """No page names this function. The list of a site may have such functions."""
        return [first, second]

    def sleep(self, milliseconds):
        """Time is virtual."""
        return milliseconds

    def duAsync(self, path):
        self._api._check()
        return self._requests.start({"path": path, "size": 1091})

    def getEventLog(self):
        self._api._check()
        return [{"_event": "serverStarted", "_timestamp": REQUEST_TIME, "reason": "start"}]


class Send(object):
    def __init__(self, api):
        self._api = api
        self._manifests = {}
        self._destinations = {}
        self._transfers = {}
        self._tokens = {}

    def createManifest(self, mappings):
        """A local path with `missing` fails, and one with `endless` is never done."""
        self._api._check()
        number = new_id(2 + len(self._manifests))
        pending = {"status": "pending", "processing": True, "totalFiles": None, "totalSize": None, "errorMessage": None}
        done = {"status": "complete", "processing": False, "totalFiles": len(mappings), "totalSize": 1091}
        paths = "".join(mappings.values())
        if "missing" in paths or END == "failed manifest":
            done = {"status": "error", "processing": False, "errorMessage": "the file is missing"}
        states = [pending] if "endless" in paths else [pending, pending, pending, done]
        self._manifests[number] = Task({"manifestId": number, "futureMember": 1}, states)
        return self._manifests[number].now()

    def getManifest(self, manifest):
        return find(self._manifests, manifest, "manifestId").look()

    def waitForManifest(self, manifest):
        return find(self._manifests, manifest, "manifestId").finish()

    def getManifests(self):
        return [self._manifests[key].now() for key in sorted(self._manifests)]

    def createDestination(self, address, destinationPort=8886):
        """The server never answers for a destination `silent`."""
        self._api._check()
        if address == "silent":
            threading.Event().wait()
        for found in self._destinations.values():
            if (found["destinationAddress"], found["destinationPort"]) == (address, destinationPort):
                return found
        number = new_id(42 + len(self._destinations))
        self._destinations[number] = {
            "destinationId": number,
            "destinationAddress": address,
            "destinationPort": destinationPort,
            "destinationIP": "127.0.0.1",
        }
        return self._destinations[number]

    def createTransfer(self, destination, manifest, **options):
        """The transfer is suspended at a destination `pausing`, and fails at a destination `failing`.

        There are more options, whose names are not known. They come back.
        """
        target = find(self._destinations, destination, "destinationId")
        find(self._manifests, manifest, "manifestId")
        number = new_id(17 + len(self._transfers))
        pending = {"status": "pending", "processing": True}
        sending = {"status": "sending", "processing": True, "startTime": REQUEST_TIME + 1}
        done = {"status": "complete", "processing": False, "bytesSent": 1091, "endTime": REQUEST_TIME + 2500000}
        if target["destinationAddress"] == "pausing" or END == "suspended transfer":
            done = {"status": "suspended", "processing": False}
        elif target["destinationAddress"] == "failing" or END == "failed transfer":
            done = {"status": "error", "processing": False, "errorMessage": "the disk is full"}
        fixed = {
            "transferId": number,
            "destinationId": target["destinationId"],
            "requestTime": REQUEST_TIME,
            "endTime": None,
        }
        fixed.update(options)
        self._transfers[number] = Task(fixed, [pending, sending, sending, done])
        return self._transfers[number].now()

    def getTransfer(self, transfer):
        return find(self._transfers, transfer, "transferId").look()

    def waitForTransfer(self, transfer):
        return find(self._transfers, transfer, "transferId").finish()

    def resumeTransfer(self, transfer):
        found = find(self._transfers, transfer, "transferId")
        if found.now()["status"] != "suspended":
            raise ApiError("the transfer is not suspended")
        found.states = [
            {"status": "sending", "processing": True},
            {"status": "sending", "processing": True},
            {"status": "complete", "processing": False, "bytesSent": 1091},
        ]


    def createSharedToken(self, manifest):
        task = find(self._manifests, manifest, "manifestId")
        token = "shared-token-%d" % len(self._tokens)
        self._tokens[token] = {
            "token": token,
            "manifestId": task.fixed["manifestId"],
            "creationTime": REQUEST_TIME,
            "expiryTime": None,
            "downloadCount": 0,
            "downloadLimit": None,
        }
        return self._tokens[token]

    def getSharedToken(self, token):
        return find(self._tokens, token, "token")

    def deleteSharedToken(self, token):
        del self._tokens[id_of(token, "token")]

    def updateObjectUserData(self, object, key, value):
        find(self._manifests, object, "manifestId").fixed.setdefault("userData", {})[key] = value

    def deleteObjectUserData(self, object, key):
        del find(self._manifests, object, "manifestId").fixed["userData"][key]


class Recv(object):
    def __init__(self, api):
        self._api = api
        self._keys = []

    def _start(self, result):
        self._api._check()
        return self._api.server._requests.start(result)

    def addAuthorizedClientAsync(self, clientPublicKey):
        self._keys.append(id_of(clientPublicKey, "clientPublicKey"))
        return self._start(list(self._keys))

    def removeAuthorizedClientAsync(self, *arguments):
        """The arguments are not documented, so all are accepted. The result shows them."""
        return self._start(list(arguments))

    def allowOnlyAuthorizedClientsAsync(self, onlyAuthorizedClientsAllowed):
        return self._start(onlyAuthorizedClientsAllowed)

    def getSourcesAsync(self):
        return self._start([{"sourceIP": "192.0.2.7", "sourcePort": 8886, "aveRecvRate": 12.5, "futureMember": []}])

    def getTransfersAsync(self):
        transfer = {
            "transferId": "receiver01:8886",
            "status": "receiving",
            "totalSize": 1091,
            "lastRecvTime": REQUEST_TIME,
            "lastErrorTime": None,
        }
        return self._start([transfer])
