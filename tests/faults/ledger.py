"""The ledger: what people were told, what the databases hold and what the topics hold have to agree.

It knows nothing of how the product works: plain SQL, a plain reader, and sets that must be equal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.topics import Seen, Topics

LOST, PARKED, DOUBLED, FOREIGN, ORDER, GAP, OVERBOOKED, UNEQUAL = (
    "lost",
    "parked",
    "doubled",
    "foreign",
    "order",
    "gap",
    "overbooked",
    "unequal",
)


@dataclass(frozen=True)
class Finding:
    kind: str
    where: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.ids[:5])
        return f"{self.kind}: {self.where}: {shown}{' …' if len(self.ids) > 5 else ''} ({len(self.ids)})"


@dataclass(frozen=True)
class Books:
    """One service's database, and the types of event that it subscribes to."""

    service: str
    dsn: str
    listens_to: Collection[str] = ()

    def rows(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, connect_timeout=5) as connection:
            return connection.execute(statement, parameters).fetchall()

    def column(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[str]:
        return [str(row[0]) for row in self.rows(statement, parameters)]


@dataclass(frozen=True)
class Acked:
    """What people were told is done (`told`) must be exactly what `statement` finds.

    `untold`: what may be there or not, for its answer never came and could not be asked for again.
    """

    what: str
    service: str
    statement: str
    told: Collection[str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    untold: Collection[str] = ()


@dataclass(frozen=True)
class Mirror:
    """Two statements, each in a service's database, that must find the same rows, each as often."""

    what: str
    service: str
    statement: str
    other: str
    other_statement: str


@dataclass(frozen=True)
class Limit:
    """A statement that finds the ids of what is overbooked."""

    what: str
    service: str
    statement: str


@dataclass
class Ledger:
    books: Mapping[str, Books]
    topics: Topics
    mirrors: Collection[Mirror] = ()
    limits: Collection[Limit] = ()
    planted: set[str] = field(default_factory=set)  # events that the test itself put into a topic: to be parked

    def findings(self, acked: Iterable[Acked] = ()) -> list[Finding]:
        """Everything that does not agree."""
        self.topics.read_on()
        checks: list[Iterable[Finding]] = [
            *map(self._acked, acked),
            *(self._published(each) for each in self.books.values()),
            *(self._received(each) for each in self.books.values()),
            self._in_order(),
            *map(self._mirrored, self.mirrors),
            *map(self._within, self.limits),
        ]
        return [finding for check in checks for finding in check]

    def is_drained(self) -> bool:
        """Nothing waits to be sent, and everything sent has arrived. It may still be wrong."""
        if any(books.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1") for books in self.books.values()):
            return False
        self.topics.read_on()
        return not any(
            self._wanted(books) - self._arrived(books) - self._parked(books) for books in self.books.values()
        )

    def repeated(self) -> int:
        """Records in the topics of events that were there before: harmless, if effects are not."""
        return sum(count - 1 for count in Counter(record.id for record in self._events() if record.id).values())

    def _acked(self, acked: Acked) -> Iterator[Finding]:
        found = Counter(self.books[acked.service].column(acked.statement, acked.parameters))
        yield from _found(LOST, f"{acked.what}, acked but not there", set(acked.told) - found.keys())
        extra = found.keys() - set(acked.told) - set(acked.untold)
        yield from _found(DOUBLED, f"{acked.what}, there but acked to nobody", extra)
        yield from _found(DOUBLED, acked.what, _more_than_once(found))

    def _published(self, books: Books) -> Iterator[Finding]:
        outbox = books.rows("SELECT id::text, aggregateid, sequence FROM outbox")
        recorded = {row[0] for row in outbox}
        seen = {record.id for record in self.topics.of(f"{books.service}.events") if record.id}
        yield from _found(LOST, f"{books.service}: in the outbox, not in the topic", recorded - seen)
        yield from _found(FOREIGN, f"{books.service}: in the topic, not in the outbox", seen - recorded - self.planted)
        yield from _found(GAP, f"{books.service}: outbox", _gaps((key, sequence) for _, key, sequence in outbox))

    def _received(self, books: Books) -> Iterator[Finding]:
        wanted, parked = self._wanted(books), self._parked(books)
        missing = wanted - self._arrived(books)
        yield from _found(LOST, f"{books.service}: in a topic, neither in the inbox nor parked", missing - parked)
        yield from _found(PARKED, f"{books.service}: a real event, not applied", missing & parked)
        yield from _found(FOREIGN, f"{books.service}: in the inbox, not in a topic", self._applied(books) - wanted)

    def _wanted(self, books: Books) -> set[str]:
        return {record.id for record in self._events() if record.id and record.type in books.listens_to}

    def _arrived(self, books: Books) -> set[str]:
        """Where it belongs: nothing real is to stay parked."""
        return self._applied(books) | (self._parked(books) & self.planted)

    def _applied(self, books: Books) -> set[str]:
        return set(books.column("SELECT event_id FROM inbox"))

    def _parked(self, books: Books) -> set[str]:
        return {record.id for record in self.topics.of(f"{books.service}.dead-letters")}

    def _events(self) -> list[Seen]:
        return [record for record in self.topics.seen if record.topic.endswith(".events")]

    def _in_order(self) -> Iterator[Finding]:
        """By first appearance each key's events are 1, 2, 3 …, all in one partition. Repeats behind are allowed."""
        newest: dict[tuple[str, str], int] = defaultdict(int)
        homes: dict[tuple[str, str], set[int]] = defaultdict(set)
        known: set[str] = set()
        wrong = []
        for record in self._events():
            if not record.id or record.id in known:
                continue
            known.add(record.id)
            key = (record.topic, record.key)
            homes[key].add(record.partition)
            if record.sequence != newest[key] + 1:
                wrong.append(record.id)
            newest[key] = max(newest[key], record.sequence)
        yield from _found(ORDER, "events out of order in their topic", wrong)
        yield from _found(ORDER, "keys in two partitions", [key for (_, key), where in homes.items() if len(where) > 1])

    def _mirrored(self, mirror: Mirror) -> Iterator[Finding]:
        one = Counter(self.books[mirror.service].rows(mirror.statement))
        other = Counter(self.books[mirror.other].rows(mirror.other_statement))
        for kind, rows in ((LOST, one - other), (DOUBLED, other - one)):
            if rows:
                where = f"{mirror.what} ({mirror.service} → {mirror.other})"
                yield from _found(kind, where, [" ".join(map(str, row)) for row in rows])

    def _within(self, limit: Limit) -> Iterator[Finding]:
        yield from _found(OVERBOOKED, limit.what, self.books[limit.service].column(limit.statement))


def state_hash(books: Books, statements: Iterable[str]) -> str:
    """The same for the same rows, whatever order they were written in."""
    digest = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM ({}) AS t"
    return "-".join(books.column(digest.format(statement))[0] for statement in statements)


def counts(findings: Iterable[Finding]) -> Callable[[str], int]:
    """How many ids of a kind were found."""
    totals: Counter[str] = Counter()
    for finding in findings:
        totals[finding.kind] += len(finding.ids)
    return lambda kind: totals[kind]


def _found(kind: str, where: str, ids: Iterable[object]) -> Iterator[Finding]:
    listed = tuple(sorted(map(str, ids)))
    if listed:
        yield Finding(kind, where, listed)


def _more_than_once(found: Counter[str]) -> list[str]:
    return [each for each, count in found.items() if count > 1]


def _gaps(numbered: Iterable[tuple[str, int]]) -> list[str]:
    """Keys whose sequences are not 1, 2, 3 … without a gap."""
    sequences: dict[str, set[int]] = defaultdict(set)
    for key, sequence in numbered:
        sequences[key].add(sequence)
    return [key for key, given in sequences.items() if given != set(range(1, len(given) + 1))]
