"""A whole running municipality: every service, Kafka, PostgreSQL and mail, with its demo people to act as."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import requests

from deploy.local.settings import Ports
from deploy.local.system import System
from services.accounts.api.keys import SigningKey
from shared import clock
from shared.ids import natural_id
from shared.settings import Settings
from tests.support.waiting import eventually

PASSWORD = "kommunity"
HANDBALL = natural_id("association", "Glamsbjerg Ungdomshåndbold")
SCOUTS = natural_id("association", "Haarby Spejdergruppe")
CITIZENS = natural_id("association", "Aarup Borgerforening")
ASSENS = natural_id("depot", "Assens Materielgård")


def material(name: str, depot: str = "Assens Materielgård") -> UUID:
    return natural_id("material", depot, name)


def facility(name: str) -> UUID:
    return natural_id("facility", name)


def danish(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """The moment at which a clock in Denmark shows this."""
    return datetime(year, month, day, hour, minute, tzinfo=clock.COPENHAGEN)


class Person:
    """One of the demo people, or (with a token) another, using the services' own addresses."""

    def __init__(self, town: Town, name: str, acting_for: UUID | None = None, token: str = "") -> None:
        self.town = town
        self.email = f"{name}@kommunity.example"
        self.http = requests.Session()
        self.http.headers["Accept-Language"] = "da"
        if acting_for:
            self.http.headers["Kommunity-Acting-For"] = str(acting_for)
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"
        else:
            self.sign_in()

    def sign_in(self) -> None:
        self.http.headers.pop("Authorization", None)
        answer = self.send("POST", "accounts", "/session", json={"email": self.email, "password": PASSWORD})
        answer.raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def send(
        self, method: str, service: str, path: str, key: str | None = None, version: int | None = None, **content: Any
    ) -> requests.Response:
        headers = {"Idempotency-Key": key or str(uuid4())} if method == "POST" else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.http.request(method, self.town.system.url(service) + path, headers=headers, timeout=60, **content)

    def get(self, service: str, path: str, **content: Any) -> Any:
        """The answer's JSON. Raises for any status but a good one."""
        answer = self.send("GET", service, path, **content)
        answer.raise_for_status()
        return answer.json()

    def book(self, lines: list[dict[str, Any]], starts_at: datetime, ends_at: datetime) -> requests.Response:
        body = {
            "purpose": "Havnefest",
            "open_to_all": True,
            "place_of_use": "Assens Havneplads",
            "terms_accepted": True,
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "lines": [
                {name: str(value) if isinstance(value, UUID) else value for name, value in line.items()}
                for line in lines
            ],
        }
        return self.send("POST", "bookings", "/bookings", json=body)


class Town:
    def __init__(self, system: System) -> None:
        self.system = system
        clock.use_file(system.state / "clock")

    def person(self, name: str, acting_for: UUID | None = None) -> Person:
        return Person(self, name, acting_for)

    def newcomers(self, count: int) -> list[Person]:
        """So many more people, all grown up; their tokens are signed with the town's own key."""
        lars, tag = self.person("lars"), uuid4().hex[:6]
        key = SigningKey.load(Settings(signing_key_file=self.system.state / "signing-key.pem"))
        people = []
        for number in range(1, count + 1):
            name = f"frivillig{number}-{tag}"
            body = {"name": f"Frivillig {number}", "email": f"{name}@kommunity.example", "language": "da"}
            made = lars.send("POST", "accounts", "/people", json=body)
            made.raise_for_status()
            claims = {"sub": made.json()["id"], "for": {}, "staff": [], "born": "1990-01-01"}
            people.append(Person(self, name, token=key.access_token(claims)))
        return people

    @property
    def portal(self) -> str:
        return self.system.url("portal")

    def mails(self, to: str, containing: str = "") -> list[dict[str, Any]]:
        """The mails that the SMTP server took for `to` (a demo person's first name), oldest first."""
        everything = requests.get(f"{self.system.url('inbox')}/email", timeout=10).json()
        address = f"{to}@kommunity.example"
        return [
            mail
            for mail in everything
            if any(recipient["address"] == address for recipient in mail["to"])
            and containing in mail["subject"] + mail["text"]
        ]

    def mail(self, to: str, containing: str) -> dict[str, Any]:
        """The first such mail, waited for."""
        return eventually(lambda: self.mails(to, containing), what=f"mail to {to} with {containing!r}")[0]

    def move_clock(self, moment: datetime) -> None:
        """Let every process go on from there."""
        clock.move_to(moment)


@contextmanager
def running_town(name: str) -> Iterator[Town]:
    """A system of its own, beside any running one, gone at the end.

    With KOMMUNITY_TEST_STATE=folder it is kept there, running, so that the next run need not wait for it.
    """
    kept = os.environ.get("KOMMUNITY_TEST_STATE")
    folder = Path(kept or tempfile.mkdtemp(prefix=f"kommunity-{name}-"))
    system = System(folder / "state", _ports(folder / "ports.json"))
    try:
        system.up()
        yield Town(system)
    finally:
        if not kept:
            system.reset()
            shutil.rmtree(folder, ignore_errors=True)


def _ports(file: Path) -> Ports:
    if file.exists():
        return Ports(json.loads(file.read_text()))
    ports = Ports.free()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(dict(ports)))
    return ports
