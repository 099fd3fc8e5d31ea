"""Rows of plans, and how a coordinator checks and saves them."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.support.client import Caller

Json = dict[str, Any]


def row(**values: Any) -> Json:
    """The kiosk on a Saturday in August, in a place where nothing else is."""
    return {
        "title": "Kiosk",
        "place": "Aarup",
        "area": "Aarup",
        "day": "2027-08-21",
        "starts": "17:30",
        "ends": "19:00",
        "roles": [{"name": "Kiosk", "capacity": 3, "minimum": 1, "requirements": []}],
        "organiser": "Kommunen",
        "insurance": "kommunens forsikring",
        **values,
    }


def writable(rows: list[Json]) -> list[Json]:
    """Rows as they came, without what the service alone says of them."""
    return [{name: value for name, value in row.items() if name not in OUT_ONLY} for row in rows]


OUT_ONLY = {"state", "series_id", "sign_ups"}


def check(who: Caller, *rows: Json, **more: Any) -> Json:
    answer = who.post("/plan/check", json={"rows": list(rows), **more})
    assert answer.status_code == 200, answer.json
    report: Json = answer.json
    return report


def save(who: Caller, *rows: Json, **more: Any) -> TestResponse:
    return who.post("/plan", json={"rows": list(rows), **more})


def saved(who: Caller, *rows: Json, **more: Any) -> list[str]:
    """The ids of the shifts."""
    answer = save(who, *rows, **more)
    assert answer.status_code == 201, answer.json
    ids: list[str] = answer.json["ids"]
    return ids


def plan(who: Caller, **query: Any) -> list[Json]:
    rows: list[Json] = who.get("/plan", query_string=query).json["rows"]
    return writable(rows)


def slugs_of(reasons: list[Json]) -> set[tuple[str, str | None]]:
    return {(reason["slug"], reason["field"]) for reason in reasons}
