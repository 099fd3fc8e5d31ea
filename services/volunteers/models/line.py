"""The line of a role: who waits, in the order in which they came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from services.volunteers.models.sign_ups import WAITING, SignUp

_Ahead = aliased(SignUp)


def position(session: Session, sign_up: SignUp) -> int | None:
    """Her place in line, 1 for the next one; None for who does not wait."""
    return positions(session, [sign_up.id]).get(sign_up.id) if sign_up.state == WAITING else None


def positions(session: Session, sign_up_ids: Collection[UUID]) -> dict[UUID, int]:
    """The place in line of each of these that waits, in one statement."""
    rows = session.execute(
        select(SignUp.id, func.count(_Ahead.id))
        .join(
            _Ahead,
            (_Ahead.role_id == SignUp.role_id) & (_Ahead.state == WAITING) & (_Ahead.line_number <= SignUp.line_number),
        )
        .where(SignUp.id.in_(sign_up_ids), SignUp.state == WAITING)
        .group_by(SignUp.id)
    )
    return dict(rows.all())


def waiting_after(session: Session, role_id: UUID, line_number: int, largest: int, many: int) -> Sequence[SignUp]:
    """The next `many` in line behind `line_number` who want no more than `largest` places."""
    return session.scalars(
        select(SignUp)
        .where(
            SignUp.role_id == role_id,
            SignUp.state == WAITING,
            SignUp.line_number > line_number,
            SignUp.places <= largest,
        )
        .order_by(SignUp.line_number)
        .limit(many)
        .execution_options(populate_existing=True)
    ).all()
