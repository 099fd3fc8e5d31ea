"""docker-compose.yml describes the same system, and holds no secret."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from deploy.local.kafka import Kafka
from deploy.local.settings import ROOT, SERVICES, free_ports
from deploy.local.testing import running_kafka
from shared.messaging import kafka_clients
from shared.messaging.kafka_clients import LogIn, is_reachable
from shared.messaging.operations import access, topics
from shared.settings import KafkaSecurity

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SECRET = re.compile(r"PASSWORD|SECRET|_KEY\b")


def test_every_service_has_its_processes_and_its_migration_with_health_checks():
    for service in SERVICES:
        assert COMPOSE[f"{service}-migrate"]["command"] == ["run", service, "migrate"]
        for process in ("web", "worker"):
            part = COMPOSE[f"{service}-{process}"]
            assert part["command"] == ["run", service, process]
            assert part["healthcheck"]
            assert part["build"]["args"] == {"SERVICE": service}


def test_no_secret_stands_in_the_file():
    settings = [pair for part in COMPOSE.values() for pair in part.get("environment", {}).items()]
    secrets = [(name, str(value)) for name, value in settings if SECRET.search(name)]
    assert secrets
    assert [name for name, value in secrets if not value.startswith("${")] == []
    urls = [value for _, value in settings if "postgresql" in str(value)]
    assert all(re.search(r":\$\{\w+:\?\}@", url) for url in urls)


def test_each_image_holds_one_service_alone():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert "services/${SERVICE}" in copied
    assert "services" not in copied


def test_what_is_meant_for_operators_is_reached_from_inside_alone():
    """Metrics and health of web processes and workers, the broker, the databases."""
    assert {name for name, part in COMPOSE.items() if "ports" in part} == {"proxy", "mail"}
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["mail"]["ports"])


def test_every_service_has_a_log_in_of_its_own_at_the_broker():
    for service in SERVICES:
        told = COMPOSE[f"{service}-worker"]["environment"]
        password = f"${{{service.upper()}_KAFKA_PASSWORD:?}}"
        assert told["KOMMUNITY_KAFKA_SECURITY"] == KafkaSecurity.SCRAM
        assert (told["KOMMUNITY_KAFKA_USER"], told["KOMMUNITY_KAFKA_PASSWORD"]) == (access.user_of(service), password)
        assert COMPOSE["topics"]["environment"][f"KOMMUNITY_KAFKA_PASSWORD_{service.upper()}"] == password


@dataclass(frozen=True)
class ComposeKafka(Kafka):
    """The broker of the file, on ports of our own. Its image makes `some.thing-else` of KAFKA_SOME_THING___ELSE."""

    local_port: int = 0

    @property
    def local(self) -> str:
        return f"127.0.0.1:{self.local_port}"

    def answers(self) -> bool:
        return is_reachable(self.local)

    def _settings(self) -> dict[str, object]:
        told = COMPOSE["kafka"]["environment"]
        named = {
            name.removeprefix("KAFKA_").lower().replace("___", "-").replace("_", "."): self._here(str(value))
            for name, value in told.items()
            if name.startswith("KAFKA_")
        }
        return {**named, "log.dirs": self.folder / "data"}

    def _here(self, text: str) -> str:
        ports = {"9092": self.port, "9093": self.controller_port, "9094": self.local_port}
        for theirs, ours in ports.items():
            text = re.sub(rf"(://|@)[^:,]*:{theirs}\b", rf"\g<1>127.0.0.1:{ours}", text)
        return text


@pytest.mark.broker
def test_the_broker_of_the_file_lets_a_service_in_and_nobody_without_a_name(tmp_path: Path):
    with running_kafka(ComposeKafka(tmp_path, *free_ports(2), local_port=free_ports(1)[0])) as broker:
        topics.create_missing(broker.local)
        access.secure(broker.local, {"bookings": "secret"})
        bookings = LogIn(KafkaSecurity.SCRAM, "kommunity_bookings", "secret")
        with kafka_clients.admin(broker.bootstrap, bookings) as admin:
            seen = admin.list_topics()
        assert set(seen) == {"bookings.events", "bookings.dead-letters", *access.readers()["bookings"]}
        assert not is_reachable(broker.bootstrap)
