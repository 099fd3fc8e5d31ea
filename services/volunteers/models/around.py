"""What is planned already at the places and times of a plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.volunteers.domain.overlaps import LONGEST, Work
from services.volunteers.models.shifts import CANCELLED, Shift


def planned_around(
    session: Session, works: Sequence[Work], but: Collection[UUID] = (), moments: Sequence[datetime] = ()
) -> list[Work]:
    """Stored work at any of these places around all of these times, whoever plans it.

    `but`: without these shifts; `moments`: from the first to the last of them too.
    """
    if not works:
        return []
    rows = session.execute(
        select(Shift.title, Shift.place, Shift.starts_at, Shift.ends_at).where(
            func.lower(Shift.place).in_({work.place.lower() for work in works}),
            Shift.starts_at > min([*moments, *(work.starts_at for work in works)]) - LONGEST,
            Shift.starts_at < max([*moments, *(work.ends_at for work in works)]),
            Shift.state != CANCELLED,
            Shift.id.not_in(but),
        )
    )
    return [Work(*row) for row in rows]
