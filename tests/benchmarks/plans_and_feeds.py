"""A series of two years, previewed; and a calendar of two hundred shifts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared import clock
from tests.benchmarks.crowd import AREAS, Visitor, tokens
from tests.benchmarks.results import Figure, percentile
from tests.support.town import Town

ROUNDS = 20
COORDINATOR = "volunteer_coordinator:municipality:"


def measure(town: Town) -> list[Figure]:
    [token] = tokens(town, [uuid4()], COORDINATOR)
    coordinator = Visitor(town, token)
    return [
        Figure("series of two years previewed, p95", _p95(coordinator, "POST", "/plan/series", _series()), "ms", 300),
        Figure("feed of 200 shifts, p95", _p95(coordinator, "GET", _feed(coordinator)), "ms", 50),
    ]


def _p95(visitor: Visitor, method: str, path: str, body: Any = None) -> float:
    return percentile([visitor.timed(method, path, body) for _ in range(ROUNDS)], 95)


def _series() -> dict[str, Any]:
    """Two shifts a week."""
    first = clock.today() + timedelta(days=1)
    row = {
        "title": "Lektiecafé",
        "place": "Assens",
        "area": AREAS[0],
        "starts": "17:30",
        "ends": "19:00",
        "roles": [{"name": "Lektiehjælper", "capacity": 3, "minimum": 1, "requirements": []}],
        "organiser": "Kommunen",
        "insurance": "kommunens forsikring",
    }
    last = first + timedelta(days=730)
    return {"row": row, "series": {"weekdays": [1, 3], "first_day": first.isoformat(), "last_day": last.isoformat()}}


def _feed(visitor: Visitor) -> str:
    """One organiser of a hundred has two hundred of the shifts."""
    status, answer = visitor.send("POST", "/feeds", {"kind": "organiser", "subject": "Forening 7"})
    assert status == 201, answer
    path = f"/feeds/{json.loads(answer)['token']}.ics"
    _, calendar = visitor.send("GET", path)
    assert calendar.count(b"BEGIN:VEVENT") == 200
    return path
