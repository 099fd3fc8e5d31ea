"""Faults planted on purpose: a simulation that does not find them would find nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from services.bookings.domain import rules
from services.volunteers.commands import offers
from shared import clock
from shared.messaging import inbox, relay, subscription
from tests.simulation.log import Place
from tests.simulation.worker import Worker

_note = inbox.note


def _mark_before_ack(self: relay.Relay, connection: Any, producer: Any) -> int:
    rows = connection.execute(relay._UNSENT, [relay.BATCH]).fetchall()
    connection.execute(relay._MARK, [clock.now(), [row.position for row in rows]])
    for row in rows:
        self._send(producer, row).get()
    return len(rows)


def _all_are_new(session: Any, arrivals: Any) -> set[tuple[str, str]]:
    _note(session, arrivals)
    return {arrival.key for arrival in arrivals}


def _offset_before_effect(self: Worker, place: Place, most: int) -> None:
    records = self.next_records(place, most)
    self.positions[place] = self.position(place) + len(records)
    self.commit()
    self.inbox.apply(records)


def _effect_and_inbox_apart(self: inbox.Inbox, records: Any) -> None:
    """The effect in one transaction, the inbox row in the next."""
    arrivals = [self.read(record) for record in records]
    for arrival in [one for one in arrivals if one.event is not None]:
        with self.database.begin() as session:
            fresh = inbox.note(session, [arrival])
            session.rollback()
        if fresh:
            self.database.transact(partial(_take_effect, self, arrival))
            self.database.transact(partial(_keep, arrival))


def _take_effect(of: inbox.Inbox, arrival: inbox.Arrival, session: Session) -> None:
    of._take_effect(session, arrival)


def _keep(arrival: inbox.Arrival, session: Session) -> None:
    inbox.note(session, [arrival])


def _nothing(*_: Any, **__: Any) -> list[Any]:
    return []


def _instead(target: Any, name: str, fault: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(target, name, fault)


FAULTS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "sent rows are marked before the ack": _instead(relay.Relay, "publish_batch", _mark_before_ack),
    "what came before is applied again": _instead(inbox, "note", _all_are_new),
    "the offset is kept before the effect": _instead(Worker, "consume", _offset_before_effect),
    "effect and inbox row stand in two transactions": _instead(inbox.Inbox, "apply_or_raise", _effect_and_inbox_apart),
    "an older copy overwrites a newer one": _instead(subscription, "is_newest", lambda *_: True),
    "nobody looks what is free": _instead(rules, "amount_reasons", _nothing),
    "offers that run out are forgotten": _instead(offers, "unanswered_offers", _nothing),
}
