"""Birth dates, for the rules that are asked while the person is not there: a copy, which accounts keeps right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.volunteers.models import Volunteer
from shared.contracts import accounts

ASKED_AT_ONCE = 100

_VOLUNTEER = insert(cast(Table, Volunteer.__table__))  # built once: to build it costs more than to run it
# A token may be older than the last correction, so what it says is asked for, too.
_KNOW = _VOLUNTEER.on_conflict_do_update(
    index_elements=[Volunteer.person_id],
    set_={"born_on": _VOLUNTEER.excluded.born_on, "unsure_since": func.clock_timestamp()},
    where=_VOLUNTEER.excluded.born_on.is_not(None) & Volunteer.born_on.is_distinct_from(_VOLUNTEER.excluded.born_on),
)


class Doubt(NamedTuple):
    """A copy that accounts may know better; `since` tells one doubt from the next."""

    person_id: UUID
    born_on: date | None
    since: datetime


def know(session: Session, person_id: UUID, born_on: date | None) -> None:
    """Keep what her token, or accounts, says just now. She is a volunteer from now on."""
    session.execute(_KNOW, {"person_id": person_id, "born_on": born_on})


def doubt(session: Session, event: accounts.BirthDateChanged) -> None:
    """Of somebody whom we have not met there is no copy, and nothing to do."""
    ours = update(Volunteer).where(Volunteer.person_id == event.person_id)
    session.execute(ours.values(unsure_since=func.clock_timestamp()))


def doubts(session: Session) -> Sequence[Doubt]:
    """A few of those that are left, always in one order: two workers do not wait for each other in a circle."""
    unsure = select(Volunteer.person_id, Volunteer.born_on, Volunteer.unsure_since).order_by(Volunteer.person_id)
    rows = session.execute(unsure.where(Volunteer.unsure_since.is_not(None)).limit(ASKED_AT_ONCE))
    return [Doubt(person_id, born_on, since) for person_id, born_on, since in rows if since]


def settle(session: Session, asked: Sequence[Doubt], known: Mapping[UUID, date]) -> bool:
    """Write what accounts said; whether any copy was wrong. What is in doubt anew meanwhile is asked again."""
    for person_id, _, since in asked:
        same = Volunteer.person_id == person_id, Volunteer.unsure_since == since
        session.execute(update(Volunteer).where(*same).values(born_on=known.get(person_id), unsure_since=None))
    return any(known.get(one.person_id) != one.born_on for one in asked)
