"""The table of dead letters: what waits, and what an administrator decides of it. No Kafka in here."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, Select, any_, literal, select, update
from sqlalchemy.orm import Session

from shared import clock
from shared.messaging.tables import dead_letters

WAITING, REQUESTED, REPLAYED, DISCARDED = STATES = ("waiting", "requested", "replayed", "discarded")
UNSETTLED = (WAITING, REQUESTED)

# All but what can be large.
IN_SHORT = [column for column in dead_letters.c if column.name not in ("key", "value", "headers")]


@dataclass(frozen=True)
class Filter:
    """Which letters: by state, by the beginning of the event's type, by topic, by id, by the time of parking.

    `settled_since`: settled, or asked to be applied again, at or after that moment.
    """

    states: tuple[str, ...] = UNSETTLED
    type: str = ""
    topic: str = ""
    ids: tuple[int, ...] = ()
    since: datetime | None = None
    settled_since: datetime | None = None

    def of(self, query: Select[Any]) -> Select[Any]:
        return query.where(*self._conditions())

    def _conditions(self) -> Iterable[ColumnElement[bool]]:
        if self.states:
            yield dead_letters.c.state.in_(self.states)
        if self.type:
            yield dead_letters.c.type.startswith(self.type, autoescape=True)
        if self.topic:
            yield dead_letters.c.topic == self.topic
        if self.ids:
            yield dead_letters.c.id == _any_of(self.ids)
        if self.since:
            yield dead_letters.c.parked_at >= self.since
        if self.settled_since:
            yield dead_letters.c.settled_at >= self.settled_since


def in_short(chosen: Filter, newest_first: bool = False) -> Select[Any]:
    """The letters without their contents."""
    order = dead_letters.c.id.desc() if newest_first else dead_letters.c.id
    return chosen.of(select(*IN_SHORT)).order_by(order)


def letters(session: Session, chosen: Filter) -> list[Row[Any]]:
    """The letters with all that is in them, oldest first."""
    return list(session.execute(chosen.of(select(dead_letters)).order_by(dead_letters.c.id)))


def letter_of(session: Session, number: int) -> Row[Any]:
    """Raises NoResultFound."""
    return session.execute(select(dead_letters).where(dead_letters.c.id == number)).one()


def ids_of(session: Session, chosen: Filter) -> list[int]:
    return list(session.scalars(chosen.of(select(dead_letters.c.id)).order_by(dead_letters.c.id)))


def headers_of(letter: Row[Any]) -> list[tuple[str, bytes]]:
    return [(name, base64.b64decode(content)) for name, content in letter.headers]


def request_replay(session: Session, ids: Iterable[int], who: str) -> list[int]:
    """Ask the worker to apply these again. Returns those that were still unsettled."""
    return _settle(session, ids, REQUESTED, who)


def discard(session: Session, ids: Iterable[int], who: str) -> list[int]:
    """Settle these without effect. Returns those that were still unsettled."""
    return _settle(session, ids, DISCARDED, who)


def _settle(session: Session, ids: Iterable[int], state: str, who: str) -> list[int]:
    settled = (
        update(dead_letters)
        .where(dead_letters.c.id == _any_of(ids), dead_letters.c.state.in_(UNSETTLED))
        .values(state=state, settled_at=clock.now(), settled_by=who)
        .returning(dead_letters.c.id)
    )
    return sorted(session.scalars(settled))


def _any_of(ids: Iterable[int]) -> ColumnElement[Any]:
    """One parameter however many there are: a statement cannot have 65,536."""
    return any_(literal(list(ids), ARRAY(BigInteger)))
