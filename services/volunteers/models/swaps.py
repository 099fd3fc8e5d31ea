"""A swap with the places that it is about, and what the rules say of who is to have them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.signing import Party, reasons_against_party
from services.volunteers.domain.swaps import (
    ARRIVED,
    GONE,
    NO_SUCH_SHIFT,
    NOT_THERE,
    OTHER_UNFIT,
    against_time,
    once_each,
)
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.shifts import DRAFT, WITH_ROLES, Role, Shift
from services.volunteers.models.sign_ups import CONFIRMED, SignUp, Swap, has_arrived
from shared.errors import Reason

ASKED, AGREED = ("asked", "agreed")


@dataclass(frozen=True)
class Handover:
    """A place that changes hands. `instead_of`: the shift whose place its new holder gives for it."""

    sign_up: SignUp
    shift: Shift
    to_person_id: UUID
    instead_of: UUID | None = None

    @property
    def role(self) -> Role:
        return next(role for role in self.shift.roles if role.id == self.sign_up.role_id)


def handovers(swap: Swap, sign_ups: Mapping[UUID, SignUp], shifts: Mapping[UUID, Shift]) -> list[Handover]:
    """First the place that is given, then the one in exchange, if any."""
    given = sign_ups[swap.sign_up_id]
    shift = shifts[given.shift_id]
    if swap.in_exchange_id is None:
        return [Handover(given, shift, swap.to_person_id)]
    in_exchange = sign_ups[swap.in_exchange_id]
    other = shifts[in_exchange.shift_id]
    return [
        Handover(given, shift, swap.to_person_id, other.id),
        Handover(in_exchange, other, given.person_id, shift.id),
    ]


def sign_ups_of(session: Session, swaps: Sequence[Swap]) -> dict[UUID, SignUp]:
    """All places that these swaps are about, as they are now."""
    ids = {key for swap in swaps for key in (swap.sign_up_id, swap.in_exchange_id) if key}
    query = select(SignUp).where(SignUp.id.in_(ids)).execution_options(populate_existing=True)
    return {sign_up.id: sign_up for sign_up in session.scalars(query)}


def shifts_of(session: Session, swaps: Sequence[Swap], sign_ups: Collection[SignUp]) -> dict[UUID, Shift]:
    """Of these places, and those that were wished for."""
    ids = {sign_up.shift_id for sign_up in sign_ups} | {
        swap.in_exchange_shift_id for swap in swaps if swap.in_exchange_shift_id
    }
    query = select(Shift).where(Shift.id.in_(ids)).options(WITH_ROLES)
    return {shift.id: shift for shift in session.scalars(query)}


def reasons_gone(session: Session, parts: Sequence[Handover], now: datetime) -> list[Reason]:
    """Whether both still have what they would give, and it is still to come."""
    arrived = [ARRIVED for part in parts if has_arrived(session, part.sign_up.id)]
    gone = [GONE for part in parts if part.sign_up.state != CONFIRMED]
    over = [reason for part in parts for reason in against_time(part.shift.state, part.shift.starts_at, now)]
    return once_each([*gone, *over, *arrived])


def reasons_against_yes(
    session: Session, swap: Swap, parts: Sequence[Handover], now: datetime, born: Mapping[UUID, date | None]
) -> list[Reason]:
    """All reasons why who was asked cannot agree. Why the other may not have hers is not hers to know."""
    not_there = [NOT_THERE] if swap.in_exchange_shift_id and not swap.in_exchange_id else []
    other_unfit = [OTHER_UNFIT for part in parts[1:] if reasons_against(session, part)]
    return [*reasons_gone(session, parts, now), *reasons_against(session, parts[0], born), *not_there, *other_unfit]


def reasons_against(session: Session, part: Handover, born: Mapping[UUID, date | None] | None = None) -> list[Reason]:
    """All reasons why its new holder may not have this place, once she has given away her own."""
    return _against_place(session, part.shift, part.role, part.to_person_id, part.instead_of, born)


def reasons_against_wish(
    session: Session, shift_id: UUID, given: Handover, now: datetime, born: Mapping[UUID, date | None]
) -> list[Reason]:
    """Why who asks cannot take any place on the shift that she wants in exchange.

    Whether the other has one there, and which, she would learn of nobody else either.
    """
    shift = session.get(Shift, shift_id, options=[WITH_ROLES])
    if shift is None or shift.state == DRAFT:
        return [NO_SUCH_SHIFT]
    who, instead_of = given.sign_up.person_id, given.shift.id
    of_roles = (_against_place(session, shift, role, who, instead_of, born) for role in shift.roles)
    return [*against_time(shift.state, shift.starts_at, now), *min(of_roles, key=len)]


def _against_place(
    session: Session,
    shift: Shift,
    role: Role,
    who: UUID,
    instead_of: UUID | None,
    born: Mapping[UUID, date | None] | None,
) -> list[Reason]:
    asked = wanted(session, shift, role)
    facts = facts_of(session, [who], shift.starts_at, shift.ends_at, born, [asked])[who]
    others = tuple(one for one in facts.engagements if one.shift_id != instead_of)
    return reasons_against_party(asked, role.capacity, Party(), replace(facts, engagements=others))
