"""What a mail about a shift tells: read when it is written, so that nobody is told what is no longer so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers import links
from services.volunteers.domain.signing import reasons_against_staying
from services.volunteers.models import WITH_ROLES, Hours, Role, Seat, Shift, SignUp, Swap
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.line import position
from services.volunteers.models.sign_ups import ALIVE, OFFERED
from shared.errors import Reason, not_found


def of_sign_up(session: Session, sign_up_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """Links that answer go to who signed up alone: whom a group has named cannot call off for all of it."""
    sign_up = _found(session.get(SignUp, sign_up_id))
    shift = _shift(session, sign_up.shift_id)
    flags = _flags(session, person_id, sign_up, shift) if person_id and sign_up.flags else []
    return {
        "shift": _shown(shift) | _reached_by(shift, sign_up),
        "sign_up": _sign_up(session, shift, sign_up, flags) | {"has_seat": _has_seat(session, sign_up, person_id)},
        "links": _answers(sign_up) if sign_up.person_id == person_id else {},
    }


def of_shift(session: Session, shift_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    stop = links.make(links.STOP_ASKING, person_id) if person_id else None
    return {"shift": _shown(_shift(session, shift_id)), "links": {"stop": stop}}


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


def _flags(session: Session, person_id: UUID, sign_up: SignUp, shift: Shift) -> list[Reason]:
    """Those rules that a change broke, as far as they are still broken for her."""
    asked = wanted(session, shift, _role(shift, sign_up))
    facts = facts_of(session, [person_id], shift.starts_at, shift.ends_at)[person_id]
    against = reasons_against_staying(asked, facts, sign_up.party)
    return [reason for reason in against if reason.slug in sign_up.flags]
