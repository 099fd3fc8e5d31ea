"""Seats of confirmed sign-ups: PostgreSQL lets nobody sit in two places at once."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.volunteers.models import Seat, Shift, SignUp, period
from services.volunteers.models.sign_ups import CHILD, NAMED, OWN
from shared.ids import new_id

_TAKE = insert(cast(Table, Seat.__table__)).on_conflict_do_nothing().returning(Seat.id)


def take(session: Session, shift: Shift, sign_up: SignUp) -> bool:
    """A seat for each place: own and the child's, or a group's, still without names.

    False, and nothing is written, if the person is somewhere else then. Waits for whoever seats her elsewhere just now.
    """
    if sign_up.association_id is None:
        wanted = [(OWN, sign_up.person_id), *[(CHILD, None)] * (sign_up.places - 1)]
    else:
        wanted = [(NAMED, None)] * sign_up.places
    rows = [_row(shift, sign_up, kind, person_id) for kind, person_id in wanted]
    seated = session.scalars(_TAKE, rows).all()
    if len(seated) == len(rows):
        return True
    if seated:
        session.execute(delete(Seat).where(Seat.id.in_(seated)), execution_options={"synchronize_session": False})
    return False


def give_up(session: Session, sign_up: SignUp) -> int:
    """How many seats it still had; they are kept for the record."""
    given_up = session.execute(
        update(Seat).where(Seat.sign_up_id == sign_up.id, Seat.active).values(active=False).returning(Seat.id)
    )
    return len(given_up.all())


def clear(session: Session, shift: Shift) -> None:
    """No seat of a shift that is called off is taken, whoever sits there: guests too."""
    cleared = update(Seat).where(Seat.shift_id == shift.id, Seat.active).values(active=False).returning(Seat.role_id)
    gone = Counter(session.scalars(cleared))
    for role in shift.roles:
        role.taken -= gone[role.id]


def _row(shift: Shift, sign_up: SignUp, kind: str, person_id: UUID | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "sign_up_id": sign_up.id,
        "shift_id": shift.id,
        "role_id": sign_up.role_id,
        "person_id": person_id,
        "kind": kind,
        "during": period(shift.starts_at, shift.ends_at),
    }
