"""Find og lån: what matches the words, and how much of it is free, in two statements whatever is found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, String, TextClause, Uuid, bindparam, text
from sqlalchemy.orm import Session

from services.bookings.domain import slots
from services.bookings.domain.opening import OpenTimes
from services.bookings.domain.plenty import CLOSED, FEW, free_state
from services.bookings.domain.words import stems
from services.bookings.models.closing_days import depot_times
from services.bookings.models.free import MOST_AT_ONCE

ORDERS = {
    "name": "",
    "free": "free DESC NULLS LAST,",
    "place": 'place COLLATE "da-x-icu",',
}

_FRAME = text(
    """
    SELECT (SELECT coalesce(json_agg(json_build_object(
                'id', d.id, 'opening_hours', d.opening_hours, 'closed_on', d.closed_on,
                'preparations', (SELECT json_agg(DISTINCT r.preparation_days) FROM resources r WHERE r.depot_id = d.id)
            )), '[]') FROM depots d) AS depots,
           (SELECT coalesce(json_agg(category ORDER BY category COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT category FROM resources WHERE active) c) AS categories,
           (SELECT coalesce(json_agg(place ORDER BY place COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT coalesce(d.town, r.town) AS place
                  FROM resources r LEFT JOIN depots d ON d.id = r.depot_id WHERE r.active) p
            WHERE place <> '') AS places
    """
)

# Materials are asked for throughout their depot's natural loan; facilities for what is left of the opening hours.
_SEARCH = f"""
    WITH loan AS (
        SELECT * FROM unnest(:depots, :preparations, :starts, :ends, :returns)
            AS loan (depot_id, preparation_days, starts_at, ready_at, ends_at)
    ), candidate AS (
        SELECT r.*, r.id AS resource_id, coalesce(d.town, r.town) AS place, coalesce(d.name, '') AS depot_name,
               loan.starts_at AS loan_starts_at, loan.ends_at AS loan_ends_at,
               CASE WHEN r.kind = 'consumable' THEN tstzrange(:now, NULL)
                    WHEN loan.starts_at IS NOT NULL THEN tstzrange(loan.starts_at, loan.ready_at) END AS during
        FROM resources r
        LEFT JOIN depots d ON d.id = r.depot_id
        LEFT JOIN loan ON loan.depot_id = r.depot_id AND loan.preparation_days = r.preparation_days
        WHERE r.active
          AND (:place = '' OR coalesce(d.town, r.town) = :place OR d.name = :place)
          AND (:category = '' OR r.category = :category)
          AND (:kind = '' OR (r.kind = 'facility') = (:kind = 'facility'))
          AND concat_ws(' ', r.name, r.category, coalesce(d.town, r.town), d.name) ILIKE ALL (:words)
    ), opening AS (
        SELECT c.id, range_agg(tstzrange(
                   (day + (hours ->> 'opens')::time) AT TIME ZONE 'Europe/Copenhagen',
                   (day + (hours ->> 'closes')::time) AT TIME ZONE 'Europe/Copenhagen')) AS open
        FROM candidate c
        CROSS JOIN generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '1 day') AS day
        CROSS JOIN LATERAL jsonb_array_elements(c.opening_hours) AS hours
        WHERE c.kind = 'facility' AND (hours ->> 'weekday')::int = extract(isodow FROM day) - 1
        GROUP BY c.id
    ), facility AS (
        SELECT o.id, NOT isempty(o.open * taken.times) AS partly_taken, isempty(o.open - taken.times) AS is_full
        FROM opening o
        CROSS JOIN LATERAL (
            SELECT coalesce(range_agg(hold.during), '{{}}') AS times FROM unit_holds hold
            WHERE hold.unit_id IN (SELECT o.id UNION ALL SELECT part.id FROM resources part WHERE part.parent_id = o.id)
              AND hold.during && range_merge(o.open)
        ) AS taken
    ), counted AS (
        SELECT w.*, CASE
                   WHEN :first IS NULL THEN NULL
                   WHEN w.kind = 'facility' THEN CASE WHEN f.is_full IS FALSE THEN 1 ELSE 0 END
                   WHEN w.during IS NULL THEN 0
                   ELSE greatest(0, w.total - coalesce(m.busy, 0)) END AS free,
               CASE WHEN w.kind = 'facility' THEN f.id IS NULL ELSE w.during IS NULL END AS closed,
               coalesce(f.partly_taken AND NOT f.is_full, false) AS partly_taken
        FROM candidate w
        LEFT JOIN facility f ON f.id = w.id
        LEFT JOIN LATERAL ({MOST_AT_ONCE}) AS m ON :first IS NOT NULL AND w.kind <> 'facility'
    )
    SELECT *, count(*) OVER () AS matches FROM counted
    WHERE NOT :only_free OR free > 0
    ORDER BY ORDER_BY name COLLATE "da-x-icu", id
    LIMIT :limit OFFSET :offset
"""  # noqa: S608 (constants only)

_INSTANTS = ARRAY(DateTime(timezone=True))


def _statement(sort: str) -> TextClause:
    return text(_SEARCH.replace("ORDER_BY", ORDERS[sort])).bindparams(
        bindparam("depots", type_=ARRAY(Uuid)),
        bindparam("preparations", type_=ARRAY(Integer)),
        bindparam("starts", type_=_INSTANTS),
        bindparam("ends", type_=_INSTANTS),
        bindparam("returns", type_=_INSTANTS),
        bindparam("now", type_=DateTime(timezone=True)),
        bindparam("first", type_=Date),
        bindparam("last", type_=Date),
        bindparam("words", type_=ARRAY(String)),
        bindparam("place", type_=String),
        bindparam("category", type_=String),
        bindparam("kind", type_=String),
        bindparam("only_free", type_=Boolean),
    )


_STATEMENTS = {sort: _statement(sort) for sort in ORDERS}


@dataclass(frozen=True)
class Search:
    """What to look for. Without days nothing is said about what is free."""

    words: str = ""
    first: date | None = None
    last: date | None = None
    place: str = ""
    category: str = ""
    kind: str = ""
    only_free: bool = False
    sort: str = "name"
    page: int = 1
    page_size: int = 50


def search(session: Session, wanted: Search, now: datetime) -> dict[str, Any]:
    """One page of resources, the choices to narrow it down by, and the slots of pick-up and return."""
    frame = session.execute(_FRAME).one()
    depots = {depot["id"]: (_times(depot), depot["preparations"] or []) for depot in frame.depots}
    rows = session.execute(
        _STATEMENTS[wanted.sort],
        {
            **_loans(depots, wanted),
            "now": now,
            "first": wanted.first,
            "last": wanted.last,
            "words": [f"%{_escaped(stem)}%" for stem in stems(wanted.words)],
            "place": wanted.place,
            "category": wanted.category,
            "kind": wanted.kind,
            "only_free": wanted.only_free and wanted.first is not None,
            "limit": wanted.page_size,
            "offset": (wanted.page - 1) * wanted.page_size,
        },
    ).all()
    return {
        "items": [_item(row) for row in rows],
        "total": rows[0].matches if rows else 0,
        "page": wanted.page,
        "page_size": wanted.page_size,
        "facets": {"places": frame.places, "categories": frame.categories},
        "loan": _slots([times for times, _ in depots.values()], wanted),
    }


def _times(depot: dict[str, Any]) -> OpenTimes:
    return depot_times(depot["opening_hours"], map(date.fromisoformat, depot["closed_on"]))


def _loans(depots: dict[str, tuple[OpenTimes, list[int]]], wanted: Search) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {"depots": [], "preparations": [], "starts": [], "ends": [], "returns": []}
    if wanted.first is None or wanted.last is None:
        return columns
    for depot_id, (times, preparations) in depots.items():
        loan = slots.natural_loan(times, wanted.first, wanted.last)
        if loan is None:
            continue
        for days in preparations:
            row = (UUID(depot_id), days, loan.starts_at, times.ready_after(loan.ends_at, days), loan.ends_at)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def _slots(depots: list[OpenTimes], wanted: Search) -> slots.Slots | None:
    if wanted.first is None or wanted.last is None:
        return None
    return slots.offered(depots, wanted.first, wanted.last)


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _item(row: Any) -> dict[str, Any]:
    item = dict(row._mapping)
    if row.free is not None:
        state = FEW if row.partly_taken else free_state(row.free, row.total)
        item["free_state"] = CLOSED if row.closed else state
    if row.loan_starts_at:
        item["loan"] = {"starts_at": row.loan_starts_at, "ends_at": row.loan_ends_at}
    return item
