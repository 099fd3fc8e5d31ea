"""One Kafka broker (KRaft, no ZooKeeper) for the local system or for tests."""

import base64
import logging
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local import parts
from deploy.local.errors import LocalError

LOGGING = """<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders><Console name="out"><PatternLayout pattern="%d %-5p %c{1}: %m%n"/></Console></Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
"""


@dataclass(frozen=True)
class Kafka:
    folder: Path
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        memory = ["-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        return [*self._java(*memory), "kafka.Kafka", str(self._properties)]

    def initialise(self) -> bool:
        """Writes the settings (ports may have changed), and formats the log folder unless that is done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text("".join(f"{name}={value}\n" for name, value in self._settings().items()))
        log4j = self.folder / "log4j2.xml"
        log4j.write_text(LOGGING)
        classpath = ":".join(map(str, parts.kafka_jars()))
        self._arguments.write_text(f'"-Dlog4j2.configurationFile={log4j}"\n-cp "{classpath}"\n')
        if (self.folder / "data" / "meta.properties").exists():
            return False
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties)]
        done = subprocess.run(
            [*self._java("-XX:TieredStopAtLevel=1"), *tool], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise LocalError(f"Kafka could not make its files: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
        return True

    def wait_ready(self, still_alive: Callable[[], bool], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        logging.getLogger("kafka").setLevel(logging.CRITICAL)  # each refused try is expected
        while time.monotonic() < deadline and still_alive():
            if answers(self.bootstrap):
                return
            time.sleep(0.1)
        raise LocalError("Kafka did not start: see its log (`make logs part=kafka`).")

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _arguments(self) -> Path:
        return self.folder / "java.args"

    def _java(self, *options: str) -> list[str]:
        return [str(parts.java()), *options, f"@{self._arguments}"]

    def _settings(self) -> dict[str, object]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": self.folder / "data",
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 3,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
        }


def answers(bootstrap: str) -> bool:
    try:
        client = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000, bootstrap_timeout_ms=2000)
    except (KafkaError, OSError, ValueError):
        return False
    client.close()
    return True
