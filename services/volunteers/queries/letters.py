"""What a mail about a shift tells: read when it is written, so that nobody is told what is no longer so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.volunteers import links
from services.volunteers.domain.signing import reasons_against_staying
from services.volunteers.models import WITH_ROLES, Hours, Role, Seat, Shift, SignUp, Swap
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.line import position
from services.volunteers.models.shifts import CANCELLED
from services.volunteers.models.sign_ups import ALIVE, CONFIRMED, OFFERED, RELEASED, period
from services.volunteers.models.swaps import AGREED
from shared.errors import Reason, not_found


def of_sign_up(session: Session, sign_up_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """Links that answer go to who signed up alone: whom a group has named cannot call off for all of it."""
    sign_up = _found(session.get(SignUp, sign_up_id))
    shift = _shift(session, sign_up.shift_id)
    flags = _flags(session, person_id, sign_up, shift) if person_id and sign_up.flags else []
    has_seat = _has_seat(session, sign_up, person_id)
    return {
        "shift": _shown(shift) | _reached_by(shift, sign_up),
        "sign_up": _sign_up(session, shift, sign_up, flags) | {"has_seat": has_seat},
        "moved_away": _moved_away(session, shift, sign_up, person_id) if person_id and not has_seat else None,
        "gone": _gone(session, _given_for(session, sign_up)) if sign_up.person_id == person_id else [],
        "links": _answers(sign_up) if sign_up.person_id == person_id else {},
    }


def of_shift(session: Session, shift_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    shift = _shift(session, shift_id)
    stop = links.make(links.STOP_ASKING, person_id) if person_id else None
    is_off = person_id and shift.state == CANCELLED
    gone = _gone(session, _lost_with(session, shift, person_id)) if is_off else []
    return {"shift": _shown(shift), "gone": gone, "links": {"stop": stop}}


def of_swap(session: Session, swap_id: UUID) -> dict[str, Any]:
    """In the eyes of who is asked: `shift` is what she would get, `in_exchange` what she would give."""
    swap = _found(session.get(Swap, swap_id))
    sign_up = session.get_one(SignUp, swap.sign_up_id)
    shift = _shift(session, sign_up.shift_id)
    return {
        "shift": _shown(shift),
        "sign_up": _sign_up(session, shift, sign_up, []),
        "swap_state": swap.state,
        "in_exchange": _shown(_shift(session, swap.in_exchange_shift_id)) if swap.in_exchange_shift_id else None,
        "links": {},
    }


def of_hours(session: Session, seat_id: UUID) -> dict[str, Any]:
    hours = _found(session.get(Hours, seat_id))
    told = {"minutes": hours.minutes, "question": hours.question, "state": hours.state}
    return {"shift": _shown(_shift(session, hours.shift_id)), "hours": told, "links": {}}


def _found(row: Any) -> Any:
    if row is None:
        raise not_found("letter")
    return row


def _shift(session: Session, shift_id: UUID) -> Shift:
    found: Shift = _found(session.get(Shift, shift_id, options=[WITH_ROLES]))
    return found


def _role(shift: Shift, sign_up: SignUp) -> Role:
    return next(role for role in shift.roles if role.id == sign_up.role_id)


def _answers(sign_up: SignUp) -> dict[str, str | None]:
    is_offered, is_alive = sign_up.state == OFFERED, sign_up.state in ALIVE
    return {
        "offer": links.make(links.OFFER, sign_up.id, sign_up.offer_number) if is_offered else None,
        "cancel": links.make(links.CANCEL, sign_up.id) if is_alive else None,
    }


_SHOWN = (
    *("id", "title", "place", "area", "starts_at", "ends_at", "state", "organiser", "organiser_id", "insurance"),
    *("contact_id", "contact_name", "meeting_point", "bring", "cancel_reason"),
)


def _reached_by(shift: Shift, sign_up: SignUp) -> dict[str, str]:
    """Of the contact: for those who are in, offered or in line."""
    return {name: getattr(shift, name) if sign_up.state in ALIVE else "" for name in ("contact_phone", "contact_email")}


def _shown(shift: Shift) -> dict[str, Any]:
    counts = {name: sum(getattr(role, name) for role in shift.roles) for name in ("taken", "minimum")}
    return {name: getattr(shift, name) for name in _SHOWN} | counts


def _sign_up(session: Session, shift: Shift, sign_up: SignUp, flags: list[Reason]) -> dict[str, Any]:
    columns = ("id", "state", "places", "child_age", "association_id", "offer_until", "offer_number")
    return {name: getattr(sign_up, name) for name in columns} | {
        "role": _role(shift, sign_up).name,
        "position": position(session, sign_up),
        "sequence": shift.sequence + sign_up.version,
        "flags": flags,
    }


def _has_seat(session: Session, sign_up: SignUp, person_id: UUID | None) -> bool:
    hers = select(Seat.id).where(Seat.sign_up_id == sign_up.id, Seat.person_id == person_id, Seat.active)
    return bool(session.scalar(select(hers.exists())))


def _moved_away(session: Session, shift: Shift, sign_up: SignUp, person_id: UUID) -> dict[str, Any] | None:
    """Whom a move has put off the shift: when it was, which a group's place forgets, and what she has then."""
    until_now = None
    if sign_up.state == RELEASED:
        given_up = select(Seat.during).where(Seat.sign_up_id == sign_up.id, Seat.person_id == person_id).limit(1)
        until_now = session.scalar(given_up)
        if until_now is None or until_now == period(shift.starts_at, shift.ends_at):
            return None
    elif sign_up.state != CONFIRMED or sign_up.association_id is None:
        return None
    return {
        "starts_at": until_now.lower if until_now else None,
        "ends_at": until_now.upper if until_now else None,
        "elsewhere": _elsewhere(session, shift, person_id),
    }


def _elsewhere(session: Session, shift: Shift, person_id: UUID) -> Shift | None:
    then = Seat.during.overlaps(period(shift.starts_at, shift.ends_at))
    hers = Seat.person_id == person_id, Seat.active, Seat.shift_id != shift.id
    others = select(Shift).join(Seat, Seat.shift_id == Shift.id).where(*hers, then)
    return session.scalar(others.order_by(Shift.starts_at).limit(1))


def _gone(session: Session, sign_ups: Sequence[SignUp]) -> list[dict[str, Any]]:
    """Places that she had, to be taken out of her calendar."""
    places = [(sign_up, _shift(session, sign_up.shift_id)) for sign_up in sign_ups]
    return [{"shift": _shown(shift), "sign_up": _sign_up(session, shift, sign_up, [])} for sign_up, shift in places]


def _lost_with(session: Session, shift: Shift, person_id: UUID | None) -> Sequence[SignUp]:
    """What she had, for herself or a group, until the shift was called off; those in line had none."""
    named = select(Seat.sign_up_id).where(Seat.shift_id == shift.id, Seat.person_id == person_id)
    was_in = SignUp.state == RELEASED, SignUp.confirmed_at.is_not(None), SignUp.ended_at >= shift.changed_at
    hers = or_(SignUp.person_id == person_id, SignUp.id.in_(named))
    return session.scalars(select(SignUp).where(SignUp.shift_id == shift.id, hers, *was_in)).all()


def _given_for(session: Session, sign_up: SignUp) -> Sequence[SignUp]:
    """What she gave in exchange who was asked; who asked is told of hers in the answer."""
    got = select(SignUp.shift_id).where(SignUp.id == Swap.sign_up_id).scalar_subquery()
    agreed = Swap.to_person_id == sign_up.person_id, Swap.state == AGREED, Swap.answered_at == sign_up.confirmed_at
    given = select(Swap.in_exchange_id).where(*agreed, got == sign_up.shift_id)
    return session.scalars(select(SignUp).where(SignUp.id.in_(given))).all()


def _flags(session: Session, person_id: UUID, sign_up: SignUp, shift: Shift) -> list[Reason]:
    """Those rules that a change broke, as far as they are still broken for her."""
    asked = wanted(session, shift, _role(shift, sign_up))
    facts = facts_of(session, [person_id], shift.starts_at, shift.ends_at)[person_id]
    against = reasons_against_staying(asked, facts, sign_up.party)
    return [reason for reason in against if reason.slug in sign_up.flags]
