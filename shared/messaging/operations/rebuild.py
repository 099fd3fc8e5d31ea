"""Building a service's copies anew from the log, beside the live ones, and putting them in their place.

Only the copies of a subscription are run, never a reaction: nothing is recorded, mailed or promised again. The new
tables stand in a schema of their own, the only one that the replaying transactions see.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import structlog
from kafka import TopicPartition
from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from shared.contracts.base import Event
from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.envelope import MalformedEnvelope
from shared.messaging.inbox import Arrival, Inbox, Poison, is_passing, note
from shared.messaging.subscription import Copy, Subscription, take_newest
from shared.messaging.tables import copied, inbox

log = structlog.get_logger(__name__)

SCHEMA = "rebuild"
AT_ONCE = 10_000  # records
THINGS_AT_ONCE = 20_000

Positions = dict[Any, int]  # partition: the offset up to which (exclusive)
Show = Callable[[str], None]


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
        self.tables = [*tables, copied]
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
        started = time.monotonic()
        try:
            self._lay_tables()
            with self.database.read() as session:
                self.report.from_nothing = not _applied(session)
                first = self._ends(client) if self.report.from_nothing else self._within(client, _applied(session))
            self._replay(client, {}, first)
            with self.database.begin() as session:
                self._hold_still(session)
                last = self._ends(client) if self.report.from_nothing else self._within(client, _applied(session))
                self._replay(client, first, last)
                self._compare(session)
                if switch(self.report):
                    self._switch(session)
                    if self.report.from_nothing:
                        self._count_as_applied(session, client, last)
            self.report.seconds = time.monotonic() - started
        finally:
            kafka_clients.close_quietly(client)
            self._clear_away()
        return self.report

    # The log

    def _partitions(self, client: Any) -> list[Any]:
        return [
            TopicPartition(topic, number)
            for topic in self.everything.topics()
            for number in client.partitions_for_topic(topic) or ()
        ]

    def _ends(self, client: Any) -> Positions:
        partitions = self._partitions(client)
        return dict(client.end_offsets(partitions)) if partitions else {}

    def _within(self, client: Any, positions: Positions) -> Positions:
        """No further than the log goes: a topic that was made anew may be shorter than it was."""
        ends = self._ends(client)
        return {one: min(end, ends[one]) for one, end in positions.items() if one in ends}

    def _replay(self, client: Any, start: Positions, end: Positions) -> None:
        total = sum(max(0, end[one] - start.get(one, 0)) for one in end)
        progress = _Progress(total, self.show)
        newest = _Newest()
        for records in _in_heaps(read_log(client, start, end)):
            for arrival in self._read_all(self._reader, records):
                for told in _told(self.subscription, arrival):
                    newest.add(told)
            if len(newest.things) >= THINGS_AT_ONCE:
                self._write([*newest.things.values()])
                newest = _Newest()
            progress.add(len(records))
        self._write([*newest.things.values()])
        if self._stumbled:
            self._apply_singly(client, end)

    def _read_all(self, reader: Inbox, records: list[Any]) -> Iterator[Arrival]:
        for record in records:
            self.report.events += reader is self._reader
            try:
                yield reader.read(record)
            except (Poison, MalformedEnvelope):
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
            # The new tables and no others: a copy that reached for anything else would fail here.
            session.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
            session.execute(text("SET LOCAL synchronous_commit = off"))
            _write(session, told)

        try:
            self.database.transact(write)
        except Exception as error:
            if is_passing(error) or isinstance(error, ProgrammingError):
                raise
            log.warning("cannot be applied", things=len(told), first=told[0].thing, reason=str(error))
            return False
        return True

    def _apply_singly(self, client: Any, end: Positions) -> None:
        """Where the newest of a thing cannot be applied, the one before it counts, as it did when they came."""
        reader = Inbox(self.database, self.service, self.subscription, park=lambda *_: False)
        for records in _in_heaps(read_log(client, {}, end)):
            for arrival in self._read_all(reader, records):
                for told in _told(self.subscription, arrival):
                    if told.thing in self._stumbled and not self._could_write([told]):
                        self.report.left_out += 1
        self._stumbled.clear()

    # The tables

    def _lay_tables(self) -> None:
        with self.database.begin() as session:
            session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            session.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            for table in self.tables:
                session.execute(text(f"CREATE TABLE {SCHEMA}.{table.name} (LIKE public.{table.name} INCLUDING ALL)"))

    def _clear_away(self) -> None:
        with self.database.begin() as session:
            session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))

    def _hold_still(self, session: Session) -> None:
        """From here to the end of the transaction the consumer waits, and readers do not."""
        for table in self.tables:
            session.execute(text(f"LOCK TABLE public.{table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def _compare(self, session: Session) -> None:
        compared = [table for table in self.tables if table is not copied]
        self.report.live_hash = state_hash(session, compared)
        self.report.built_hash = state_hash(session, compared, SCHEMA)
        for table in compared:
            difference = session.scalar(text(_DIFFERENCE.format(table=table.name, schema=SCHEMA))) or 0
            if difference:
                self.report.differing[table.name] = difference

    def _switch(self, session: Session) -> None:
        """The live tables take on what the new ones hold; rows that are the same are left alone."""
        for table in self.tables:
            names = [column.name for column in table.columns]
            keys = [column.name for column in table.primary_key]
            words = {
                "table": table.name,
                "schema": SCHEMA,
                "key": ", ".join(keys),
                "live_key": ", ".join(f'live."{name}"' for name in keys),
                "built_key": ", ".join(f'built."{name}"' for name in keys),
                "sets": ", ".join(f'"{name}" = excluded."{name}"' for name in names),
                "mine": ", ".join(f'live."{name}"' for name in names),
                "theirs": ", ".join(f'excluded."{name}"' for name in names),
            }
            for statement in _TAKE_OVER:
                session.execute(text(statement.format(**words)))

    def _count_as_applied(self, session: Session, client: Any, ends: Positions) -> None:
        reader = Inbox(self.database, self.service, self.everything, park=lambda *_: False)
        for records in _in_heaps(read_log(client, {}, ends)):
            arrivals = [arrival for arrival in self._read_all(reader, records) if arrival.event is not None]
            if arrivals:
                note(session, arrivals)


def _applied(session: Session) -> Positions:
    """How far the live service has come in each partition, by its inbox."""
    end = func.max(inbox.c.offset) + 1
    far = select(inbox.c.topic, inbox.c.partition, end).group_by(inbox.c.topic, inbox.c.partition)
    return {TopicPartition(topic, number): end for topic, number, end in session.execute(far)}


_TAKE_OVER = (
    "DELETE FROM public.{table} AS live WHERE NOT EXISTS"
    " (SELECT FROM {schema}.{table} AS built WHERE ({built_key}) = ({live_key}))",
    "INSERT INTO public.{table} AS live SELECT * FROM {schema}.{table}"
    " ON CONFLICT ({key}) DO UPDATE SET {sets} WHERE ({mine}) IS DISTINCT FROM ({theirs})",
)
_HASH = """
SELECT md5(coalesce(string_agg(row, '' ORDER BY row), ''))
FROM (SELECT md5(t::text) AS row FROM {schema}.{table} t) AS rows
"""
_DIFFERENCE = """
SELECT count(*) FROM (
    (SELECT t::text FROM public.{table} t EXCEPT SELECT t::text FROM {schema}.{table} t)
    UNION ALL
    (SELECT t::text FROM {schema}.{table} t EXCEPT SELECT t::text FROM public.{table} t)
) AS different
"""


def state_hash(session: Session, tables: Sequence[Table], schema: str = "public") -> str:
    """One hash of all rows of the tables, whatever order they are in."""
    parts = [session.scalar(text(_HASH.format(table=table.name, schema=schema))) for table in tables]
    return hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def read_log(client: Any, start: Positions, end: Positions) -> Iterator[Any]:
    """The records from `start` (or the beginning) to before `end`, partition by partition in order."""
    unfinished = {one for one in end if end[one] > start.get(one, 0)}
    if not unfinished:
        return
    client.assign(sorted(unfinished))
    client.resume(*unfinished)  # an earlier reading with the same client left them paused
    for partition in unfinished:
        if partition in start:
            client.seek(partition, start[partition])
        else:
            client.seek_to_beginning(partition)
    while unfinished:
        for partition, records in client.poll(timeout_ms=1000, max_records=AT_ONCE).items():
            yield from (record for record in records if record.offset < end[partition])
        for partition in list(unfinished):
            if client.position(partition) >= end[partition]:
                unfinished.remove(partition)
                client.pause(partition)


def _in_heaps(records: Iterator[Any]) -> Iterator[list[Any]]:
    while heap := list(itertools.islice(records, AT_ONCE)):
        yield heap


class _Progress:
    def __init__(self, total: int, show: Show) -> None:
        self.total = total
        self.done = 0
        self.show = show
        self.started = self.shown = time.monotonic()

    def add(self, count: int) -> None:
        self.done += count
        now = time.monotonic()
        if now - self.shown < 2 and self.done < self.total:
            return
        self.shown = now
        rate = self.done / max(now - self.started, 0.001)
        left = (self.total - self.done) / rate if rate else 0
        self.show(f"{self.done:,} of {self.total:,} events, {rate:,.0f} a second, {left:,.0f} s left")
