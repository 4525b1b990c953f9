"""Installs the published oaio client into a virtual environment, and prints the path of its Python.

Usage: python3.11 install.py FOLDER

The Python that runs this script is the one of the environment: 3.11, or 3.12 or later. The environment is FOLDER/VERSION.
An environment that was installed from the same requirements file is used again. pip reads its usual configuration.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent


def requirements():
    """The requirements file of this Python."""
    if sys.version_info < (3, 11):
        sys.exit("error: the oaio client needs Python 3.11 or later. Install Python 3.11 and run this script with it.")
    return HERE / ("requirements-3.11.txt" if sys.version_info[:2] == (3, 11) else "requirements-3.12.txt")


def python_of(environment):
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class Lock:
    """Lets one process at a time install: several test programs may start at once."""

    def __init__(self, path):
        self.file = open(path, "a+b")

    def __enter__(self):
        if os.name == "nt":
            import msvcrt

            self.file.seek(0)
            while True:
                try:
                    # This call gives up after ten seconds.
                    return msvcrt.locking(self.file.fileno(), msvcrt.LK_LOCK, 1)
                except OSError:
                    pass
        else:
            import fcntl

            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def install(environment, stamp):
    """Installs into a temporary folder, so that an interrupted installation is never used."""
    building = pathlib.Path(tempfile.mkdtemp(prefix="installing-", dir=environment.parent))
    try:
        try:
            venv.create(building, with_pip=True)
        except (subprocess.CalledProcessError, ImportError) as error:
            sys.exit(
                f"error: {sys.executable} cannot create a virtual environment with pip: {error}\n"
                "Install the modules venv and ensurepip for it (on Debian: the package python3-venv)."
            )
        command = [python_of(building), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", requirements()]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(
                f"{done.stdout}error: pip could not install {requirements()}.\n"
                "It needs a package index: set PIP_INDEX_URL or PIP_FIND_LINKS if the usual index cannot be reached."
            )
        (building / "requirements.digest").write_text(stamp, encoding="ascii")
        if environment.exists():
            shutil.rmtree(environment)
        building.rename(environment)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    environment = folder / version
    # Another Python of the same version cannot use the environment after the first one is removed.
    stamp = hashlib.sha256(requirements().read_bytes() + sys.version.encode() + sys.base_prefix.encode()).hexdigest()
    with Lock(folder / f"{version}.lock"):
        digest = environment / "requirements.digest"
        if not (digest.is_file() and digest.read_text(encoding="ascii") == stamp):
            install(environment, stamp)
    print(python_of(environment))


if __name__ == "__main__":
    main()
