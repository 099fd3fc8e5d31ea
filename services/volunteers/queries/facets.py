"""What there is to choose from among the shifts of some days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.orm import Session

# OFFSET 0: roles are looked up shift by shift; the planner would rather read all that there ever were.
_FACETS = text(
    """
    WITH coming AS (
        SELECT id, area, cause_id, cause, organiser_id, organiser FROM shifts
        WHERE state IN ('published', 'closed') AND starts_at > :starts_at AND starts_at < :ends_at
    )
    SELECT (SELECT coalesce(json_agg(area ORDER BY area COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT area FROM coming) a) AS areas,
           (SELECT coalesce(json_agg(name ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT r.name FROM coming c
                  CROSS JOIN LATERAL (SELECT name FROM roles WHERE shift_id = c.id OFFSET 0) r) r) AS roles,
           (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT cause_id AS id, cause AS name FROM coming WHERE cause_id IS NOT NULL) c) AS causes,
           (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name COLLATE "da-x-icu"), '[]')
            FROM (SELECT DISTINCT organiser_id AS id, organiser AS name FROM coming) o) AS organisers
    """
).bindparams(bindparam("starts_at", type_=DateTime(timezone=True)), bindparam("ends_at", type_=DateTime(timezone=True)))


def facets(session: Session, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Areas, role names, causes and organisers of the shifts that start between these instants."""
    return dict(session.execute(_FACETS, {"starts_at": starts_at, "ends_at": ends_at}).one()._mapping)
