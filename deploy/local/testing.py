"""Real servers for tests: own ports, own temporary folders, gone at the end."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import kafka, parts, postgres
from deploy.local.server_user import identity
from deploy.local.settings import free_ports


@contextmanager
def temporary_postgres(in_memory: bool = True) -> Iterator[str]:
    """Yields the superuser's SQLAlchemy address of a new, empty server. Tests empty many tables, and each is some
    files, so they are much faster in memory."""
    parts.fetch_postgres(postgres.programs_folder(), print)
    folder = postgres.temporary_folder(in_memory)
    server = postgres.Postgres(folder / "data", free_ports(1)[0], "test")
    try:
        server.initialise()
        with _running(server.command(postgres.FLEETING), folder / "log", as_server=True) as process:
            server.wait_ready(lambda: process.poll() is None)
            yield server.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_kafka() -> Iterator[str]:
    """Yields the bootstrap address of a new broker without topics."""
    with _temporary_folder() as folder:
        port, controller_port = free_ports(2)
        with running_kafka(kafka.Kafka(folder, port, controller_port)) as broker:
            yield broker.bootstrap


@contextmanager
def temporary_guarded_kafka() -> Iterator[kafka.Kafka]:
    """Yields a new broker with log-ins and rules, which only its administrator may use so far."""
    with _temporary_folder() as folder:
        port, controller_port = free_ports(2)
        password = secrets.token_urlsafe(12)
        with running_kafka(kafka.Kafka(folder, port, controller_port, password, is_guarded=True)) as broker:
            yield broker


@contextmanager
def running_kafka(broker: kafka.Kafka) -> Iterator[kafka.Kafka]:
    """The broker, as long as it is needed."""
    parts.fetch_kafka(print)
    broker.initialise()
    with _running(broker.command(), broker.folder / "log") as process:
        broker.wait_ready(lambda: process.poll() is None)
        yield broker


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kommunity-kafka-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: list[str], log: Path, as_server: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    user = identity() if as_server else {}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd="/", stdout=output, stderr=output, start_new_session=True, **user)
    try:
        yield process
    finally:
        process.terminate() if not as_server else process.send_signal(postgres.FAST_STOP)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
