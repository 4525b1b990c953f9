"""A Django server that speaks the server side of the oaio protocol, for tests on one machine.

Sessions, logins and the CSRF check are Django's own. Comments that begin with "Peer rule" mark decisions of this file:
the rules of the real server are not known.

The first line of standard output is the port. Each line of standard input is a command `{"op": name, "args": {...}}`, and is
answered with `{"result": ...}` or `{"raised": class, "text": message}`. The process ends when standard input is closed.
"""

import argparse
import ast
import datetime
import json
import os
import sys
import threading

import django
from django.conf import settings

RIGHTS = ["C", "D", "U", "r"]
NO_RIGHT = "x"
FIELDS = [
    "oaio_id", "client_stamp", "server_stamp", "client_values", "server_values",
    "csh_id", "username", "device_id", "app_id", "csh_access_right",
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--supervisor", action="append", default=[], metavar="NAME", help="may act for other users")
    parser.add_argument("--storage", action="append", default=[], metavar="ID:JSON", help="arguments of a storage host")
    parser.add_argument("--log", default=os.devnull, help="file to which the requests are written as JSON lines")
    return parser.parse_args()


ARGS = arguments()
settings.configure(
    DEBUG=False,
    SECRET_KEY="only-for-tests",
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    APPEND_SLASH=False,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    MIDDLEWARE=[
        __name__ + ".recorded",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:peer?mode=memory&cache=shared"}},
    MIGRATION_MODULES={"auth": None, "contenttypes": None},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGGING_CONFIG=None,
)
django.setup()

from django.contrib.auth import authenticate, get_user_model, login, logout  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import ensure_csrf_cookie  # noqa: E402
from django.views.decorators.http import require_http_methods  # noqa: E402


class State:
    """Everything that the peer remembers, except users and sessions."""

    def __init__(self):
        self.objects = {}
        self.versions = []
        self.subscriptions = {}
        self.next_pid = 1
        self.clock_offset = 0.0
        self.faults = []
        # Peer rule: the server stamp of a record is "client" (its client stamp), "now" or "keep" (what the client sent).
        self.server_stamp = "client"
        # Peer rule: "last" accepts every upload, "newest" answers 409 to one that is not newer than the stored record.
        self.conflicts = "last"
        # The media type of refusals: "json" or "html".
        self.refusals = "json"
        # Additional keys of every record that is sent.
        self.extra_keys = {}

    def right(self, oaio_id, username):
        return self.subscriptions.get((oaio_id, username), {}).get("access_right", NO_RIGHT)


STATE = State()
# One request is processed at a time: the database is in memory, and tests need an order.
LOCK = threading.RLock()
RELEASED = threading.Event()
LOG = open(ARGS.log, "a", encoding="utf-8")
STORAGE = {name: json.loads(text) for name, _, text in (entry.partition(":") for entry in ARGS.storage)}


def now_stamp():
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=STATE.clock_offset)
    return now.strftime("%Y%m%d%H%M%S%f")


def refusal(status, text):
    if STATE.refusals == "html":
        return HttpResponse(f"<html><body><h1>{status}</h1><p>{text}</p></body></html>", status=status)
    return JsonResponse({"detail": text}, status=status)


# ---- middleware -----------------------------------------------------------------------------------------------------


def fault_for(request):
    for fault in STATE.faults:
        if request.path.startswith(fault.get("path", "/api/")) and fault.get("method", request.method) == request.method:
            fault["times"] = fault.get("times", 1) - 1
            if fault["times"] == 0:
                STATE.faults.remove(fault)
            return fault
    return None


def recorded(get_response):
    """Writes every request and its answer to the log, and does what the faults say."""

    def middleware(request):
        body = request.body
        with LOCK:
            fault = fault_for(request) or {}
        if fault.get("hold"):
            RELEASED.wait()
        executed = not fault or fault.get("executed", False) or ("status" not in fault and not fault.get("close"))
        with LOCK:
            if executed:
                response = get_response(request)
            if "status" in fault:
                response = HttpResponse(
                    fault.get("body", ""), status=fault["status"], content_type=fault.get("content_type", "text/html")
                )
            elif fault.get("close"):
                response = HttpResponse(b"")
            record(request, body, response, fault)
        if fault.get("close"):
            request.META["peer.handler"].connection.shutdown(2)
        return response

    return middleware


def record(request, body, response, fault):
    line = {
        "method": request.method,
        "path": request.META["peer.handler"].path,
        "headers": request.META["peer.headers"],
        "body": body.decode("utf-8", "replace"),
        "status": response.status_code,
        "answer": response.content.decode("utf-8", "replace"),
        "cookies": {name: morsel.value for name, morsel in response.cookies.items()},
        "fault": fault or None,
    }
    LOG.write(json.dumps(line) + "\n")
    LOG.flush()


# ---- the context of a request ---------------------------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def identity(request, name):
    """The text of a header that has the Python representation of UTF-8 bytes."""
    try:
        value = ast.literal_eval(request.headers[name])
        return value.decode("utf-8")
    except Exception:
        raise Refused(400, f"the header {name} is missing or has no bytes literal") from None


def acting_user(request):
    username = identity(request, "X-OAIO-user")
    identity(request, "X-OAIO-dvc")
    identity(request, "X-OAIO-app")
    # Peer rule: without a session, the answer is 403.
    if not request.user.is_authenticated:
        raise Refused(403, "not logged in")
    # Peer rule: only a supervisor may act for another user.
    if username != request.user.get_username() and request.user.get_username() not in ARGS.supervisor:
        raise Refused(403, "the header X-OAIO-user has another user")
    return username


def json_body(request):
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body is not a JSON object")
    return body


def view(*methods):
    """A view for these methods that answers a `Refused` with its status."""

    def decorator(function):
        @require_http_methods(methods)
        def wrapped(request, **parameters):
            try:
                return function(request, **parameters)
            except Refused as error:
                return refusal(error.status, str(error))

        return wrapped

    return decorator


# ---- the eleven paths -----------------------------------------------------------------------------------------------


@ensure_csrf_cookie
@view("GET", "POST")
def login_view(request):
    if request.method == "GET":
        return JsonResponse({"detail": "CSRF cookie set"})
    body = json_body(request)
    user = authenticate(request, username=body.get("username"), password=body.get("password"))
    if user is None:
        # Peer rule: wrong credentials are answered with 401.
        raise Refused(401, "wrong user or password")
    login(request, user)
    return JsonResponse({"detail": "logged in"})


@view("POST")
def logout_view(request):
    logout(request)
    return JsonResponse({"detail": "logged out"})


@view("GET")
def current_stamp(request):
    acting_user(request)
    return JsonResponse({"current_stamp": now_stamp()})


def sent_record(oaio_id, username):
    # Peer rule: the access right in a record is the right of the user who asks.
    return STATE.objects[oaio_id] | {"csh_access_right": STATE.right(oaio_id, username)} | STATE.extra_keys


@view("GET")
def oaio_stampz(request):
    user = acting_user(request)
    ids = [oaio_id for oaio_id in STATE.objects if STATE.right(oaio_id, user) != NO_RIGHT]
    return JsonResponse([sent_record(oaio_id, user) for oaio_id in ids], safe=False)


def accept(user, action, sent):
    """Stores a record that a client sent, and returns the stored record."""
    missing = [name for name in FIELDS if name not in sent]
    if missing:
        raise Refused(400, f"missing fields: {', '.join(missing)}")
    oaio_id = sent["oaio_id"]
    stored = {name: sent[name] for name in FIELDS}
    previous = STATE.objects.get(oaio_id)
    # Peer rule: the server keeps the owner, and the values of the version before.
    stored["server_values"] = previous["client_values"] if previous else {}
    stored["username"] = previous["username"] if previous else user
    if STATE.server_stamp == "client":
        stored["server_stamp"] = sent["client_stamp"]
    elif STATE.server_stamp == "now":
        stored["server_stamp"] = now_stamp()
    STATE.objects[oaio_id] = stored
    STATE.versions.append({"user": user, "action": action} | stored)
    return JsonResponse(sent_record(oaio_id, user))


@view("POST")
def register(request):
    user = acting_user(request)
    sent = json_body(request)
    # Peer rule: an id is registered once.
    if sent.get("oaio_id") in STATE.objects:
        raise Refused(409, "the object is already registered")
    answer = accept(user, "register", sent)
    subscribe_user(sent["oaio_id"], user, "C")
    return JsonResponse(json.loads(answer.content) | {"csh_access_right": "C"})


def known(sent):
    if sent.get("oaio_id") not in STATE.objects:
        raise Refused(404, "no such object")
    return sent["oaio_id"]


def demand(oaio_id, user, rights):
    if STATE.right(oaio_id, user) not in rights:
        raise Refused(403, f"the user {user} needs one of these rights: {', '.join(rights)}")


@view("POST")
def upload(request):
    user = acting_user(request)
    sent = json_body(request)
    oaio_id = known(sent)
    demand(oaio_id, user, ["C", "D", "U"])
    if STATE.conflicts == "newest" and sent["client_stamp"] <= STATE.objects[oaio_id]["client_stamp"]:
        raise Refused(409, "the stored version is newer")
    return accept(user, "upload", sent)


@view("POST")
def delete(request):
    user = acting_user(request)
    oaio_id = known(json_body(request))
    demand(oaio_id, user, ["C", "D"])
    del STATE.objects[oaio_id]
    for key in [key for key in STATE.subscriptions if key[0] == oaio_id]:
        del STATE.subscriptions[key]
    return JsonResponse({"detail": "deleted"})


def subscribe_user(oaio_id, username, access_right):
    key = (oaio_id, username)
    if key not in STATE.subscriptions:
        STATE.subscriptions[key] = {"Pid": STATE.next_pid}
        STATE.next_pid += 1
    STATE.subscriptions[key]["access_right"] = access_right
    return STATE.subscriptions[key]


@view("POST")
def subscribe(request):
    user = acting_user(request)
    sent = json_body(request)
    oaio_id = known(sent)
    username, access_right = sent.get("username"), sent.get("access_right")
    if access_right not in RIGHTS + [NO_RIGHT] or not get_user_model().objects.filter(username=username).exists():
        raise Refused(400, "no such access right or user")
    # Peer rule: the owner gives and takes rights, and others may only end their own subscription.
    if not (access_right == NO_RIGHT and username == user):
        demand(oaio_id, user, ["C"])
    if STATE.right(oaio_id, username) == "C":
        raise Refused(403, "the owner cannot be unsubscribed")
    entry = subscribe_user(oaio_id, username, access_right)
    if access_right == NO_RIGHT:
        del STATE.subscriptions[oaio_id, username]
    return JsonResponse(entry | {"oaio_id": oaio_id, "username": username})


@view("GET")
def user_subz(request, oaio_id=""):
    acting_user(request)
    names = get_user_model().objects.order_by("username").values_list("username", flat=True)
    every = [{"username": name, "access_right": STATE.right(oaio_id, name)} for name in names]
    # Peer rule: the answer has every user, also those without a right.
    return JsonResponse(every, safe=False)


@view("GET")
def csh_args(request, csh_id):
    acting_user(request)
    if csh_id not in STORAGE:
        raise Refused(404, "no such storage host")
    return JsonResponse(STORAGE[csh_id])


@view("POST")
def wipe_user(request):
    user = acting_user(request)
    name = json_body(request).get("Uid")
    # Peer rule: a user may be removed by a supervisor only.
    if user not in ARGS.supervisor:
        raise Refused(403, "only a supervisor removes users")
    if not get_user_model().objects.filter(username=name).delete()[0]:
        raise Refused(404, "no such user")
    for oaio_id in [key[0] for key in STATE.subscriptions if key[1] == name]:
        if STATE.subscriptions.pop((oaio_id, name))["access_right"] == "C":
            del STATE.objects[oaio_id]
    return JsonResponse({"detail": "wiped"})


# ---- the commands of the tests --------------------------------------------------------------------------------------


def control(operation, body):
    """Carries out one command, and returns the state."""
    if operation == "expire_sessions":
        cache.clear()
    elif operation == "set":
        for name, value in body.items():
            assert hasattr(STATE, name), f"no setting {name}"
            setattr(STATE, name, value)
    elif operation == "fault":
        # `path` is a prefix. `status` with `body` and `content_type`, or `close`, replace the answer. With `executed`, the
        # request takes effect first. With `hold`, the request waits for the command `release`. `times` is the number of
        # requests, and -1 means all until `clear_faults`.
        RELEASED.clear()
        STATE.faults.append(body)
    elif operation == "release":
        RELEASED.set()
    elif operation == "clear_faults":
        RELEASED.set()
        STATE.faults.clear()
    elif operation == "put_object":
        STATE.objects[body["record"]["oaio_id"]] = body["record"]
        for username, access_right in body["rights"].items():
            subscribe_user(body["record"]["oaio_id"], username, access_right)
    elif operation == "restore":
        # Takes the state that an earlier command returned.
        STATE.objects = body["objects"]
        STATE.versions = body["versions"]
        STATE.subscriptions = {
            (entry.pop("oaio_id"), entry.pop("username")): entry for entry in body["subscriptions"]
        }
    elif operation != "dump":
        raise ValueError(f"no operation {operation}")
    subscriptions = [
        {"oaio_id": oaio_id, "username": username} | entry for (oaio_id, username), entry in STATE.subscriptions.items()
    ]
    return {"objects": STATE.objects, "versions": STATE.versions, "subscriptions": subscriptions}


def answer(line):
    command = json.loads(line)
    try:
        with LOCK:
            return json.dumps({"result": control(command["op"], command.get("args", {}))})
    except Exception as error:
        return json.dumps({"raised": type(error).__name__, "text": str(error)})


urlpatterns = [
    path("api/login/", login_view),
    path("api/logout/", logout_view),
    path("api/current_stamp/", current_stamp),
    path("api/oaio_stampz/", oaio_stampz),
    path("api/register/", register),
    path("api/upload/", upload),
    path("api/delete/", delete),
    path("api/subscribe/", subscribe),
    path("api/user_subz/", user_subz),
    path("api/user_subz/<str:oaio_id>", user_subz),
    path("api/csh_args/<str:csh_id>", csh_args),
    path("api/wipe_user/", wipe_user),
]


class Handler(WSGIRequestHandler):
    """Keeps the bytes of the request line and the names of the headers as they were sent."""

    def get_environ(self):
        headers = [[name, value] for name, value in self.headers.items()]
        return super().get_environ() | {"peer.handler": self, "peer.headers": headers}

    def log_message(self, *_):
        pass


class Server(ThreadedWSGIServer):
    def handle_error(self, request, client_address):
        """Says nothing: the faults close connections on purpose."""


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    for entry in ARGS.user:
        name, _, password = entry.partition(":")
        get_user_model().objects.create_user(name, password=password)
    server = Server(("127.0.0.1", 0), Handler, connections_override=None)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    for line in sys.stdin:
        print(answer(line), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
