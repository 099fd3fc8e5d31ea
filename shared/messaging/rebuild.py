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
from typing import Any

from kafka import TopicPartition
from sqlalchemy import Table, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.envelope import MalformedEnvelope
from shared.messaging.inbox import Arrival, Inbox, Poison, note
from shared.messaging.subscription import Copy, Subscription
from shared.messaging.tables import copied, inbox

SCHEMA = "rebuild"
AT_ONCE = 10_000

Positions = dict[Any, int]  # partition: the offset up to which (exclusive)
Show = Callable[[str], None]


@dataclass
class Report:
    """What came of it. `from_nothing`: the database had applied no event; `differing`: unlike rows in each table."""

    from_nothing: bool = False
    events: int = 0
    unreadable: int = 0
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
        self._reader = Inbox(database, service, self.subscription, park=lambda *_: None)

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
                self.report.seconds = time.monotonic() - started
                if switch(self.report):
                    self._switch(session)
                    if self.report.from_nothing:
                        self._count_as_applied(session, client, last)
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
        for records in _in_heaps(read_log(client, start, end)):
            self._apply(records)
            progress.add(len(records))

    def _apply(self, records: list[Any]) -> None:
        """Of each thing only the newest of these records is written: each event tells all of it."""
        last: dict[str, tuple[Copy, Arrival]] = {}
        for arrival in self._read_all(self._reader, records):
            if arrival.event is None:
                continue
            for copy in self.subscription.copies.get(type(arrival.event), ()):
                thing = copy.thing(arrival.event)
                last.pop(thing, None)  # it takes the newest one's place in the order
                last[thing] = (copy, arrival)
        if last:
            self.database.transact(lambda session: self._write(session, last))

    def _read_all(self, reader: Inbox, records: list[Any]) -> Iterator[Arrival]:
        for record in records:
            self.report.events += reader is self._reader
            try:
                yield reader.read(record)
            except (Poison, MalformedEnvelope):
                self.report.unreadable += reader is self._reader

    def _write(self, session: Session, last: dict[str, tuple[Copy, Arrival]]) -> None:
        # The new tables and no others: a copy that reached for anything else would fail here.
        session.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        session.execute(text("SET LOCAL synchronous_commit = off"))
        rows = [{"thing": thing, "sequence": arrival.envelope.sequence} for thing, (_, arrival) in last.items()]
        row = insert(copied)
        session.execute(
            row.on_conflict_do_update(index_elements=["thing"], set_={"sequence": row.excluded.sequence}), rows
        )
        for copy, arrival in last.values():
            copy.apply(session, arrival.event)
        session.flush()

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
            words = {
                "table": table.name,
                "schema": SCHEMA,
                "key": ", ".join(column.name for column in table.primary_key),
                "sets": ", ".join(f'"{name}" = excluded."{name}"' for name in names),
                "mine": ", ".join(f'live."{name}"' for name in names),
                "theirs": ", ".join(f'excluded."{name}"' for name in names),
            }
            for statement in _TAKE_OVER:
                session.execute(text(statement.format(**words)))

    def _count_as_applied(self, session: Session, client: Any, ends: Positions) -> None:
        reader = Inbox(self.database, self.service, self.everything, park=lambda *_: None)
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
    "DELETE FROM public.{table} WHERE ({key}) NOT IN (SELECT {key} FROM {schema}.{table})",
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
