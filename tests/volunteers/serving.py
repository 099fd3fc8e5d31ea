"""The service behind gunicorn, as it is deployed, on the tests' database, clock and signing key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from flask import Flask

from deploy.local.settings import free_ports
from services.volunteers.app import create_app
from shared.db import Database
from tests.support.tokens import signing_key, token
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
KEY = "KOMMUNITY_TEST_KEY"
BORN = "1980-05-17"


class GivenKey:
    def key(self, _token: str) -> Any:
        return load_pem_public_key(os.environ[KEY].encode())


def app() -> Flask:
    """For gunicorn."""
    return create_app(keys=GivenKey())


class Answer(NamedTuple):
    status: int
    json: dict[str, Any]


class Served:
    def __init__(self, port: int) -> None:
        self.port = port

    def post(self, person_id: UUID, path: str, body: Any = None, version: int | None = None) -> Answer:
        """On a connection of its own, as each of many phones has one."""
        headers = {"Authorization": f"Bearer {token(person_id, born=BORN)}", "Idempotency-Key": str(uuid4())}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()


@contextmanager
def served(database: Database, clock_file: Path, processes: int = 2) -> Iterator[Served]:
    (port,) = free_ports(1)
    public = signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    environment = {
        **os.environ,
        KEY: public.decode(),
        "KOMMUNITY_ENVIRONMENT": "test",
        "KOMMUNITY_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "KOMMUNITY_CLOCK_FILE": str(clock_file),
        "KOMMUNITY_PORT": str(port),
        "KOMMUNITY_WEB_PROCESSES": str(processes),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    name = ["--name", "services.volunteers", "tests.volunteers.serving:app()"]
    with (clock_file.parent / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen([*command, *name], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: _answers(port), what="the service behind gunicorn")
        yield Served(port)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).ok
    except requests.RequestException:
        return False
