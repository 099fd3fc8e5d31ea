"""Answers to offers, giving a place up, and what happens to offers that nobody answers or may take any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.volunteers.commands import fitting, line
from services.volunteers.commands.confirm import confirm
from services.volunteers.commands.end_sign_up import end
from services.volunteers.commands.loading import locked_shift, locked_sign_up, role_of
from services.volunteers.domain.answers import against_accepting, against_cancelling, against_declining
from services.volunteers.models import Role, Seat, Shift, SignUp
from services.volunteers.models.shifts import CLOSED, PUBLISHED
from services.volunteers.models.sign_ups import CANCELLED, DECLINED, LAPSED, OFFERED, has_arrived
from shared.errors import Kind, refuse_if

_DURING = func.tstzrange(Shift.starts_at, Shift.ends_at, "[)")


def accept(session: Session, shift: Shift, sign_up: SignUp, now: datetime) -> None:
    """Take the offered place; in the last half hour also a free one. Raises Refusal (409) with all reasons."""
    role = role_of(shift, sign_up.role_id)
    enough = sign_up.places <= role.free
    refuse_if(
        against_accepting(sign_up.state, sign_up.offer_until, shift.state, shift.starts_at, enough, now),
        Kind.CONFLICT,
        "cannot-accept",
    )
    fitting.refuse_unfit(session, shift, role, sign_up)
    confirm(session, shift, role, sign_up, now, "offer" if sign_up.state == OFFERED else "direct")


def decline(session: Session, shift: Shift, sign_up: SignUp, now: datetime) -> None:
    """Raises Refusal (409)."""
    refuse_if(against_declining(sign_up.state), Kind.CONFLICT, "cannot-decline")
    end(session, shift, sign_up, DECLINED, "volunteer", now)


def cancel(session: Session, shift: Shift, sign_up: SignUp, now: datetime, reason: str = "") -> None:
    """Out of whatever it was, without having to find anybody else. Raises Refusal (409)."""
    arrived = has_arrived(session, sign_up.id)
    refuse_if(against_cancelling(sign_up.state, shift.starts_at, arrived, now), Kind.CONFLICT, "cannot-cancel")
    end(session, shift, sign_up, CANCELLED, "volunteer", now, reason)


def unanswered_offers(session: Session, now: datetime) -> Sequence[UUID]:
    """Sign-ups whose offer has run out."""
    return session.scalars(select(SignUp.id).where(SignUp.state == OFFERED, SignUp.offer_until <= now)).all()


def lapse(session: Session, sign_up_id: UUID, now: datetime) -> None:
    """Nothing, if she answered while we waited for the lock."""
    sign_up, shift = locked_sign_up(session, sign_up_id)
    if sign_up.state == OFFERED and sign_up.offer_until and sign_up.offer_until <= now:
        end(session, shift, sign_up, LAPSED, "volunteer", now)


def overtaken_shifts(session: Session, now: datetime) -> Sequence[UUID]:
    """Coming shifts with an offer to somebody who has taken a place elsewhere at that time."""
    seated = (Seat.person_id == SignUp.person_id) & Seat.active & Seat.during.op("&&")(_DURING)
    return session.scalars(
        select(SignUp.shift_id)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Seat, seated)
        .where(SignUp.state == OFFERED, SignUp.association_id.is_(None), Shift.starts_at > now)
        .distinct()
    ).all()


def shifts_with_lines(session: Session, now: datetime) -> Sequence[UUID]:
    """Coming shifts with somebody offered a place, or with somebody in line and places free."""
    of_shift = Role.shift_id == Shift.id
    waited_for = select(Role.id).where(of_shift, Role.waiting > 0, Role.taken < Role.capacity).exists()
    offered = select(SignUp.id).where(SignUp.shift_id == Shift.id, SignUp.state == OFFERED).exists()
    coming = Shift.state.in_((PUBLISHED, CLOSED)), Shift.starts_at > now
    return session.scalars(select(Shift.id).where(*coming, waited_for | offered)).all()


def mend_lines(session: Session, shift_id: UUID, now: datetime) -> None:
    """Offers whose holders do not fit any more go back into line, and free places to those who fit now."""
    shift = locked_shift(session, shift_id)
    standing = SignUp.state == OFFERED, SignUp.offer_until > now  # what has run out lapses instead
    offered = session.scalars(select(SignUp).where(SignUp.shift_id == shift_id, *standing)).all()
    for role in shift.roles:
        _take_back(session, shift, role, [sign_up for sign_up in offered if sign_up.role_id == role.id])
        line.offer_places(session, shift, role, now)


def _take_back(session: Session, shift: Shift, role: Role, offered: list[SignUp]) -> None:
    against = fitting.reasons_against(session, shift, role, offered) if offered else {}
    for sign_up in offered:
        if against[sign_up.id]:
            line.go_back(role, sign_up)
