"""What the local system consists of: its parts, their addresses, and what each is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import databases, node, postgres
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from deploy.local.secrets import load_or_make
from deploy.local.server_user import place_for, server_user
from deploy.local.settings import BIN, SERVICES, Ports
from deploy.local.supervision import Program
from shared.messaging.operations.access import user_of
from shared.settings import KafkaSecurity

MARK = "KOMMUNITY_SYSTEM"  # in the environment of every process of ours, so that strays can be found


@dataclass(frozen=True)
class Existing:
    """Servers that are there already; what is named here is not started."""

    postgres_url: str = ""
    kafka_bootstrap: str = ""
    smtp_host: str = ""
    smtp_port: int = 25

    @classmethod
    def from_environment(cls) -> "Existing":
        return cls(
            os.environ.get("KOMMUNITY_LOCAL_POSTGRES_URL", ""),
            os.environ.get("KOMMUNITY_KAFKA_BOOTSTRAP", ""),
            os.environ.get("KOMMUNITY_SMTP_HOST", ""),
            int(os.environ.get("KOMMUNITY_SMTP_PORT") or 25),
        )


class Layout:
    def __init__(self, state: Path, ports: Ports, existing: Existing) -> None:
        self.state = state.resolve()
        self.ports = ports
        self.existing = existing
        self.place = place_for(self.state)  # of PostgreSQL's files
        self.guards_kafka = os.environ.get("KOMMUNITY_KAFKA_SECURITY") == KafkaSecurity.SCRAM

    @property
    def kafka(self) -> Kafka:
        folder, password = self.state / "kafka", self.secrets["kafka"]
        return Kafka(folder, self.ports["kafka"], self.ports["kafka-controller"], password, self.guards_kafka)

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.place / "postgres" / "data", self.ports["postgres"], self.secrets["postgres"])

    @property
    def secrets(self) -> Mapping[str, str]:
        return load_or_make(self.state / "secrets.json")

    @property
    def portal_url(self) -> str:
        return os.environ.get("KOMMUNITY_PORTAL_URL") or self.url("portal")

    @property
    def inbox_url(self) -> str:
        """The page with the mails sent; empty when they go to a real SMTP server."""
        return "" if self.existing.smtp_host else self.url("inbox")

    @property
    def kafka_bootstrap(self) -> str:
        return self.existing.kafka_bootstrap or self.kafka.bootstrap

    @property
    def postgres_url(self) -> str:
        """The superuser's address."""
        return self.existing.postgres_url or self.postgres.url

    def url(self, part: str) -> str:
        return f"http://127.0.0.1:{self.ports[part]}"

    def database_url(self, service: str) -> str:
        return databases.address(self.postgres_url, service, self.secrets[service])

    def env(self, service: str) -> dict[str, str]:
        """The environment of the service's processes, complete: for subprocesses of tests and benchmarks too."""
        return {**self.inherited(), **self._told(service)}

    def address(self, part: str) -> str:
        """Where people and programs reach the part."""
        if part == "mail":
            return self.inbox_url
        name = part.removesuffix("-web")
        return f"127.0.0.1:{self.ports[name]}" if part in ("postgres", "kafka") else self.url(name)

    def health_url(self, part: str) -> str:
        """Where a part of ours says that it is ready; empty for PostgreSQL and Kafka."""
        if part == "mail":
            return f"{self.url('inbox')}/healthz"
        port = part.removesuffix("-web")
        return f"{self.url(port)}/readyz" if port in self.ports and port not in ("postgres", "kafka") else ""

    def programs(self) -> dict[str, Program]:
        every = [*self._servers(), *(program for service in SERVICES for program in self._processes(service))]
        return {program.name: program for program in [*every, self._kommunity("portal", "web", "portal")]}

    def inherited(self) -> dict[str, str]:
        """The operator's own settings (threads, log format, …) reach the services; ours come on top."""
        return {**os.environ, MARK: str(self.state), "PYTHONUNBUFFERED": "1"}

    def _servers(self) -> list[Program]:
        programs = []
        if not self.existing.postgres_url:
            command = self.postgres.command(postgres.SAFE)
            programs.append(Program("postgres", command, user=server_user(), stop_signal="INT"))
        if not self.existing.kafka_bootstrap:
            programs.append(Program("kafka", self.kafka.command()))
        if not self.existing.smtp_host:
            smtp, inbox = str(self.ports["smtp"]), str(self.ports["inbox"])
            options = [
                "--ip",
                "127.0.0.1",
                "--smtp",
                smtp,
                "--web",
                inbox,
                "--mail-directory",
                str(self.state / "mail"),
            ]
            programs.append(Program("mail", [str(node.NODE), str(node.MAILDEV), *options]))
        return programs

    def _processes(self, service: str) -> list[Program]:
        return [self._kommunity(service, process, f"{service}-{process}") for process in ("web", "worker")]

    def _kommunity(self, service: str, process: str, name: str) -> Program:
        told = {**self._told(service), "KOMMUNITY_WORKER_NAME": name}
        return Program(name, [str(BIN / "kommunity"), "run", service, process], told)

    def _told(self, service: str) -> dict[str, str]:
        secrets = self.secrets
        told = {
            "KOMMUNITY_ENVIRONMENT": "demo",
            "KOMMUNITY_HOST": os.environ.get("KOMMUNITY_HOST", "127.0.0.1"),
            "KOMMUNITY_PORT": str(self.ports[service]),
            "KOMMUNITY_KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "KOMMUNITY_SMTP_HOST": self.existing.smtp_host or "127.0.0.1",
            "KOMMUNITY_SMTP_PORT": str(self.existing.smtp_port if self.existing.smtp_host else self.ports["smtp"]),
            "KOMMUNITY_PORTAL_URL": self.portal_url,
            "KOMMUNITY_INBOX_URL": self.inbox_url,
            "KOMMUNITY_SESSION_SECRET": secrets["session"],
            "KOMMUNITY_SERVICE_SECRET": secrets["service"],
            "KOMMUNITY_LINK_SECRET": secrets["link"],
            "KOMMUNITY_CLOCK_FILE": str(self.state / "clock"),
            **{f"KOMMUNITY_{each.upper()}_URL": self.url(each) for each in SERVICES},
        }
        if service in SERVICES:
            told["KOMMUNITY_WORKER_PORT"] = str(self.ports[f"{service}-worker"])
            told["KOMMUNITY_DATABASE_URL"] = self.database_url(service)
            if self.guards_kafka and not self.existing.kafka_bootstrap:
                told["KOMMUNITY_KAFKA_USER"] = user_of(service)
                told["KOMMUNITY_KAFKA_PASSWORD"] = secrets[f"kafka-{service}"]
        if service == "accounts":
            told["KOMMUNITY_SIGNING_KEY_FILE"] = str(self.state / "signing-key.pem")
        return told
