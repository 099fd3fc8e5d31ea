"""A whole system to disturb: brokers, processes and databases that a row may kill, freeze, cut off and refill."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import requests

from deploy.local.kommunity import run_kommunity
from deploy.local.layout import Existing
from deploy.local.postgres import libpq
from deploy.local.server_user import REACHABLE, make_folder
from deploy.local.settings import SERVICES, Ports, free_ports
from deploy.local.supervision import Program
from deploy.local.system import System
from shared import clock
from shared.contracts.base import REGISTRY, newest
from shared.messaging.kafka_clients import LogIn
from shared.messaging.operations.access import user_of
from shared.messaging.operations.topics import described
from shared.rooms import subscription_of
from shared.settings import KafkaSecurity
from tests.faults.brokers import Cluster
from tests.faults.ledger import Books, Ledger
from tests.faults.proxy import Mode, Proxy
from tests.faults.topics import Topics
from tests.faults.town_books import LIMITS, MIRRORS
from tests.support.town import Town, danish
from tests.support.waiting import eventually

CUT_OFF = "bookings"  # the service whose broker and database are reached through proxies
SECOND = "worker-2"
FIRST_DAY = danish(2027, 1, 11, 6)  # a Monday, and no closed day until Easter
PATIENCE_S = 300  # for a machine that has much else to do
DISK_BYTES = 3_000_000_000
METRIC = r"^{}(?:\{{.*\}})? (\S+)$"


class FaultSystem(System):
    """A test system with failpoints, brokers of the test's own, and a second worker for each service."""

    def __init__(self, state: Path, ports: Ports, cluster: Cluster, place: Path) -> None:
        super().__init__(state, ports, Existing(kafka_bootstrap=cluster.bootstrap), show=lambda _: None)
        self.cluster = cluster
        self.place = place
        self.failpoints = state / "failpoints"
        self.database_proxy = Proxy(free_ports(1)[0], ports["postgres"])
        for service in SERVICES:
            (self.failpoints / service).mkdir(parents=True, exist_ok=True)

    @property
    def passwords(self) -> dict[str, str]:
        """Of the services' users on the brokers."""
        return {service: self.secrets[f"kafka-{service}"] for service in SERVICES}

    def log_in(self, service: str) -> LogIn:
        return LogIn(KafkaSecurity.SCRAM, user_of(service), self.passwords[service])

    def wait_for(self, part: str, seconds: float = PATIENCE_S) -> None:
        super().wait_for(part, seconds)

    def _processes(self, service: str) -> list[Program]:
        first = super()._processes(service)
        second = self._kommunity(service, "worker", f"{service}-{SECOND}")
        port = {"KOMMUNITY_WORKER_PORT": str(self.ports[f"{service}-{SECOND}"])}
        return [*first, Program(second.name, second.command, {**second.environment, **port})]

    def _told(self, service: str) -> dict[str, str]:
        told = super()._told(service)
        told["KOMMUNITY_ENVIRONMENT"] = "test"
        if service in SERVICES:
            log_in = self.log_in(service)
            told["KOMMUNITY_FAILPOINTS"] = str(self.failpoints / service)
            told["KOMMUNITY_KAFKA_BOOTSTRAP"] = self.cluster.proxied if service == CUT_OFF else self.cluster.clients
            told["KOMMUNITY_KAFKA_SECURITY"] = log_in.security
            told["KOMMUNITY_KAFKA_USER"] = log_in.user
            told["KOMMUNITY_KAFKA_PASSWORD"] = log_in.password
        if service == CUT_OFF:
            told["KOMMUNITY_DATABASE_URL"] = told["KOMMUNITY_DATABASE_URL"].replace(
                f":{self.ports['postgres']}/", f":{self.database_proxy.port}/"
            )
        return told


class FaultTown(Town):
    system: FaultSystem

    def __init__(self, system: FaultSystem) -> None:
        super().__init__(system)
        self.topics = Topics(system.cluster.bootstrap, [topic.name for topic in described()])
        books = {service: self._books(service) for service in SERVICES}
        self.ledger = Ledger(books, self.topics, MIRRORS, LIMITS)

    @property
    def cluster(self) -> Cluster:
        return self.system.cluster

    @property
    def broker(self) -> Any:
        """The only one, or the first of three."""
        return self.cluster.brokers[0]

    def go_to(self, moment: datetime) -> None:
        """There, with what became due on the way done: the rarer jobs run when their worker starts."""
        self.move_clock(moment)
        self.system.stop_part("bookings-worker")
        self.system.start_part("bookings-worker")
        self.wait_drained()

    def pid(self, part: str) -> int:
        """Waits for the part to have a process."""
        return eventually(lambda: int(self.system.supervisor.processes()[part]["pid"]), what=f"a process of {part}")

    def send(self, part: str, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid(part), number)

    def children(self, part: str) -> list[psutil.Process]:
        return psutil.Process(self.pid(part)).children()

    def memory_of(self, part: str) -> int:
        return int(psutil.Process(self.pid(part)).memory_info().rss)

    def arm(self, service: str, point: str, content: str = "") -> Path:
        file = self.system.failpoints / service / point
        file.write_text(content)
        return file

    def kill_at(self, point: str, *services: str) -> None:
        """Let each service's worker die at this point, and wait until it runs again."""
        armed = [self.arm(service, point) for service in services]
        eventually(lambda: not any(file.exists() for file in armed), PATIENCE_S, f"{services} come to {point}")
        self.wait_healthy(*(f"{service}-worker" for service in services))

    def wait_healthy(self, *parts: str) -> None:
        for part in parts:
            eventually(lambda part=part: self.system.is_healthy(part), PATIENCE_S, f"{part} is healthy")  # type: ignore[misc]

    def wait_all_healthy(self) -> None:
        self.wait_healthy(*(part for part in self.system.programs() if not part.endswith(SECOND)))

    def mend(self) -> None:
        """After a row that failed half-way: whatever was cut off, frozen or stopped is as it should be."""
        for broker in self.cluster.brokers:
            broker.proxy.turn(Mode.PASS)
            broker.thaw()
            if not broker.is_running:
                broker.start()
                broker.wait_ready()
        self.system.database_proxy.turn(Mode.PASS)
        for file in self.system.failpoints.glob("*/*"):
            file.unlink(missing_ok=True)
        for part in self.system.programs():
            if part.endswith(SECOND):
                self.system.stop_part(part)
            else:
                self.send(part, signal.SIGCONT)
                self.system.supervisor.start(part)
        self.wait_all_healthy()

    def wait_drained(self, seconds: float = PATIENCE_S) -> None:
        # Twice: between the questions for unsent and for received events, one more may have caused another. And not all
        # the time: whoever reads all topics and inboxes takes the cores that the workers need.
        drained = lambda: self._is_drained() and self._is_drained()  # noqa: E731
        eventually(drained, seconds, "everything sent and received", every=1)

    def _is_drained(self) -> bool:
        # A broker or a database that is only just back may refuse the question.
        with suppress(Exception):
            return self.ledger.is_drained()
        return False

    def kommunity(self, service: str, *arguments: str) -> str:
        """The house's own command, told what the service is told."""
        return run_kommunity([*arguments], self.system.env(service))

    def administer(self, *arguments: str) -> str:
        """The house's own command, by somebody who may do everything on the brokers."""
        return run_kommunity([*arguments], {**os.environ, "KOMMUNITY_KAFKA_BOOTSTRAP": self.cluster.bootstrap})

    def metric(self, service: str, name: str) -> float:
        """What the service's running workers count by this name, of all labels together."""
        pages = map(self._metrics, (f"{service}-worker", f"{service}-{SECOND}"))
        return sum(float(number) for page in pages for number in re.findall(METRIC.format(name), page, re.MULTILINE))

    def _metrics(self, part: str) -> str:
        try:
            return requests.get(f"{self.system.url(part)}/metrics", timeout=10).text
        except requests.ConnectionError:
            return ""

    def forget_topics(self) -> None:
        """For when a topic was made anew."""
        self.topics = Topics(self.topics.bootstrap, self.topics.names)
        self.ledger.topics = self.topics

    def rows(self, service: str, statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.ledger.books[service].rows(statement, parameters)

    def _books(self, service: str) -> Books:
        return Books(service, libpq(self.system.database_url(service)), _types(service))


def _types(service: str) -> Collection[str]:
    """Of every version, since old ones are read as the newest."""
    wanted = subscription_of(service)
    return frozenset(name for name, event in REGISTRY.items() if newest(event) in wanted)


@contextmanager
def fault_town(brokers: int = 1, disk: bool = False) -> Iterator[FaultTown]:
    """`disk`: PostgreSQL and Kafka lie on a small disk of their own, which can be filled."""
    folder = Path(tempfile.mkdtemp(prefix="kommunity-faults-"))
    place = REACHABLE / f"faults-{secrets.token_hex(4)}" if os.geteuid() == 0 else folder / "place"
    make_folder(place)
    cluster = Cluster((place if disk else folder) / "brokers", brokers)
    extra = [f"{service}-{SECOND}" for service in SERVICES]
    ports = Ports({**Ports.free(), **dict(zip(extra, free_ports(len(extra)), strict=True))})
    system = FaultSystem(folder / "state", ports, cluster, place)
    try:
        with _replication(brokers), _small_disk(place) if disk else _nothing(), _running(system):
            town = FaultTown(system)
            town.go_to(FIRST_DAY)
            yield town
    finally:
        clock.use_file(None)
        for each in (place, folder):
            shutil.rmtree(each, ignore_errors=True)


@contextmanager
def _running(system: FaultSystem) -> Iterator[None]:
    try:
        system.cluster.start(system.passwords)
        system.up()
        yield
    finally:
        system.down()
        system.database_proxy.close()
        system.cluster.stop()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _replication(brokers: int) -> Iterator[None]:
    os.environ["KOMMUNITY_KAFKA_REPLICATION"] = str(brokers)
    try:
        yield
    finally:
        del os.environ["KOMMUNITY_KAFKA_REPLICATION"]


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    """A disk in memory. Only root may mount one; elsewhere sudo is asked, and the row fails where that is refused."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    options = f"size={DISK_BYTES},uid={os.geteuid()},mode=755"
    subprocess.run([*root, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run([*root, "umount", "--lazy", str(place)], check=True)
