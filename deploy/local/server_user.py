"""PostgreSQL refuses to be root: when we are, it is another user, with its files where that user can reach them."""

import contextlib
import hashlib
import os
import pwd
import shutil
from pathlib import Path
from typing import Any

from deploy.local.errors import LocalError

REACHABLE = Path("/var/tmp/kommunity")  # noqa: S108 (make_folder refuses it if it is somebody else's)


def server_user() -> str | None:
    """Whom the server runs as; None when we are an ordinary user and it runs as ourselves."""
    return os.environ.get("KOMMUNITY_LOCAL_POSTGRES_USER", "nobody") if os.geteuid() == 0 else None


def identity() -> dict[str, Any]:
    """What subprocess needs to run a program as the server's user."""
    user = server_user()
    return {"user": user, "group": _account(user).pw_gid, "extra_groups": []} if user else {}


def place_for(wanted: Path) -> Path:
    """`wanted`, or a folder of our own elsewhere if the server's user cannot reach that one."""
    user = server_user()
    wanted.mkdir(parents=True, exist_ok=True)
    if user is None or _can_reach(wanted, user):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
    return REACHABLE / f"{wanted.name}-{name}"


def make_folder(folder: Path) -> None:
    """Makes it, and what is missing above it, open to the server's user whatever our umask is."""
    if REACHABLE in folder.parents and REACHABLE.exists() and REACHABLE.stat().st_uid != os.geteuid():
        raise LocalError(f"{REACHABLE} belongs to somebody else: remove it, or give KOMMUNITY_STATE another folder.")
    for each in reversed([folder, *folder.parents]):
        with contextlib.suppress(FileExistsError):  # there already, or just made by a step that runs beside ours
            each.mkdir()
            each.chmod(0o755)


def hand_over(*paths: Path) -> None:
    if user := server_user():
        for path in paths:
            shutil.chown(path, user, _account(user).pw_gid)


def _can_reach(path: Path, user: str) -> bool:
    account = _account(user)
    for folder in (path, *path.parents):
        seen = folder.stat()
        shift = 6 if seen.st_uid == account.pw_uid else 3 if seen.st_gid == account.pw_gid else 0
        if not seen.st_mode >> shift & 0o1:
            return False
    return True


def _account(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise LocalError(
            f"PostgreSQL does not run as root, and there is no user “{user}” to run it as:"
            " name one in KOMMUNITY_LOCAL_POSTGRES_USER."
        ) from None
