"""Faults planted on purpose: a simulation that does not find them would find nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

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


def _noted_apart(self: inbox.Inbox, records: Any) -> None:
    arrivals = [arrival for arrival in map(self.read, records) if arrival.event is not None]
    if arrivals:
        fresh = self.database.transact(lambda session: _note(session, arrivals))
        new = [arrival for arrival in arrivals if arrival.key in fresh]
        self.database.transact(lambda session: [self._take_effect(session, arrival) for arrival in new])


def _any_is_newest(_session: Any, sequences: Mapping[str, int]) -> set[str]:
    return set(sequences)


def _offset_before_effect(self: Worker, place: Place, most: int) -> None:
    records = self.next_records(place, most)
    self.positions[place] = self.position(place) + len(records)
    self.commit()
    self.inbox.apply(records)


def _nothing(*_: Any, **__: Any) -> list[Any]:
    return []


def _instead(target: Any, name: str, fault: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(target, name, fault)


FAULTS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "sent rows are marked before the ack": _instead(relay.Relay, "publish_batch", _mark_before_ack),
    "what came before is applied again": _instead(inbox, "note", _all_are_new),
    "what came is noted in a transaction of its own": _instead(inbox.Inbox, "apply_or_raise", _noted_apart),
    "an older copy takes a newer one's place": _instead(subscription, "take_newest", _any_is_newest),
    "the offset is kept before the effect": _instead(Worker, "consume", _offset_before_effect),
    "nobody looks what is free": _instead(rules, "amount_reasons", _nothing),
    "offers that run out are forgotten": _instead(offers, "unanswered_offers", _nothing),
}
