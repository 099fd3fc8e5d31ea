"""How it goes: how full shifts were, who stayed away, who is new, and the hours; by month and by area."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ARRAY, Row, Uuid, bindparam, text
from sqlalchemy.orm import Session

from services.volunteers.domain.hours import next_month
from services.volunteers.domain.rights import coordinated_organisers
from shared import clock
from shared.actors import Actor
from shared.errors import forbidden

Figures = dict[str, Any]

# Each of the three statements sums by month, by area and over all at once.
_CHOSEN = """
WITH chosen AS (
    SELECT id, area, ends_at, to_char(starts_at AT TIME ZONE 'Europe/Copenhagen', 'YYYY-MM') AS month
    FROM shifts
    WHERE state IN ('published', 'closed', 'held') AND starts_at >= :begins AND starts_at < :ends
      AND (:everywhere OR organiser_id = ANY(:organisers))
)
"""

# Places count as taken when they were promised: who came unannounced is no part of it. Expected are, once it is over,
# those of whom somebody noted whether they came; the others are unnoted.
_SHIFTS = """
, places AS (
    SELECT shift_id, sum(capacity) AS capacity FROM roles JOIN chosen ON chosen.id = shift_id GROUP BY shift_id
), crews AS (
    SELECT shift_id, count(*) AS promised, count(*) FILTER (WHERE attendance = 'absent') AS absent,
           count(*) FILTER (WHERE attendance = 'expected') AS unnoted
    FROM seats JOIN chosen ON chosen.id = shift_id
    WHERE kind <> 'guest' AND (active OR attendance = 'absent')
    GROUP BY shift_id
)
SELECT month, area, count(*) AS shifts, sum(capacity) AS capacity,
       coalesce(sum(least(coalesce(promised, 0), capacity)), 0) AS taken,
       coalesce(sum(promised - unnoted) FILTER (WHERE ends_at <= :now), 0) AS expected,
       coalesce(sum(unnoted) FILTER (WHERE ends_at <= :now), 0) AS unnoted,
       coalesce(sum(absent) FILTER (WHERE ends_at <= :now), 0) AS absent
FROM chosen JOIN places ON places.shift_id = id LEFT JOIN crews ON crews.shift_id = id
GROUP BY GROUPING SETS ((month), (area), ())
"""

_PEOPLE = """
, firsts AS (
    SELECT person_id, to_char(min(lower(during)) AT TIME ZONE 'Europe/Copenhagen', 'YYYY-MM') AS first
    FROM seats WHERE active AND person_id IS NOT NULL GROUP BY person_id
)
SELECT month, NULL AS area, count(DISTINCT person_id) FILTER (WHERE first = month) AS new,
       count(DISTINCT person_id) FILTER (WHERE first < month) AS returning
FROM chosen JOIN seats ON shift_id = chosen.id AND active JOIN firsts USING (person_id)
GROUP BY GROUPING SETS ((month), ())
"""

_HOURS = """
SELECT month, area, sum(minutes) AS minutes
FROM chosen JOIN hours ON shift_id = id
WHERE hours.state <> 'questioned'
GROUP BY GROUPING SETS ((month), (area), ())
"""

_COUNTS = ("shifts", "capacity", "taken", "expected", "unnoted", "absent", "new", "returning", "minutes")
_NONE: Figures = dict.fromkeys(_COUNTS, 0)


def statistics(session: Session, actor: Actor, first: date, last: date, now: datetime) -> Figures:
    """From `first` to `last`, both included, of the shifts that the actor plans. Raises Refusal (403)."""
    own = coordinated_organisers(actor)
    if own is not None and not own:
        raise forbidden()
    values = {
        "begins": clock.at(first, time.min),
        "ends": clock.at(last + timedelta(days=1), time.min),
        "everywhere": own is None,
        "organisers": list(own or ()),
        "now": now,
    }
    sums: dict[tuple[str | None, str | None], Figures] = {}
    for statement in (_SHIFTS, _PEOPLE, _HOURS):
        for row in _rows(session, statement, values):
            sums.setdefault((row.month, row.area), dict(_NONE)).update(_figures(row))
    return {
        "months": [{"month": month} | _rated(sums.get((month, None))) for month in _months(first, last)],
        "areas": [{"area": area} | _rated(sums[None, area]) for _, area in sorted(sums, key=str) if area],
        "totals": _rated(sums.get((None, None))),
    }


def _rows(session: Session, statement: str, values: dict[str, Any]) -> list[Row[Any]]:
    query = text(_CHOSEN + statement).bindparams(bindparam("organisers", type_=ARRAY(Uuid())))
    return list(session.execute(query, values).all())


def _figures(row: Row[Any]) -> Figures:
    """A sum of nothing is NULL."""
    return {name: int(value or 0) for name, value in row._mapping.items() if name not in ("month", "area")}


def _rated(figures: Figures | None) -> Figures:
    """Rates are from 0 to 1; None where there was nothing to divide by."""
    found = figures or _NONE
    return found | {
        "fill_rate": _rate(found["taken"], found["capacity"]),
        "no_show_rate": _rate(found["absent"], found["expected"]),
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _months(first: date, last: date) -> Iterator[str]:
    """Every month, also one without shifts."""
    day = first.replace(day=1)
    while day <= last:
        yield f"{day:%Y-%m}"
        day = next_month(day)
