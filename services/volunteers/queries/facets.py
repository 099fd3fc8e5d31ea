"""What there is to choose from: areas, causes and organisers of all that is ahead, tasks of the days shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.orm import Session

# Each recursion leaps from one value to the next along an index of what is ahead (see Shift), whatever the number of
# shifts. OFFSET 0: roles are looked up shift by shift; the planner would rather read all that there ever were.
_FACETS = text(
    """
    WITH RECURSIVE
    areas AS (
        (SELECT area FROM shifts
         WHERE state IN ('published', 'closed') AND starts_at > :now ORDER BY area LIMIT 1)
        UNION ALL
        SELECT next.area FROM areas CROSS JOIN LATERAL (
            SELECT area FROM shifts
            WHERE state IN ('published', 'closed') AND starts_at > :now AND area > areas.area
            ORDER BY area LIMIT 1) next
    ),
    causes AS (
        (SELECT cause_id AS id, cause AS name FROM shifts
         WHERE state IN ('published', 'closed') AND starts_at > :now AND cause_id IS NOT NULL
         ORDER BY cause_id, cause LIMIT 1)
        UNION ALL
        SELECT next.* FROM causes CROSS JOIN LATERAL (
            SELECT cause_id, cause FROM shifts
            WHERE state IN ('published', 'closed') AND starts_at > :now AND cause_id > causes.id
            ORDER BY cause_id, cause LIMIT 1) next
    ),
    known AS (
        (SELECT organiser_id AS id, organiser AS name FROM shifts
         WHERE state IN ('published', 'closed') AND starts_at > :now AND organiser_id IS NOT NULL
         ORDER BY organiser_id, organiser LIMIT 1)
        UNION ALL
        SELECT next.* FROM known CROSS JOIN LATERAL (
            SELECT organiser_id, organiser FROM shifts
            WHERE state IN ('published', 'closed') AND starts_at > :now AND organiser_id > known.id
            ORDER BY organiser_id, organiser LIMIT 1) next
    ),
    others AS (
        (SELECT organiser_id AS id, organiser AS name FROM shifts
         WHERE state IN ('published', 'closed') AND starts_at > :now AND organiser_id IS NULL
         ORDER BY organiser_id, organiser LIMIT 1)
        UNION ALL
        SELECT next.* FROM others CROSS JOIN LATERAL (
            SELECT organiser_id, organiser FROM shifts
            WHERE state IN ('published', 'closed') AND starts_at > :now AND organiser_id IS NULL
              AND organiser > others.name
            ORDER BY organiser_id, organiser LIMIT 1) next
    )
    SELECT (SELECT coalesce(json_agg(area ORDER BY area COLLATE "da-x-icu"), '[]') FROM areas) AS areas,
           (SELECT coalesce(json_agg(name ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT r.name FROM shifts
                  CROSS JOIN LATERAL (SELECT name FROM roles WHERE shift_id = shifts.id OFFSET 0) r
                  WHERE state IN ('published', 'closed')
                    AND starts_at > :starts_at AND starts_at < :ends_at) r) AS roles,
           (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM causes) AS causes,
           (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM (TABLE known UNION ALL TABLE others) o) AS organisers
    """
).bindparams(*(bindparam(name, type_=DateTime(timezone=True)) for name in ("now", "starts_at", "ends_at")))


def facets(session: Session, starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, Any]:
    """`starts_at`, `ends_at`: between these start the shifts whose roles are named."""
    values = {"now": now, "starts_at": starts_at, "ends_at": ends_at}
    return dict(session.execute(_FACETS, values).one()._mapping)
