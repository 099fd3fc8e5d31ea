"""Building a service's copies anew from the log, beside the live ones, and putting them in their place.

Only the copies of a subscription are run, never a reaction: nothing is recorded, mailed or promised again. The new
tables stand in a schema of their own, the only one that the replaying transactions see.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import structlog
from kafka import TopicPartition
from sqlalchemy import Table, func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from shared.contracts.base import Event
from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.inbox import Arrival, Inbox, is_passing, note
from shared.messaging.operations.beside import SCHEMA, Beside, state_hash
from shared.messaging.operations.log import Log, Positions, Progress, Show
from shared.messaging.subscription import Copy, Subscription, take_newest
from shared.messaging.tables import copied, inbox

logger = structlog.get_logger(__name__)

THINGS_AT_ONCE = 20_000


class Told(NamedTuple):
    """The newest that was told of a thing."""

    thing: str
    copy: Copy
    event: Event
    sequence: int


class _Newest:
    """Of each copied thing the newest event so far. Only that one is written: each event tells all of it."""

    def __init__(self) -> None:
        self.things: dict[str, Told] = {}

    def add(self, told: Told) -> None:
        known = self.things.get(told.thing)
        if known and told.sequence and known.sequence > told.sequence:
            return
        self.things.pop(told.thing, None)  # the newer one goes to the end, behind what it may build on
        self.things[told.thing] = told


def _told(subscription: Subscription, arrival: Arrival) -> Iterator[Told]:
    event = arrival.event
    if event is not None:
        for copy in subscription.copies.get(type(event), ()):
            yield Told(copy.thing(event), copy, event, arrival.envelope.sequence)


def _write(session: Session, told: Sequence[Told]) -> None:
    """Leaves alone what has been written of a newer event, which was sent before this one."""
    newer = take_newest(session, {thing: sequence for thing, _, _, sequence in told})
    for thing, copy, event, sequence in told:
        if not sequence or thing in newer:
            copy.apply(session, event)
    session.flush()


@dataclass
class Report:
    """What came of it. `from_nothing`: the database had applied no event; `differing`: unlike rows in each table."""

    from_nothing: bool = False
    events: int = 0
    left_out: int = 0  # could not be read or applied, as when they came: the live ones are in the dead letters
    seconds: float = 0.0
    live_hash: str = ""
    built_hash: str = ""
    differing: dict[str, int] = field(default_factory=dict)

    @property
    def is_equal(self) -> bool:
        return self.live_hash == self.built_hash


class Rebuild:
    """One rebuild of one service's copies. `tables` are those that its copies make and nobody else writes."""

    def __init__(
        self,
        database: Database,
        bootstrap: str,
        service: str,
        subscription: Subscription,
        tables: Sequence[Table],
        show: Show = lambda line: None,
    ) -> None:
        self.database = database
        self.bootstrap = bootstrap
        self.service = service
        self.subscription = Subscription(subscription.copies)
        self.everything = subscription
        self.tables = tables
        self.beside = Beside(database, [*tables, copied])
        self.show = show
        self.report = Report()
        self._reader = Inbox(database, service, self.subscription, park=lambda *_: False)
        self._stumbled: set[str] = set()  # things of which something could not be applied

    def run(self, switch: Callable[[Report], bool]) -> Report:
        """Replay, compare, and take the new copies if `switch` says so. The live ones are locked only at the end.

        In a database that has applied nothing, everything in the log counts as applied afterwards: a service that
        lost its database begins where the log ends, and what happened meanwhile takes effect on nobody twice.
        """
        client = kafka_clients.reader(self.bootstrap)
        log = Log(client, self.everything.topics())
        started = time.monotonic()
        try:
            with self.beside:
                self.report.from_nothing = not self._applied()
                first = self._how_far(log)
                self._replay(log, {}, first)
                with self.database.begin() as session:
                    self.beside.hold_still(session)
                    last = self._how_far(log)
                    self._replay(log, first, last)
                    self._compare(session)
                    if switch(self.report):
                        self.beside.take_over(session)
                        if self.report.from_nothing:
                            self._count_as_applied(session, log, last)
                self.report.seconds = time.monotonic() - started
        finally:
            kafka_clients.close_quietly(client)
        return self.report

    def _how_far(self, log: Log) -> Positions:
        """As far as the live service has come, or where it has not begun, to the end of the log."""
        return log.ends() if self.report.from_nothing else log.within(self._applied())

    def _applied(self) -> Positions:
        """How far that is in each partition, by its inbox."""
        end = func.max(inbox.c.offset) + 1
        far = select(inbox.c.topic, inbox.c.partition, end).group_by(inbox.c.topic, inbox.c.partition)
        with self.database.read() as session:
            return {TopicPartition(topic, number): end for topic, number, end in session.execute(far)}

    def _compare(self, session: Session) -> None:
        self.report.live_hash = state_hash(session, self.tables)
        self.report.built_hash = state_hash(session, self.tables, SCHEMA)
        self.report.differing = self.beside.differing(session, self.tables)

    def _replay(self, log: Log, start: Positions, end: Positions) -> None:
        total = sum(max(0, end[one] - start.get(one, 0)) for one in end)
        progress = Progress(total, self.show)
        newest = _Newest()
        for records in log.heaps(start, end):
            for arrival in self._read_all(self._reader, records):
                for told in _told(self.subscription, arrival):
                    newest.add(told)
            if len(newest.things) >= THINGS_AT_ONCE:
                self._write([*newest.things.values()])
                newest = _Newest()
            progress.add(len(records))
        self._write([*newest.things.values()])
        if self._stumbled:
            self._apply_singly(log, start, end)

    def _read_all(self, reader: Inbox, records: list[Any]) -> Iterator[Arrival]:
        for record in records:
            self.report.events += reader is self._reader
            try:
                yield reader.read(record)
            except Exception:  # noqa: BLE001 (whatever it was, it was parked when it came; reading asks nobody)
                self.report.left_out += reader is self._reader

    def _write(self, told: Sequence[Told]) -> None:
        """In one transaction, or where that fails in halves, down to what it is that cannot be applied."""
        if self._could_write(told):
            return
        if len(told) == 1:
            self._stumbled.add(told[0].thing)
            return
        middle = len(told) // 2
        self._write(told[:middle])
        self._write(told[middle:])

    def _could_write(self, told: Sequence[Told]) -> bool:
        """False if one of them cannot be applied, whenever it is tried."""

        def write(session: Session) -> None:
            self.beside.confine(session)
            _write(session, told)

        try:
            self.database.transact(write)
        except Exception as error:
            if is_passing(error) or isinstance(error, ProgrammingError):
                raise
            logger.warning("cannot be applied", things=len(told), first=told[0].thing, reason=str(error))
            return False
        return True

    def _apply_singly(self, log: Log, start: Positions, end: Positions) -> None:
        """Where the newest of a thing cannot be applied, the one before it counts, as it did when they came."""
        reader = Inbox(self.database, self.service, self.subscription, park=lambda *_: False)
        for records in log.heaps(start, end):
            for arrival in self._read_all(reader, records):
                for told in _told(self.subscription, arrival):
                    if told.thing in self._stumbled and not self._could_write([told]):
                        self.report.left_out += 1
        self._stumbled.clear()

    def _count_as_applied(self, session: Session, log: Log, end: Positions) -> None:
        reader = Inbox(self.database, self.service, self.everything, park=lambda *_: False)
        for records in log.heaps({}, end):
            arrivals = [arrival for arrival in self._read_all(reader, records) if arrival.event is not None]
            if arrivals:
                note(session, arrivals)
