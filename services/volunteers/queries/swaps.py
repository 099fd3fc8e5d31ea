"""Swaps asked of one or by one: what they are about, and what speaks against a yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.volunteers.models import Shift, SignUp, Swap
from services.volunteers.models.swaps import (
    AGREED,
    ASKED,
    Handover,
    handovers,
    reasons_against_wish,
    reasons_against_yes,
    reasons_gone,
    shifts_of,
    sign_ups_of,
)
from services.volunteers.queries.sign_ups import SHIFT_SHOWN
from shared.actors import Actor
from shared.errors import Reason, not_found

MOST_SHOWN = 50


def swaps(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Open ones first, the latest first among them."""
    order = (Swap.state == ASKED).desc(), Swap.asked_at.desc()
    return _in_words(session, actor, session.scalars(_involving(actor).order_by(*order)).all(), now)


def swap(session: Session, actor: Actor, swap_id: UUID, now: datetime) -> dict[str, Any]:
    """Raises Refusal (404) for everybody but the two."""
    found = session.scalars(_involving(actor).where(Swap.id == swap_id)).all()
    if not found:
        raise not_found("swap")
    return _in_words(session, actor, found, now)[0]


def _involving(actor: Actor) -> Any:
    asked = Swap.sign_up_id.in_(select(SignUp.id).where(SignUp.person_id == actor.person_id))
    return select(Swap).where(or_(Swap.to_person_id == actor.person_id, asked)).limit(MOST_SHOWN)


def _in_words(session: Session, actor: Actor, found: Sequence[Swap], now: datetime) -> list[dict[str, Any]]:
    sign_ups = sign_ups_of(session, found)
    shifts = shifts_of(session, found, sign_ups.values())
    return [_shown(session, actor, one, handovers(one, sign_ups, shifts), shifts, now) for one in found]


def _shown(
    session: Session,
    actor: Actor,
    one: Swap,
    parts: Sequence[Handover],
    shifts: Mapping[UUID, Shift],
    now: datetime,
) -> dict[str, Any]:
    """Who asked learns of the other nothing but a yes: not even whether there is anybody."""
    mine = parts[0].sign_up.person_id == actor.person_id
    knows_both = not mine or one.state == AGREED
    reasons = _reasons(session, actor, one, parts, mine, now) if one.state == ASKED else []
    wished_for = shifts[one.in_exchange_shift_id] if one.in_exchange_shift_id else None
    role = parts[1].role.name if len(parts) > 1 and knows_both else ""
    return {
        "id": one.id,
        "state": one.state,
        "sign_up_id": one.sign_up_id,
        "from_person_id": parts[0].sign_up.person_id,
        "to_person_id": one.to_person_id if knows_both else None,
        "asked_at": one.asked_at,
        "shift": _shift(parts[0].shift),
        "role": parts[0].role.name,
        "in_exchange": _shift(wished_for) | {"role": role} if wished_for else None,
        "may": one.state == ASKED and (mine or not reasons),
        "reasons": reasons,
        "mine": mine,
    }


def _reasons(
    session: Session, actor: Actor, one: Swap, parts: Sequence[Handover], mine: bool, now: datetime
) -> list[Reason]:
    """Each is told what speaks against herself alone; who is asked also what has happened to the places."""
    born: Mapping[UUID, Any] = {actor.person_id: actor.born_on}
    if not mine:
        return reasons_against_yes(session, one, parts, now, born)
    own = reasons_gone(session, parts[:1], now)
    if one.in_exchange_shift_id is None:
        return own
    return [*own, *reasons_against_wish(session, one.in_exchange_shift_id, parts[0], now, born)]


def _shift(shift: Shift) -> dict[str, Any]:
    return {name: getattr(shift, name) for name in SHIFT_SHOWN}
