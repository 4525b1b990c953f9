"""The constants whose names and values are documented, for 1.9.0 or 2.9.0."""

import os

VERSION = tuple(int(part) for part in os.environ.get("JETSTREAM_VERSION", "1.9.0").split("."))

# These are documented for 1.9.0 only, because the page of 2.9.0 was not complete. The stand-in has them always.
DEFAULT_API_PORT = 8886
DEFAULT_SERVER_ADDRESS = "localhost"
DEFAULT_TIMEOUT_SECONDS = 10
FILETYPE_DIRECTORY = 2
FILETYPE_REGULAR_FILE = 4
OVERWRITE_IN_PLACE_SAME_SIZE = 2

if VERSION < (2,):
    API_VERSION = 27
    BUILD_VERSION = (1, 9, 0)
    OVERWRITE_IN_PLACE_NEVER = 0
    OVERWRITE_IN_PLACE_ALWAYS = 1
    OVERWRITE_WITH_PARTFILE_NEVER = 3
    OVERWRITE_WITH_PARTFILE_ALWAYS = 4
    OVERWRITE_WITH_PARTFILE_BACKUP = 5
    TRANSFER_FLAG_NONE = 0
else:
    API_VERSION = 39
    MIN_CIPHER_NONE = 0
    MIN_CIPHER_UNENCRYPTED = 1
    MIN_CIPHER_ENCRYPTED_128 = 2
    MIN_CIPHER_ENCRYPTED_256 = 3
    OVERWRITE_NEVER = 3
    OVERWRITE_ALWAYS = 4
