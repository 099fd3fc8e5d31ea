"""Apply dead letters again, inside the service: a replay writes into nobody else's topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database
from shared.messaging.dead_letters import reason_of
from shared.messaging.inbox import Inbox, is_passing
from shared.messaging.operations import letters
from shared.messaging.subscription import Subscription
from shared.messaging.tables import dead_letters


@dataclass(frozen=True)
class Outcome:
    id: int
    trouble: str = ""  # empty if it was applied


def replay_requested(database: Database, service: str, subscription: Subscription) -> list[Outcome]:
    """Apply the letters whose replay was asked for, oldest first; those that fail wait on, with the new reason."""
    inbox = Inbox(database, service, subscription, park=lambda *_: False)
    with database.read() as session:
        requested = letters.ids_of(session, letters.Filter(states=(letters.REQUESTED,)))
    return [_replay(database, inbox, number) for number in requested]


def _replay(database: Database, inbox: Inbox, number: int) -> Outcome:
    with database.read() as session:
        letter = letters.letter_of(session, number)
    try:
        inbox.apply_or_raise([_Again(letter)])
    except Exception as error:
        if is_passing(error):
            raise
        trouble = error  # the name `error` ends with this block
        database.transact(lambda session: let_wait_on(session, number, trouble))
        return Outcome(number, str(error))
    database.transact(lambda session: _mark_replayed(session, number))
    return Outcome(number)


class _Again:
    """A parked record, as the consumer saw it."""

    def __init__(self, letter: Row[Any]) -> None:
        self.topic, self.partition, self.offset = letter.topic, letter.partition, letter.offset
        self.key, self.value, self.timestamp = letter.key, letter.value, letter.timestamp
        self.headers = letters.headers_of(letter)


def _mark_replayed(session: Session, number: int) -> None:
    changes = {"state": letters.REPLAYED, "settled_at": clock.now()}
    session.execute(update(dead_letters).where(dead_letters.c.id == number).values(changes))


def let_wait_on(session: Session, number: int, error: BaseException) -> None:
    """With the new reason; but one that was discarded meanwhile stays so."""
    still = (dead_letters.c.id == number, dead_letters.c.state == letters.REQUESTED)
    session.execute(update(dead_letters).where(*still).values(state=letters.WAITING, **reason_of(error)))
