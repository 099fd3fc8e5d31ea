"""One Kafka broker (KRaft, no ZooKeeper) for the local system or for tests."""

import base64
import logging
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import parts
from deploy.local.errors import LocalError
from shared.messaging.kafka_clients import LogIn, is_reachable
from shared.settings import KafkaSecurity

ADMINISTRATOR = "kommunity_admin"

LOGGING = """<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders><Console name="out"><PatternLayout pattern="%d %-5p %c{1}: %m%n"/></Console></Appenders>
  <Loggers>
    <Logger name="kafka.authorizer.logger" level="INFO"/> <!-- names whoever was refused, and what -->
    <Root level="WARN"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
"""


@dataclass(frozen=True)
class Kafka:
    folder: Path
    port: int
    controller_port: int
    password: str = field(default="", repr=False)  # the administrator's
    is_guarded: bool = False  # with log-ins and rules; otherwise anybody on this machine may do anything
    cluster: str = field(default_factory=lambda: base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))

    @property
    def administrator(self) -> LogIn:
        return LogIn(KafkaSecurity.SCRAM, ADMINISTRATOR, self.password) if self.is_guarded else LogIn()

    def answers(self) -> bool:
        return is_reachable(self.bootstrap, self.administrator)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        memory = ["-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        return [*self._java(*memory), "kafka.Kafka", str(self._properties)]

    def initialise(self) -> bool:
        """Writes the settings (ports may have changed), and formats the log folder unless that is done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.touch(mode=0o600)
        self._properties.write_text("".join(f"{name}={value}\n" for name, value in self._settings().items()))
        log4j = self.folder / "log4j2.xml"
        log4j.write_text(LOGGING)
        classpath = ":".join(map(str, parts.kafka_jars()))
        self._arguments.write_text(f'"-Dlog4j2.configurationFile={log4j}"\n-cp "{classpath}"\n')
        if (self.folder / "data" / "meta.properties").exists():
            return False
        done = self._format()
        if done.returncode != 0:
            raise LocalError(f"Kafka could not make its files: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
        return True

    def _format(self) -> subprocess.CompletedProcess[str]:
        words = f'kafka.tools.StorageTool format --cluster-id={self.cluster} -c "{self._properties}"'
        if self.password:  # also while nobody has to log in, so that it can be asked for later
            words += f" --add-scram SCRAM-SHA-512=[name={ADMINISTRATOR},password={self.password}]"
        hidden = self.folder / "format.args"  # the list of processes is for everybody to see
        hidden.touch(mode=0o600)
        hidden.write_text(words)
        command = [*self._java("-XX:TieredStopAtLevel=1"), f"@{hidden}"]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False)
        finally:
            hidden.unlink()

    def wait_ready(self, still_alive: Callable[[], bool], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        logging.getLogger("kafka").setLevel(logging.CRITICAL)  # each refused try is expected
        while time.monotonic() < deadline and still_alive():
            if self.answers():
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
            **(self._guard() if self.is_guarded else {}),
        }

    def _guard(self) -> dict[str, object]:
        """Log-ins for clients and for the controller, and rules: what is allowed to nobody is forbidden."""
        who = f'username="{ADMINISTRATOR}" password="{self.password}"'
        login = "org.apache.kafka.common.security"
        return {
            "listeners": f"CLIENTS://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"CLIENTS://127.0.0.1:{self.port}",
            "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
            "inter.broker.listener.name": "CLIENTS",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "listener.name.clients.scram-sha-512.sasl.jaas.config": f"{login}.scram.ScramLoginModule required {who};",
            # The controllers keep the SCRAM passwords themselves, so they cannot ask for them at their own door.
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": (
                f'{login}.plain.PlainLoginModule required {who} user_{ADMINISTRATOR}="{self.password}";'
            ),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{ADMINISTRATOR}",
        }
