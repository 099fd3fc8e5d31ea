"""A broker with log-ins and the services' rules, and services' workers that log in to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from deploy.local.kafka import ADMINISTRATOR, Kafka
from deploy.local.settings import free_ports
from shared.db import Database
from shared.messaging.operations import access
from shared.settings import KafkaSecurity, settings
from tests.support.waiting import eventually

PASSWORDS = {service: f"the-password-of-{service}" for service in access.readers()}


@dataclass(frozen=True)
class Guarded:
    kafka: Kafka

    @property
    def bootstrap(self) -> str:
        return self.kafka.bootstrap

    @contextmanager
    def logged_in(self, service: str, password: str = "") -> Iterator[None]:
        """Clients made in here are the service's."""
        with _set(self._told(access.user_of(service), password or PASSWORDS[service])):
            yield

    @contextmanager
    def as_administrator(self) -> Iterator[None]:
        with _set(self._told(ADMINISTRATOR, self.kafka.password)):
            yield

    @contextmanager
    def worker(self, service: str, database: Database) -> Iterator[Worker]:
        """The service's worker process, once it is ready."""
        told = {
            **self._told(access.user_of(service), PASSWORDS[service]),
            "KOMMUNITY_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
            "KOMMUNITY_WORKER_PORT": str(free_ports(1)[0]),
        }
        command = [sys.executable, "-m", "shared.cli", "run", service, "worker"]
        process = subprocess.Popen(command, env={**os.environ, **told})
        try:
            worker = Worker(f"http://127.0.0.1:{told['KOMMUNITY_WORKER_PORT']}")
            eventually(worker.is_ready, what=f"the worker of {service}")
            yield worker
        finally:
            process.terminate()
            process.wait(20)

    def _told(self, user: str, password: str) -> dict[str, str]:
        return {
            "KOMMUNITY_KAFKA_BOOTSTRAP": self.bootstrap,
            "KOMMUNITY_KAFKA_SECURITY": KafkaSecurity.SCRAM,
            "KOMMUNITY_KAFKA_USER": user,
            "KOMMUNITY_KAFKA_PASSWORD": password,
        }


@dataclass(frozen=True)
class Worker:
    address: str

    def is_ready(self) -> bool:
        return bool((answer := self._ask("/readyz")) and answer.ok)

    def count(self, metric: str) -> float:
        """The metric, over all its labels."""
        answer = self._ask("/metrics")
        lines = answer.text.splitlines() if answer else []
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{metric}{{", f"{metric} ")))

    def _ask(self, path: str) -> Any:
        try:
            return requests.get(self.address + path, timeout=5)
        except requests.ConnectionError:
            return None


@contextmanager
def _set(told: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    settings.cache_clear()
