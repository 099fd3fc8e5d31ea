"""One PostgreSQL server for the local system or for tests."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT

import psycopg

from deploy.local import parts
from deploy.local.errors import LocalError
from deploy.local.server_user import hand_over, identity, make_folder, place_for
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
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder in it that nobody else can enter
ROOM = 8 * 1024**3  # bytes; a container often gives 64 MiB


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
        return [_program("postgres"), *place, *options]

    def initialise(self) -> bool:
        """Creates the cluster unless it is there. Danish sorting is the cluster's default."""
        if self.data.exists():
            return False
        half_done, secret = self.data.with_suffix(".part"), self.data.with_suffix(".password")
        shutil.rmtree(half_done, ignore_errors=True)
        make_folder(self.data.parent)
        half_done.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        hand_over(half_done, secret)
        try:
            self._initdb(half_done, secret)
        finally:
            secret.unlink()
        half_done.rename(self.data)
        return True

    def _initdb(self, folder: Path, secret: Path) -> None:
        files = ["-D", str(folder), "-U", SUPERUSER, f"--pwfile={secret}"]
        options = "-E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=da-DK --auth=scram-sha-256 --no-sync"
        command = [_program("initdb"), *files, *options.split()]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **identity())
        if done.returncode != 0:
            raise LocalError(f"PostgreSQL could not make its files: {done.stderr.strip().splitlines()[-1]}")

    def answers(self) -> bool:
        try:
            psycopg.connect(libpq(self.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_ready(self, still_alive: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and still_alive():
            if self.answers():
                return
            time.sleep(0.05)
        raise LocalError("PostgreSQL did not start: see its log (`make logs part=postgres`).")


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def temporary_folder(in_memory: bool) -> Path:
    """In memory only where there is plenty of it, else on the disk."""
    has_room = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="kommunity-postgres-", dir=MEMORY if has_room else None))
    hand_over(folder)
    return folder


def programs_folder() -> Path:
    return place_for(parts_folder())


def _program(name: str) -> str:
    return str(parts.postgres_home(programs_folder()) / "bin" / name)
