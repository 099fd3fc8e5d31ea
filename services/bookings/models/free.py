"""The two questions that decide everything, asked for many windows in one statement each.

Parameters carry their types: with a mere integer or text PostgreSQL would leave the GiST indexes aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, TextClause, Uuid, bindparam, text
from sqlalchemy.orm import Session

# The greatest sum of quantities at any moment: +quantity where a hold begins, -quantity where it ends, summed up in
# order. At one moment what ends comes before what begins. A lateral join, to be put behind a table of windows `w`.
MOST_AT_ONCE = """
    SELECT max(level) AS busy FROM (
        SELECT sum(change.delta) OVER (ORDER BY change.at NULLS LAST, change.delta) AS level
        FROM quantity_holds hold
        CROSS JOIN LATERAL (
            VALUES (greatest(lower(hold.during), lower(w.during)), hold.quantity),
                   (upper(hold.during), -hold.quantity)
        ) AS change (at, delta)
        WHERE hold.resource_id = w.resource_id AND hold.during && w.during
    ) AS levels
"""

_WINDOWS = """
    SELECT position, resource_id, tstzrange(starts_at, ends_at) AS during
    FROM unnest(:resources, :starts, :ends) WITH ORDINALITY AS given (resource_id, starts_at, ends_at, position)
"""

_BUSY = f"""
    SELECT w.position, coalesce(m.busy, 0) FROM ({_WINDOWS}) AS w
    LEFT JOIN LATERAL ({MOST_AT_ONCE}) AS m ON true ORDER BY w.position
"""  # noqa: S608 (constants only)

_TAKEN = f"""
    SELECT w.position, t.starts_at, t.ends_at FROM ({_WINDOWS}) AS w
    CROSS JOIN LATERAL (
        SELECT lower(hold.during) AS starts_at, upper(hold.during) AS ends_at FROM unit_holds hold
        WHERE hold.unit_id = w.resource_id AND hold.during && w.during ORDER BY hold.during LIMIT 1
    ) AS t
"""  # noqa: S608

_INSTANTS = ARRAY(DateTime(timezone=True))


@dataclass(frozen=True)
class Window:
    """A resource (or, for `first_taken`, a unit or facility) in a time; None is until further notice."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime | None


def _typed(statement: str) -> TextClause:
    return text(statement).bindparams(
        bindparam("resources", type_=ARRAY(Uuid)),
        bindparam("starts", type_=_INSTANTS),
        bindparam("ends", type_=_INSTANTS),
    )


BUSY, TAKEN = _typed(_BUSY), _typed(_TAKEN)


def busy(session: Session, windows: Sequence[Window]) -> list[int]:
    """How many are taken at the worst moment of each window, in the order of the windows."""
    if not windows:
        return []
    return [row[1] for row in session.execute(BUSY, _columns(windows))]


def first_taken(session: Session, windows: Sequence[Window]) -> dict[int, tuple[datetime, datetime | None]]:
    """By index of the window: the first time in it that is taken. Free windows are not named."""
    if not windows:
        return {}
    return {row[0] - 1: (row[1], row[2]) for row in session.execute(TAKEN, _columns(windows))}


def _columns(windows: Sequence[Window]) -> dict[str, list[object]]:
    return {
        "resources": [window.resource_id for window in windows],
        "starts": [window.starts_at for window in windows],
        "ends": [window.ends_at for window in windows],
    }
