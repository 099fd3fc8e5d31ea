"""One PostgreSQL server for the local system or for tests. It refuses to be root, so root starts it as another user."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any

import psycopg

from deploy.local import parts
from deploy.local.errors import LocalError
from deploy.local.settings import parts_folder

SUPERUSER = "postgres"
FAST_STOP = SIGINT  # end sessions and write everything out; SIGTERM would wait for the clients
SAFE = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "unix_socket_directories": "",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
# Faster and without any promise after a power cut: for tests alone.
FLEETING = {**SAFE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    data: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """The superuser's address, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def command(self, settings: dict[str, str]) -> list[str]:
        given = [f"{name}={value}" for name, value in settings.items()]
        options = [part for setting in given for part in ("-c", setting)]
        place = ["-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port)]
        return [str(programs() / "bin" / "postgres"), *place, *options]

    def initialise(self) -> bool:
        """Creates the cluster unless it is there. Danish sorting is the cluster's default."""
        if (self.data / "global" / "pg_control").exists():
            return False
        shutil.rmtree(self.data, ignore_errors=True)  # what an interrupted start left
        self.data.mkdir(mode=0o700, parents=True)
        secret = self.data.with_suffix(".password")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        hand_over(self.data, secret)
        options = "-E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=da-DK --auth=scram-sha-256 --no-sync"
        try:
            run_as_server(
                [
                    str(programs() / "bin" / "initdb"),
                    "-D",
                    str(self.data),
                    "-U",
                    SUPERUSER,
                    f"--pwfile={secret}",
                    *options.split(),
                ]
            )
        finally:
            secret.unlink()
        return True

    def answers(self) -> bool:
        try:
            psycopg.connect(libpq(self.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_ready(self, still_alive: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and still_alive():
            if self.answers():
                return
            time.sleep(0.05)
        raise LocalError("PostgreSQL did not start: see its log (`make logs part=postgres`).")


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def server_user() -> str | None:
    """Whom the server runs as when we are root; None when we are an ordinary user."""
    return os.environ.get("KOMMUNITY_LOCAL_POSTGRES_USER", "nobody") if os.geteuid() == 0 else None


def place_for(wanted: Path) -> Path:
    """`wanted`, or a folder under the system's own temporary files when the server's user cannot reach it."""
    user = server_user()
    if user is None or _can_reach(wanted, user):
        return wanted
    # Root's alone: nobody else can have made it beforehand, or else the owner differs and we stop.
    place = Path("/var/tmp") / "kommunity" / str(wanted).strip("/").replace("/", "-")  # noqa: S108
    place.mkdir(parents=True, exist_ok=True)
    if place.parent.stat().st_uid != 0:
        raise LocalError(
            f"{place.parent} belongs to somebody else: remove it, or set KOMMUNITY_STATE to another folder."
        )
    return place


def hand_over(*paths: Path) -> None:
    if user := server_user():
        for path in paths:
            shutil.chown(path, user, _account(user).pw_gid)


def run_as_server(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **server_identity())
    if done.returncode != 0:
        raise LocalError(f"PostgreSQL could not make its files: {done.stderr.strip().splitlines()[-1]}")


def server_identity() -> dict[str, Any]:
    """What subprocess needs to run a program as the server's user."""
    user = server_user()
    return {"user": user, "group": _account(user).pw_gid, "extra_groups": []} if user else {}


def temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kommunity-postgres-"))
    hand_over(folder)
    return folder


def programs_folder() -> Path:
    return place_for(parts_folder())


def programs() -> Path:
    return parts.postgres_home(programs_folder())


def _can_reach(path: Path, user: str) -> bool:
    account = _account(user)
    for folder in path.parents:
        if not folder.exists():
            continue
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
