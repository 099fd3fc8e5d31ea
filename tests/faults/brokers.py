"""Brokers that a test may kill, freeze and start again: one, or a cluster of three."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import parts
from deploy.local.kafka import Kafka
from deploy.local.settings import free_ports
from tests.faults.proxy import Proxy


@dataclass(frozen=True)
class Member(Kafka):
    """A broker with a second door behind a proxy; where there are three, each event lies on two before it is acked."""

    number: int = 1
    voters: tuple[str, ...] = ()
    inner_port: int = 0
    proxy_port: int = 0

    def _settings(self) -> dict[str, object]:
        here = "PLAINTEXT://127.0.0.1:{}"
        copies = len(self.voters)
        return {
            **super()._settings(),
            "node.id": self.number,
            "controller.quorum.voters": ",".join(self.voters),
            "listeners": f"{here.format(self.port)},CONTROLLER://127.0.0.1:{self.controller_port},"
            f"PROXIED://127.0.0.1:{self.inner_port}",
            "advertised.listeners": f"{here.format(self.port)},PROXIED://127.0.0.1:{self.proxy_port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
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
    """`count` brokers; `bootstrap` names them all, `proxied` the doors behind their proxies."""

    def __init__(self, folder: Path, count: int) -> None:
        ports = iter(free_ports(4 * count))
        doors = [tuple(next(ports) for _ in range(4)) for _ in range(count)]
        voters = tuple(f"{number}@127.0.0.1:{door[1]}" for number, door in enumerate(doors, 1))
        self.brokers = [
            Broker(self._member(folder, number, door, voters), Proxy(door[3], door[2]))
            for number, door in enumerate(doors, 1)
        ]
        self.bootstrap = ",".join(broker.kafka.bootstrap for broker in self.brokers)
        self.proxied = ",".join(f"127.0.0.1:{broker.kafka.proxy_port}" for broker in self.brokers)

    def start(self) -> None:
        parts.fetch_kafka(print)
        for broker in self.brokers:
            broker.start()
        for broker in self.brokers:
            broker.wait_ready()

    def stop(self) -> None:
        for broker in self.brokers:
            broker.proxy.close()
            if broker.is_running:
                broker.kill()

    @staticmethod
    def _member(folder: Path, number: int, door: tuple[int, ...], voters: tuple[str, ...]) -> Member:
        outer, controller, inner, proxy = door
        cluster = "a3VtbXVuaXR5LWZhdWx0cw"  # any 16 bytes, the same for all
        return Member(
            folder / f"kafka-{number}",
            outer,
            controller,
            cluster=cluster,
            number=number,
            voters=voters,
            inner_port=inner,
            proxy_port=proxy,
        )
