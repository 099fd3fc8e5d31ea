"""A plan is judged as a whole, with all reasons, and saved as a whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.volunteers import ShiftPublished
from tests.volunteers.plans import check, plan, row, save, saved, slugs_of
from tests.volunteers.town import Town


def test_new_rows_are_saved_as_drafts_or_published(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row())
    assert town.told() == []
    saved(sofie, row(day="2027-08-22"), publish=True)
    assert [event.capacity for event in town.told(ShiftPublished)] == [3]
    rows = sofie.get("/plan").json["rows"]
    assert [(one["state"], one["starts"], one["ends"]) for one in rows] == [
        ("draft", "17:30", "19:00"),
        ("published", "17:30", "19:00"),
    ]


def test_a_plan_sent_back_as_it_is_changes_nothing(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row(ends="02:00"), row(day="2027-08-23"))
    before = plan(sofie)
    report = check(sofie, *before)
    assert report["counts"] == {"added": 0, "changed": 0, "unchanged": 2, "refused": 0}
    saved(sofie, *before)
    assert plan(sofie) == before


WRONG: dict[str, tuple[dict[str, Any], set[tuple[str, str | None]]]] = {
    "in the past": ({"day": "2027-07-31"}, {("past", "day")}),
    "years away": ({"day": "2031-08-01"}, {("too-far", "day")}),
    "no place for anybody": ({"roles": [{"name": "Kiosk", "capacity": 0}]}, {("out-of-range", "roles.0.capacity")}),
    "places for an army": ({"roles": [{"name": "A", "capacity": 100_000}]}, {("out-of-range", "roles.0.capacity")}),
    "an unknown area": ({"area": "Atlantis"}, {("unknown-area", "area")}),
    "no role at all": ({"roles": []}, {("missing-value", "roles")}),
    "an hour that is skipped": ({"day": "2028-03-26", "starts": "02:30"}, {("no-such-time", "starts")}),
    "several at once": (
        {
            "title": " ",
            "minimum_age": 120,
            "roles": [{"name": "A", "capacity": 2, "minimum": 3, "requirements": ["x"]}],
        },
        {
            ("missing-value", "title"),
            ("out-of-range", "minimum_age"),
            ("minimum-above-capacity", "roles.0.minimum"),
            ("unknown-requirement", "roles.0.requirements"),
        },
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_with_all_reasons_and_nothing_is_saved(town: Town, what: str) -> None:
    sofie = town.coordinator()
    values, problems = WRONG[what]
    report = check(sofie, row(day="2027-08-28"), row(**values))
    assert slugs_of(report["rows"][1]["problems"]) >= problems
    refused = save(sofie, row(day="2027-08-28"), row(**values))
    assert (refused.status_code, refused.json["slug"]) == (409, "plan-refused")
    assert slugs_of(refused.json["reasons"]) >= {(slug, f"rows.1.{field}") for slug, field in problems}
    assert plan(sofie) == []
