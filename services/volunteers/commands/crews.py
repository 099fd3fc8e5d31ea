"""Whether enough have signed up, so long before the start that something can be done: looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Interval, cast, func, literal, select
from sqlalchemy.orm import Session

from services.volunteers.commands.loading import locked_shift
from services.volunteers.domain.eligibility import reasons_against
from services.volunteers.models import Ask, Role, Shift, SignUp, Volunteer
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.shifts import CLOSED, PUBLISHED
from shared.contracts.volunteers import ShiftUnderstaffed, VolunteerAsked
from shared.messaging import record, record_all

ASKED_AT_MOST = 50
LOOKED_AT = 500  # of those who volunteered last: among them, the first who fit are asked

_HOUR = cast(literal("1 hour"), Interval)


def to_check(session: Session, now: datetime) -> list[UUID]:
    """Shifts whose crew is due to be counted and was not yet."""
    due = (
        Shift.state.in_((PUBLISHED, CLOSED)),
        Shift.checked_at.is_(None),
        Shift.starts_at > now,
        Shift.starts_at - Shift.check_hours * _HOUR <= now,
    )
    return list(session.scalars(select(Shift.id).where(*due).order_by(Shift.starts_at)))


def check(session: Session, shift_id: UUID, now: datetime) -> None:
    """Tell the coordinator of a crew that is too small, and ask those who fit and are free, each once."""
    shift = locked_shift(session, shift_id)
    if shift.checked_at is not None or shift.state not in (PUBLISHED, CLOSED) or shift.starts_at <= now:
        return
    shift.checked_at = now
    lacking = [role for role in shift.roles if role.taken < role.minimum]
    if not lacking:
        return
    record(
        session,
        ShiftUnderstaffed(
            shift_id=shift.id,
            contact_id=shift.contact_id,
            taken=sum(role.taken for role in shift.roles),
            minimum=sum(role.minimum for role in shift.roles),
        ),
    )
    if shift.state == PUBLISHED:
        _ask(session, shift, lacking, now)


def _ask(session: Session, shift: Shift, lacking: Sequence[Role], now: datetime) -> None:
    known = _volunteers(session, shift)
    facts = facts_of(session, known, shift.starts_at, shift.ends_at)
    wishes = [wanted(session, shift, role) for role in lacking]
    fit = [who for who in known if any(not reasons_against(wish, facts[who]) for wish in wishes)][:ASKED_AT_MOST]
    session.add_all(Ask(shift_id=shift.id, person_id=who, asked_at=now) for who in fit)
    record_all(session, [VolunteerAsked(shift_id=shift.id, person_id=who) for who in fit])


def _volunteers(session: Session, shift: Shift) -> list[UUID]:
    """Who may be asked and has said nothing about this shift yet, those who volunteered last first."""
    here = select(SignUp.person_id).where(SignUp.shift_id == shift.id)
    asked = select(Ask.person_id).where(Ask.shift_id == shift.id)
    rows = (
        select(Volunteer.person_id)
        .join(SignUp, SignUp.person_id == Volunteer.person_id)
        .where(Volunteer.may_be_asked, Volunteer.person_id.not_in(here), Volunteer.person_id.not_in(asked))
        .group_by(Volunteer.person_id)
        .order_by(func.max(SignUp.made_at).desc(), Volunteer.person_id)
        .limit(LOOKED_AT)
    )
    return list(session.scalars(rows))
