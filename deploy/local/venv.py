"""Makes .venv from the lock file. Runs on the system's Python, so it must parse on old ones and import nothing else."""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCK = os.path.join(ROOT, "deploy", "requirements-dev.lock")
STAMP = os.path.join(VENV, "installed.sha256")
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        sys.exit(
            f"Kommunity needs Python 3.11 or newer, but {sys.executable} is {sys.version.split()[0]}: install a newer"
            " one (Debian: apt install python3 python3-venv) or point to it, e.g. `make up PYTHON=python3.12`."
        )
    if _stamp() == _wanted():
        return
    print("Python environment: installing from deploy/requirements-dev.lock into .venv", flush=True)
    if not os.path.exists(PYTHON):
        _run(
            [sys.executable, "-m", "venv", VENV],
            "Python cannot make virtual environments here: install its venv module (Debian: apt install python3-venv)"
            " and see that the disk is not full.",
        )
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, "--require-hashes", "-r", LOCK],
        "The Python packages could not be installed (pip's own words stand above): check the connection to the"
        " package index, a proxy (HTTPS_PROXY) or PIP_INDEX_URL, then run the same command again.",
    )
    _run(
        [*pip, "--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "-e", ROOT],
        "Kommunity itself could not be installed into .venv (pip's own words stand above).",
    )
    with open(STAMP, "w") as file:
        file.write(_wanted())


def _wanted() -> str:
    digest = hashlib.sha256()
    for path in (LOCK, os.path.join(ROOT, "pyproject.toml")):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def _stamp() -> str:
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def _run(command: "list[str]", sentence: str) -> None:
    if subprocess.call(command) != 0:
        sys.exit(sentence)


if __name__ == "__main__":
    main()
