"""One's own sign-ups, what comes and what was: with the seats, the place in line, and a swap that is under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from services.volunteers.domain.answers import against_cancelling
from services.volunteers.domain.offers import is_late
from services.volunteers.domain.rights import owns
from services.volunteers.domain.signing import reasons_against_staying
from services.volunteers.models import WITH_ROLES, Hours, Role, Seat, Shift, SignUp, Swap
from services.volunteers.models import shifts as shift_states
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.line import positions
from services.volunteers.models.sign_ups import (
    ALIVE,
    CAME,
    CANCELLED,
    CONFIRMED,
    LATE,
    ON_THE_LIST,
    OWN,
    PRESENT,
    RELEASED,
)
from services.volunteers.models.swaps import AGREED, ASKED
from services.volunteers.queries.cards import sign_up_card
from shared.actors import Actor
from shared.errors import N_, Reason, not_found

MOST_SHOWN = 200

SHIFT_SHOWN = (
    *("id", "title", "place", "area", "starts_at", "ends_at", "state", "cancel_reason", "organiser"),
    *("insurance", "meeting_point", "bring", "contact_id", "contact_name"),
)
REACHED_BY = ("contact_phone", "contact_email")


def coming(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What one is in, offered or in line for, and what was called off; the nearest first."""
    called_off = and_(Shift.state == shift_states.CANCELLED, SignUp.state == RELEASED)
    query = _mine(actor).where(Shift.ends_at > now, or_(SignUp.state.in_(ALIVE), called_off))
    return _in_words(session, actor, query.order_by(Shift.starts_at, SignUp.id), now)


def past(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Where one was there, the latest first; for an association, where somebody was there for it."""
    query = _mine(actor).where(Shift.ends_at <= now, SignUp.state == CONFIRMED, _was_there(actor))
    return _in_words(session, actor, query.order_by(Shift.starts_at.desc(), SignUp.id), now)


def sign_up(session: Session, actor: Actor, sign_up_id: UUID, now: datetime) -> dict[str, Any]:
    """One, whatever became of it. Raises Refusal (404) for whoever is not in it."""
    found = _in_words(session, actor, _with_shift().where(SignUp.id == sign_up_id, _involves(actor)), now)
    if not found:
        raise not_found("sign-up")
    return found[0]


@dataclass(frozen=True)
class _Beside:
    """What is shown beside sign-ups, by their ids; read once for all of them."""

    seats: Mapping[UUID, list[Seat]]
    swaps: Mapping[UUID, dict[str, Any]]
    positions: Mapping[UUID, int]
    flags: Mapping[UUID, list[Reason]]
    swapped: Set[UUID]


def _with_shift() -> Any:
    return select(SignUp, Shift).join(Shift, Shift.id == SignUp.shift_id).options(WITH_ROLES).limit(MOST_SHOWN)


def _mine(actor: Actor) -> Any:
    """Acting for an association: its own. Else what the reader signed up for, and where a group has named her."""
    if actor.acting_for:
        return _with_shift().where(_involves(actor), SignUp.association_id == actor.acting_for)
    return _with_shift().where(_involves(actor), or_(SignUp.person_id == actor.person_id, _named(actor)))


def _involves(actor: Actor) -> ColumnElement[bool]:
    """As domain.rights.owns says it for one; and whom a group has named, she sees it too."""
    speaks_for = [key for key in actor.memberships if owns(actor, actor.person_id, key)]
    own = and_(SignUp.person_id == actor.person_id, SignUp.association_id.is_(None))
    return or_(own, SignUp.association_id.in_(speaks_for), _named(actor))


def _named(actor: Actor) -> ColumnElement[bool]:
    return SignUp.id.in_(select(Seat.sign_up_id).where(Seat.person_id == actor.person_id, Seat.active))


def _was_there(actor: Actor) -> ColumnElement[bool]:
    """Checked in or, where nobody noted it, with hours; on a place of her own, not on one that others came on."""
    hours = select(Hours.seat_id).where(Hours.seat_id == Seat.id, Hours.minutes > 0).exists()
    seats = select(Seat.sign_up_id).where(CAME | (Seat.active & hours))
    return SignUp.id.in_(seats if actor.acting_for else seats.where(Seat.person_id == actor.person_id))


def _in_words(session: Session, actor: Actor, query: Any, now: datetime) -> list[dict[str, Any]]:
    found = session.execute(query, execution_options={"populate_existing": True}).all()
    ids = [sign_up.id for sign_up, _ in found]
    flags, swapped = _flags(session, actor, found), _swapped(session, found)
    beside = _Beside(_seats(session, ids), _swaps(session, ids), positions(session, ids), flags, swapped)
    return [_shown(actor, sign_up, shift, beside, now) for sign_up, shift in found]


def _shown(actor: Actor, sign_up: SignUp, shift: Shift, beside: _Beside, now: datetime) -> dict[str, Any]:
    mine = owns(actor, sign_up.person_id, sign_up.association_id)
    seats = beside.seats.get(sign_up.id, [])
    arrived = any(seat.attendance in (PRESENT, LATE) for seat in seats)
    open_still = not against_cancelling(sign_up.state, shift.starts_at, arrived, now)
    role = _role(sign_up, shift)
    return {
        **sign_up_card(sign_up, role, beside.positions.get(sign_up.id), beside.flags.get(sign_up.id, [])),
        "shift_id": shift.id,
        "made_at": sign_up.made_at,
        "shift": _shift(shift, sign_up),
        "seats": [_seat(seat) for seat in seats if mine or seat.person_id == actor.person_id],
        "swap": beside.swaps.get(sign_up.id) if mine else None,
        "swapped": sign_up.id in beside.swapped,
        "may_cancel": mine and open_still,
        "late": open_still and sign_up.state == CONFIRMED and is_late(now, shift.starts_at),
    }


def _shift(shift: Shift, sign_up: SignUp) -> dict[str, Any]:
    """How to reach its contact only while one is in, offered or in line."""
    shown = {name: getattr(shift, name) for name in SHIFT_SHOWN}
    return shown | {name: getattr(shift, name) if sign_up.state in ALIVE else "" for name in REACHED_BY}


def _seat(seat: Seat) -> dict[str, Any]:
    return {name: getattr(seat, name) for name in ("id", "kind", "person_id", "attendance", "checked_in_at")}


def _role(sign_up: SignUp, shift: Shift) -> Role:
    return next(role for role in shift.roles if role.id == sign_up.role_id)


def _seats(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Seat]]:
    found: dict[UUID, list[Seat]] = defaultdict(list)
    query = select(Seat).where(Seat.sign_up_id.in_(ids), ON_THE_LIST).order_by(Seat.kind != OWN, Seat.id)
    for seat in session.scalars(query):
        if seat.sign_up_id:
            found[seat.sign_up_id].append(seat)
    return found


def _swaps(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = session.scalars(select(Swap).where(Swap.sign_up_id.in_(ids), Swap.state == ASKED))
    return {
        swap.sign_up_id: {
            "id": swap.id,
            "state": swap.state,
            "in_exchange_shift_id": swap.in_exchange_shift_id,
        }
        for swap in rows
    }


def _swapped(session: Session, found: Sequence[Any]) -> set[UUID]:
    """Which of the given-up places went to somebody who agreed to have them."""
    ended = [sign_up.id for sign_up, _ in found if sign_up.state == CANCELLED]
    if not ended:
        return set()
    about = or_(Swap.sign_up_id.in_(ended), Swap.in_exchange_id.in_(ended))
    rows = session.execute(select(Swap.sign_up_id, Swap.in_exchange_id).where(about, Swap.state == AGREED))
    return {key for row in rows for key in row if key}


def _flags(session: Session, actor: Actor, found: Sequence[Any]) -> dict[UUID, list[Reason]]:
    """In words, where it is the reader herself who no longer meets what a change asks for."""
    flagged = [row for row in found if row[0].flags]
    if not flagged:
        return {}
    starts_at, ends_at = min(shift.starts_at for _, shift in flagged), max(shift.ends_at for _, shift in flagged)
    born = {actor.person_id: actor.born_on}
    facts = facts_of(session, [actor.person_id], starts_at, ends_at, born)[actor.person_id]
    told = {}
    for sign_up, shift in flagged:
        asked = wanted(session, shift, _role(sign_up, shift))
        against = reasons_against_staying(asked, facts, sign_up.party)
        reasons = {reason.slug: reason for reason in against}
        told[sign_up.id] = [reasons.get(slug, Reason(slug, _CHANGED)) for slug in sign_up.flags]
    return told


_CHANGED = N_("Vagten er ændret, så den måske ikke passer længere. Tal med den, der står for den.")
