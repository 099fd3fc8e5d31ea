"""Brokers that a test may kill, freeze and start again: one, or a cluster of three. Who comes from outside logs in."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import parts
from deploy.local.kafka import Kafka
from deploy.local.settings import free_ports
from shared.messaging.operations.access import secure
from tests.faults.proxy import Proxy

LOG_IN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@dataclass(frozen=True)
class Member(Kafka):
    """A broker with three doors: brokers and the test's own hands need no name at `port` and may do everything there.

    Services log in, at `clients_port` or, behind a proxy, at `inner_port`. Where there are three brokers, each event
    lies on two before it is acked.
    """

    number: int = 1
    voters: tuple[str, ...] = ()
    clients_port: int = 0
    inner_port: int = 0
    proxy_port: int = 0

    def _settings(self) -> dict[str, object]:
        here = "127.0.0.1"
        copies = len(self.voters)
        return {
            **super()._settings(),
            "node.id": self.number,
            "controller.quorum.voters": ",".join(self.voters),
            "listeners": f"PLAINTEXT://{here}:{self.port},CONTROLLER://{here}:{self.controller_port},"
            f"CLIENTS://{here}:{self.clients_port},PROXIED://{here}:{self.inner_port}",
            "advertised.listeners": f"PLAINTEXT://{here}:{self.port},"
            f"CLIENTS://{here}:{self.clients_port},PROXIED://{here}:{self.proxy_port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
            "CLIENTS:SASL_PLAINTEXT,PROXIED:SASL_PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.clients.scram-sha-512.sasl.jaas.config": LOG_IN,
            "listener.name.proxied.scram-sha-512.sasl.jaas.config": LOG_IN,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "offsets.topic.replication.factor": copies,
            "default.replication.factor": copies,
            "min.insync.replicas": max(1, copies - 1),
            "broker.session.timeout.ms": 6000,
            "delete.topic.enable": "true",
        }


@dataclass
class Broker:
    """One broker's process."""

    kafka: Member
    proxy: Proxy
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.kafka.initialise()
        with (self.kafka.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.kafka.command(), cwd="/", stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> None:
        self.kafka.wait_ready(lambda: self.is_running)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def has_said(self, *words: str) -> bool:
        """Is there a line in its log with all of them?"""
        lines = (self.kafka.folder / "log").read_text(errors="replace").splitlines()
        return any(all(word in line for word in words) for line in lines)

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        assert self.process
        self.process.wait()

    def freeze(self) -> None:
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)


class Cluster:
    """`count` brokers, each address for all of them: `bootstrap` for the test, `clients` and `proxied` for services."""

    def __init__(self, folder: Path, count: int) -> None:
        ports = iter(free_ports(5 * count))
        doors = [tuple(next(ports) for _ in range(5)) for _ in range(count)]
        voters = tuple(f"{number}@127.0.0.1:{door[1]}" for number, door in enumerate(doors, 1))
        self.brokers = [
            Broker(self._member(folder, number, door, voters), Proxy(door[4], door[3]))
            for number, door in enumerate(doors, 1)
        ]
        self.bootstrap = ",".join(broker.kafka.bootstrap for broker in self.brokers)
        self.clients = ",".join(f"127.0.0.1:{broker.kafka.clients_port}" for broker in self.brokers)
        self.proxied = ",".join(f"127.0.0.1:{broker.kafka.proxy_port}" for broker in self.brokers)

    def start(self, passwords: Mapping[str, str]) -> None:
        """With the rules for all services, and for each a user with its password."""
        parts.fetch_kafka(print)
        for broker in self.brokers:
            broker.start()
        for broker in self.brokers:
            broker.wait_ready()
        secure(self.bootstrap, passwords)

    def stop(self) -> None:
        for broker in self.brokers:
            broker.proxy.close()
            if broker.is_running:
                broker.kill()

    @staticmethod
    def _member(folder: Path, number: int, door: tuple[int, ...], voters: tuple[str, ...]) -> Member:
        own, controller, clients, inner, proxy = door
        cluster = "a3VtbXVuaXR5LWZhdWx0cw"  # any 16 bytes, the same for all
        return Member(
            folder / f"kafka-{number}",
            own,
            controller,
            cluster=cluster,
            number=number,
            voters=voters,
            clients_port=clients,
            inner_port=inner,
            proxy_port=proxy,
        )
