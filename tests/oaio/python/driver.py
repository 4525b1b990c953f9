"""Runs the published Python client of oaio for the tests: JSON lines in, JSON lines out.

A command is `{"op": name, "args": {...}}`. An answer is `{"result": ...}` or `{"raised": class, "text": message}`.
The client prints to standard output, so the answers go to a copy of it, and the client's output goes to standard error.
"""

import ast
import dataclasses
import json
import os
import shutil
import sys

ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
os.dup2(2, 1)

from ae.base import dedefuse, defuse  # noqa: E402
from ae.cloud_storage import CshApiBase  # noqa: E402
from ae.oaio_client import OaioClient  # noqa: E402
from ae.oaio_model import context_encode, object_id  # noqa: E402


class DigiApi(CshApiBase):
    """A storage host that is a folder. The name makes it the class of the id "Digi"."""

    def __init__(self, root_folder="", **csh_args):
        super().__init__(**csh_args)
        self.root_folder = root_folder

    def deployed_file_content(self, file_path):
        try:
            with open(os.path.join(self.root_folder, file_path), "rb") as file:
                return file.read()
        except OSError as error:
            self.error_message = str(error)
            return None

    def deploy_file(self, file_path, source_path=""):
        target = os.path.join(self.root_folder, file_path)
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(source_path or file_path, target)
        except OSError as error:
            self.error_message = str(error)
            return ""
        return file_path

    def delete_file_or_folder(self, file_path):
        target = os.path.join(self.root_folder, file_path)
        try:
            # The client deletes the folder of a version without a slash at the end of its path.
            if os.path.isdir(target):
                shutil.rmtree(target)
            else:
                os.remove(target)
        except OSError as error:
            self.error_message = str(error)
            return str(error)
        return ""


CLIENT = None


def plain(value):
    """The value with objects as dictionaries."""
    if dataclasses.is_dataclass(value):
        return dataclasses.asdict(value)
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    return value


def arguments_of(args):
    """`file_content` is a text in JSON, and bytes in Python."""
    if isinstance(args.get("file_content"), str):
        return args | {"file_content": args["file_content"].encode()}
    return args


def construct(username, password, **args):
    global CLIENT
    # The client sends the credentials in this order.
    CLIENT = OaioClient(credentials={"username": username, "password": password}, **args)



FUNCTIONS = {
    "construct": construct,
    "objects": lambda: [plain(value) for value in CLIENT.client_objectz.values()],
    "error_message": lambda: CLIENT.error_message,
    "reset_error_message": lambda: setattr(CLIENT, "error_message", ""),
    "last_sync_stamp": lambda: CLIENT.last_sync_stamp,
    "synchronize": lambda: CLIENT.synchronize_with_server_if_online(),
    "defuse": lambda text: defuse(text),
    "dedefuse": lambda text: dedefuse(text),
    "object_id": lambda **args: object_id(**args),
    "context_encode": lambda **args: dict(context_encode(**args)),
    # The JSON of a Python literal.
    "literal": lambda text: ast.literal_eval(text),
    # The Python literal of a JSON value.
    "representation": lambda value: repr(value),
}
METHODS = [
    "register_object", "register_file", "register_folder", "update_object", "update_file", "update_folder",
    "unregister_object", "upsert_subscription", "unsubscribe", "userz_access", "wipe_user",
]


def answer(command):
    operation, args = command["op"], arguments_of(command.get("args", {}))
    try:
        function = getattr(CLIENT, operation) if operation in METHODS else FUNCTIONS[operation]
        return json.dumps({"result": plain(function(**args))})
    except Exception as error:
        return json.dumps({"raised": type(error).__name__, "text": str(error)})


def main():
    for line in sys.stdin:
        print(answer(json.loads(line)), file=ANSWERS, flush=True)
    # At exit, the client's own logout fails and is not sent, so this process leaves without it.
    os._exit(0)


if __name__ == "__main__":
    main()
