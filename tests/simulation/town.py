"""A town of one seed: its log, its workers, its people's requests, and what is remembered of all that."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shared.db import Database
from tests.simulation.crashes import Crash
from tests.simulation.log import Log, Record
from tests.simulation.luck import Time
from tests.simulation.post import Letterbox, open_office
from tests.simulation.residents import Resident
from tests.simulation.stores import SERVICES, Stores
from tests.simulation.worker import Worker, Zombie

TRIES = 4


class Violation(AssertionError):
    """Something that must never be so is so."""


@dataclass(frozen=True)
class Weather:
    """How rough this seed is: probabilities of what goes wrong."""

    crashes: float
    failing_sends: float
    lost_answers: float

    @classmethod
    def drawn(cls, chance: random.Random) -> Weather:
        return cls(chance.choice((0.05, 0.15, 0.3)), chance.choice((0, 0.02, 0.1)), chance.choice((0, 0.1)))


CALM = Weather(0, 0, 0)


@dataclass
class Acked:
    """Requests that were answered with a yes, by what they are recognised by."""

    bookings: dict[str, str]  # purpose → id
    sign_ups: set[str]


class Town:
    def __init__(self, stores: Stores, chance: random.Random, time: Time) -> None:
        self.stores = stores
        self.chance = chance
        self.time = time
        self.weather = CALM
        self.log = Log()
        self.trace: list[str] = []
        self.parked: list[tuple[str, Record, BaseException]] = []
        self.acked = Acked({}, set())
        self.letterbox = Letterbox(stores.config, stores.fuse)
        self.office = open_office(stores.databases["notifications"], stores.config, self.letterbox)
        self.workers = {service: Worker(self, service) for service in SERVICES}
        self.zombies: list[Zombie] = []
        self.letters: list[tuple[Worker, Record]] = []
        self.residents: dict[str, Resident] = {}

    def note(self, what: str) -> None:
        self.trace.append(f"{self.time.moment:%d.%m. %H:%M:%S} {what}")

    def rows(self, service: str, sql: LiteralString, **values: Any) -> Sequence[Any]:
        return self.stores.readers[service].execute(sql, values).fetchall()

    def pick(self, service: str, sql: LiteralString, **values: Any) -> Any:
        """One of the rows, or None where there are none."""
        found = self.rows(service, sql, **values)
        return self.chance.choice(found) if found else None

    def happen(self, what: str, action: Callable[[], Any], *workers: Worker) -> bool:
        """Do it, unless the process dies in the middle. False if it did."""
        try:
            with self.stores.fuse.lit(self.chance, self.weather.crashes):
                action()
        except Crash as crash:
            self.note(f"{what} † {crash}")
            for worker in workers:
                worker.die()
            return False
        self.note(what)
        return True

    def deliver_mail(self, database: Database) -> None:
        """As the job of that name, to this town's letterbox. What waits for real time to pass has waited enough."""
        with database.begin() as session:
            for table in ("notices", "deliveries"):
                session.execute(text(f"UPDATE {table} SET due_at = now() WHERE state = 'waiting' AND due_at > now()"))
        self.office.work()

    def do(self, service: str, what: str, command: Callable[[Session], Any]) -> bool:
        """A command that has no route, in its transaction."""
        return self.happen(f"{service}: {what}", lambda: self.stores.databases[service].transact(command))

    def ask(
        self,
        service: str,
        who: str,
        method: str,
        path: str,
        body: Any = None,
        version: int | None = None,
        acting_for: UUID | None = None,
    ) -> TestResponse | None:
        """A request, sent again with the same key for as long as there is no answer; None if none ever came."""
        headers = {**self.residents[who].headers, "Idempotency-Key": str(UUID(int=self.chance.getrandbits(128)))}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if acting_for is not None:
            headers["Kommunity-Acting-For"] = str(acting_for)
        for _ in range(TRIES):
            answer = self._answer(service, f"{who}: {method} {path}", headers, body)
            if answer is not None and self.chance.random() >= self.weather.lost_answers:
                return answer
        return None

    def _answer(self, service: str, what: str, headers: dict[str, str], body: Any) -> TestResponse | None:
        method, path = what.split()[1:]
        client = self.stores.apps[service].test_client()
        answers: list[TestResponse] = []
        send = lambda: answers.append(client.open(path, method=method, headers=headers, json=body))  # noqa: E731
        if not self.happen(f"{what} {body or ''}", send):
            return None
        answer = answers[0]
        self.trace[-1] += f" → {answer.status_code} {_why(answer)}"
        if answer.status_code >= 500:
            raise Violation(f"{what} was answered with {answer.status_code}: {answer.text}")
        return answer


def _why(answer: TestResponse) -> str:
    if answer.status_code < 400:
        return ""
    problem = answer.get_json(silent=True) or {}
    return ", ".join(reason["slug"] for reason in problem.get("reasons", ())) or str(problem.get("slug", ""))
