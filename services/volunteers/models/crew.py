"""Who is in on shifts, holds an offer or waits in line: what a change of plan does to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.volunteers.domain.signing import Party
from services.volunteers.models.shifts import Shift
from services.volunteers.models.sign_ups import ALIVE, Seat, SignUp


@dataclass
class Taking:
    """A sign-up that is alive. `seated`: who sits where, where that is a person with an account."""

    sign_up_id: UUID
    shift_id: UUID
    role_id: UUID
    person_id: UUID
    association_id: UUID | None
    state: str
    places: int
    child_age: int | None
    line_number: int | None
    flags: frozenset[str]
    seated: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.association_id is not None

    @property
    def party(self) -> Party:
        return Party(self.places, self.association_id, self.child_age)

    @property
    def people(self) -> set[UUID]:
        return {self.person_id, *self.seated.values()}


@dataclass(frozen=True)
class Elsewhere:
    """A place that somebody has on a shift."""

    person_id: UUID
    shift_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime


_TAKEN = ("shift_id", "role_id", "person_id", "association_id", "state", "places", "child_age", "line_number")


def takings_of(session: Session, shift_ids: Collection[UUID]) -> list[Taking]:
    rows = session.execute(
        select(SignUp, Seat.id, Seat.person_id)
        .outerjoin(Seat, (Seat.sign_up_id == SignUp.id) & Seat.active)
        .where(SignUp.shift_id.in_(shift_ids), SignUp.state.in_(ALIVE))
        .order_by(SignUp.id)
    )
    found: dict[UUID, Taking] = {}
    for sign_up, seat_id, seated in rows:
        values = {name: getattr(sign_up, name) for name in _TAKEN}
        taking = found.setdefault(sign_up.id, Taking(sign_up.id, flags=frozenset(sign_up.flags), **values))
        if seated:
            taking.seated[seat_id] = seated
    return list(found.values())


def elsewhere(
    session: Session, person_ids: Collection[UUID], but: Collection[UUID], starts_at: datetime, ends_at: datetime
) -> list[Elsewhere]:
    """Their places on other shifts than `but` that touch [starts_at, ends_at)."""
    rows = session.execute(
        select(Seat.person_id, Shift.id, Shift.title, Shift.starts_at, Shift.ends_at)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Seat.person_id.in_(person_ids),
            Seat.active,
            Seat.during.op("&&")(func.tstzrange(starts_at, ends_at, "[)")),
            Shift.id.not_in(but),
        )
        .order_by(Shift.starts_at)
    )
    return [
        Elsewhere(person_id, shift_id, title, begins, ends)
        for person_id, shift_id, title, begins, ends in rows
        if person_id
    ]


def roles_ever_used(session: Session, shift_ids: Collection[UUID]) -> frozenset[UUID]:
    """Roles that somebody signed up for, whatever became of it; seats of guests count too."""
    signed_up = select(SignUp.role_id).where(SignUp.shift_id.in_(shift_ids))
    seated = select(Seat.role_id).where(Seat.shift_id.in_(shift_ids))
    return frozenset(session.scalars(signed_up.union(seated)))
