"""What outbox and inbox cost: the same transactions with and without them, in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.contracts.accounts import QualificationGranted
from shared.contracts.base import topic_of
from shared.db import Database
from shared.messaging import record
from shared.messaging.envelope import Headers, to_record
from shared.messaging.inbox import Inbox
from shared.rooms import subscription_of
from tests.benchmarks import proofs
from tests.benchmarks.results import Figure
from tests.support.town import Town

EVENTS = 200
ROUNDS = 5
Work = Callable[[Sequence[Any]], None]
NO_PARTITION = 99  # the topic has none of this number


@dataclass(frozen=True)
class Record:
    """As it comes from Kafka."""

    topic: str
    value: bytes
    headers: Headers
    offset: int
    partition: int = NO_PARTITION


class Bench:
    """The effect is the least there is, one row copied: every other transaction pays a smaller share."""

    def __init__(self, database: Database) -> None:
        self.database = database
        subscription = subscription_of("volunteers")
        [copy] = subscription.copies[QualificationGranted]
        self.effect = copy.apply
        self.inbox = Inbox(database, "volunteers", subscription, park=_refuse)

    def bare(self, events: Sequence[QualificationGranted]) -> None:
        for event in events:
            self.database.transact(lambda session, event=event: self.effect(session, event))  # type: ignore[misc]

    def bare_together(self, events: Sequence[QualificationGranted]) -> None:
        self.database.transact(lambda session: [self.effect(session, event) for event in events])

    def telling(self, events: Sequence[QualificationGranted]) -> None:
        def tell(session: Session, event: QualificationGranted) -> None:
            self.effect(session, event)
            record(session, event)

        for event in events:
            self.database.transact(lambda session, event=event: tell(session, event))  # type: ignore[misc]

    def received(self, records: Sequence[Record]) -> None:
        for one in records:
            self.inbox.apply([one])

    def received_together(self, records: Sequence[Record]) -> None:
        self.inbox.apply(records)


def measure(town: Town) -> list[Figure]:
    town.system.stop_part("volunteers-worker")  # its relay would send what is only recorded here
    database = Database(town.system.database_url("volunteers"))
    bench = Bench(database)
    figures = [
        Figure("a change that is told, times the change alone", _times(bench.telling, bench.bare), "×", 2.5),
        Figure("an event alone, times its bare effect", _times(bench.received, bench.bare, came=True), "×", 4),
        Figure(
            f"{EVENTS} events together, times their bare effects",
            _times(bench.received_together, bench.bare_together, came=True),
            "×",
            3,
        ),
    ]
    with database.begin() as session:
        session.execute(text("DELETE FROM outbox WHERE sent_at IS NULL"))
        session.execute(text("DELETE FROM inbox WHERE partition = :partition"), {"partition": NO_PARTITION})
    database.dispose()
    town.system.start_part("volunteers-worker")
    return figures


def _times(one: Work, other: Work, came: bool = False) -> float:
    """How many times longer the one takes: of rounds in turn the median, for other work hits both alike.

    `came`: the one is given records instead of events.
    """
    rounds = []
    for _ in range(1 + ROUNDS):
        events = proofs.proofs(EVENTS)
        rounds.append(_seconds(one, _records(events) if came else events) / _seconds(other, proofs.proofs(EVENTS)))
    return statistics.median(rounds[1:])  # the first one warmed up


def _seconds(work: Work, what: Sequence[Any]) -> float:
    begun = time.perf_counter()
    work(what)
    return time.perf_counter() - begun


def _records(events: Sequence[QualificationGranted]) -> list[Record]:
    made = [to_record(proofs.envelope(event, 1)) for event in events]
    return [Record(topic_of("accounts"), *one, offset=number) for number, one in enumerate(made)]


def _refuse(_: object, error: BaseException) -> None:
    raise error
