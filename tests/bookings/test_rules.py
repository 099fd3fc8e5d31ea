"""Each rule says no with a slug, a field and a remedy, and all of them speak at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest

from tests.bookings.town import GLAMSBJERG, HALF_A, HALL, Town, book, hall, iso, material, on, some, wish
from tests.support.client import slugs


def reasons(town: Town, body: dict[str, Any]) -> dict[str, str | None]:
    answer = town.person().post("/bookings", json=body)
    assert answer.status_code == 409, answer.json
    assert all(reason["text"].strip() for reason in answer.json["reasons"])
    return {reason["slug"]: reason["field"] for reason in answer.json["reasons"]}


CHAIRS = some("Stabelstol", 10)


@pytest.mark.parametrize(
    ("body", "slug", "field"),
    [
        (wish(), "empty-basket", "lines"),
        (wish(*[CHAIRS] * 51), "too-many-lines", "lines"),
        (wish(CHAIRS, purpose="  "), "purpose-missing", "purpose"),
        (wish(CHAIRS, place_of_use=""), "place-missing", "place_of_use"),
        (wish(CHAIRS, terms_accepted=False), "terms-not-accepted", "terms_accepted"),
        (wish({"resource_id": str(uuid4())}), "unknown-resource", "lines.0.resource_id"),
        (wish(some("Stabelstol", 0)), "too-little", "lines.0.quantity"),
        (wish(CHAIRS, some("Pavillon", -3)), "too-little", "lines.1.quantity"),
        (wish(some("Stabelstol", 1_000_000)), "more-than-we-have", "lines.0.quantity"),
        (wish(CHAIRS, starts="2027-08-14T08:00"), "pickup-closed", "starts_at"),
        (wish(CHAIRS, ends="2027-08-15T10:00"), "return-closed", "ends_at"),
        (wish(CHAIRS, starts="2027-08-13T13:00"), "pickup-closed", "starts_at"),
        (wish(CHAIRS, starts="2027-12-22T10:00", ends="2027-12-24T10:00"), "return-closed", "ends_at"),
        (wish(CHAIRS, ends="2027-08-13T08:00"), "end-before-start", "ends_at"),
        (wish(CHAIRS, starts="2027-07-23T08:00"), "starts-in-past", "starts_at"),
        (wish(CHAIRS, starts="2029-08-13T08:00", ends="2029-08-14T08:00"), "too-far-ahead", "ends_at"),
        (wish(CHAIRS, starts_at=None), "times-missing", "starts_at"),
        (wish(CHAIRS, starts="2027-07-26T14:00", ends="2027-07-28T10:00"), "too-late", "lines.0.starts_at"),
        (wish(CHAIRS, ends="2027-08-30T10:00"), "too-long", "lines.0.ends_at"),
        (wish({**CHAIRS, "starts_at": iso("2027-08-13T08:00")}), "times-not-allowed", "lines.0.starts_at"),
        (wish({"resource_id": hall(HALL)["resource_id"]}), "times-missing", "lines.0.starts_at"),
        (wish({**hall(HALL), "quantity": 2}), "one-at-a-time", "lines.0.quantity"),
        (wish(hall(HALL, "2027-08-14T06:00")), "outside-opening-hours", "lines.0.starts_at"),
        (wish(hall(HALL, ends="2027-08-14T23:30")), "outside-opening-hours", "lines.0.ends_at"),
        (wish(hall(HALL, ends="2027-08-15T10:00")), "outside-opening-hours", "lines.0.ends_at"),
        (wish(hall(HALL, "2027-07-28T08:00", "2027-07-28T09:00")), "too-late", "lines.0.starts_at"),
        (wish(hall(HALL), hall(HALF_A)), "hall-and-its-part", "lines.1.resource_id"),
        (wish(hall(HALF_A), hall(HALF_A)), "same-hall-twice", "lines.1.resource_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_against_a_rule_is_refused_with_field_and_reason(town, body, slug, field):
    assert reasons(town, body).get(slug) == field


def test_all_reasons_come_at_once(town):
    body = wish(some("Stabelstol", 0), hall(HALL, "2027-08-14T05:00"), starts="2027-08-14T08:00", purpose="")
    found = reasons(town, body)
    assert {"too-little", "outside-opening-hours", "pickup-closed", "purpose-missing"} <= found.keys()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            wish(CHAIRS, starts="2020-08-13T08:00", ends="2020-08-12T20:00"),
            {"end-before-start": "ends_at", "starts-in-past": "starts_at"},
        ),
        (
            wish(CHAIRS, starts="2020-08-13T08:00", ends="2029-08-13T08:00"),
            {"starts-in-past": "starts_at", "too-far-ahead": "ends_at", "too-long": "lines.0.ends_at"},
        ),
        (
            wish(CHAIRS, starts="2020-08-13T08:00", ends="2027-08-01T10:00"),
            {"starts-in-past": "starts_at", "return-closed": "ends_at", "too-long": "lines.0.ends_at"},
        ),
        (
            wish(CHAIRS, starts="2027-07-26T18:00", ends="2027-07-26T17:00"),
            {"end-before-start": "ends_at", "pickup-closed": "starts_at", "too-late": "lines.0.starts_at"},
        ),
        (
            wish(CHAIRS, starts="2020-08-13T08:00", ends_at=None),
            {"times-missing": "ends_at", "starts-in-past": "starts_at"},
        ),
        (
            wish(hall(HALL, "2020-08-14T05:00", "2020-08-14T06:00")),
            {"starts-in-past": "lines.0.starts_at", "outside-opening-hours": "lines.0.starts_at"},
        ),
    ],
    ids=lambda value: ", ".join(value) if "lines" not in value else "",
)
def test_no_reason_about_times_hides_another(town, body, expected):
    assert reasons(town, body) == expected


@pytest.mark.parametrize("hours", [-16, -12, 2, 14, 16])
def test_times_with_any_offset_are_kept_and_told_in_utc(town, hours):
    starts, ends = (
        on(wall).astimezone(timezone(timedelta(hours=hours))) for wall in ("2027-08-13T08:00", "2027-08-16T10:00")
    )
    booking = book(town.person(), CHAIRS, starts_at=starts.isoformat(), ends_at=ends.isoformat())
    assert (booking["starts_at"], booking["ends_at"]) == ("2027-08-13T06:00:00+00:00", "2027-08-16T08:00:00+00:00")
    (requested,) = town.rows("SELECT payload FROM outbox WHERE type LIKE '%requested%'")
    told = [requested.payload["starts_at"], *(line["starts_at"] for line in requested.payload["lines"])]
    assert [datetime.fromisoformat(moment) for moment in told] == [starts, starts]
    assert {datetime.fromisoformat(moment).utcoffset() for moment in told} == {timedelta(0)}


def test_the_answer_to_a_wrong_filter_names_every_choice(town):
    (reason,) = town.person().get("/resources?kind=tent").json["reasons"]
    assert reason["text"] == "Skal være en af: material, facility."
    assert town.person().get("/resources?kind=").status_code == 200


def test_what_is_not_lent_any_more_is_refused(town):
    town.tell(material("Stabelstol", active=False))
    assert reasons(town, wish(CHAIRS)) == {"inactive-resource": "lines.0.resource_id"}


def test_the_same_hall_on_two_days_is_two_lines(town):
    book(town.person(), hall(HALL), hall(HALL, "2027-08-15T10:00", "2027-08-15T12:00"))


def test_two_lines_of_the_same_thing_share_what_is_free(town):
    assert reasons(town, wish(some("Stabelstol", 100), some("Stabelstol", 60))) == {"too-few-free": "lines.1.quantity"}


def test_a_loan_may_last_exactly_the_longest_time(town):
    book(town.person(), CHAIRS, starts="2027-08-02T08:00", ends="2027-08-16T14:00")


def test_the_lead_time_is_counted_in_elapsed_hours_over_the_change_of_clocks(town, moved_clock):
    town.tell(material("Stabelstol", lead_time_hours=72))
    moved_clock(on("2027-10-29T09:30"))  # 73 elapsed hours before Monday 09.30, for the clocks go back on Sunday
    book(town.person(), CHAIRS, starts="2027-11-01T09:00", ends="2027-11-02T09:00")


def test_what_is_consumed_needs_no_time_of_return(town):
    sand = some("Legesand", 3)
    book(town.person(), sand, ends="2027-08-15T10:00")


def test_a_thing_whose_depot_is_not_known_yet_cannot_be_fetched(town):
    town.tell(material("Cykelhegn", at="Haarby Materielgård"))
    assert "pickup-closed" in reasons(town, wish(some("Cykelhegn", 1, "Haarby Materielgård")))


def test_things_of_two_depots_are_fetched_when_both_are_open(town):
    town.tell(material("Cykelhegn", at=GLAMSBJERG))
    book(town.person(), CHAIRS, some("Cykelhegn", 2, GLAMSBJERG))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": 1}, "price"),
        ({"state": "confirmed"}, "state"),
        ({"starts_at": "2027-08-13T08:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+02:00"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, "ends_at"),
        ({"starts_at": "2027-08-13T08:00:00+24:00"}, "starts_at"),
        ({"lines": [{**CHAIRS, "ends_at": "0001-01-01T00:00:00+23:59"}]}, "lines.0.ends_at"),
        ({"lines": [{"resource_id": "x"}]}, "lines.0.resource_id"),
        ({"lines": [{**CHAIRS, "quantity": 1.5}]}, "lines.0.quantity"),
        ({"lines": [{**CHAIRS, "quantity": 10**30}]}, "lines.0.quantity"),
        ({"lines": "alle"}, "lines"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"purpose": "a\x00b"}, "purpose"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_named_by_field(town, change, field):
    answer = town.person().post("/bookings", json=wish(CHAIRS) | change)
    assert answer.status_code == 422
    assert [reason["field"] for reason in answer.json["reasons"]] == [field]


def test_a_check_writes_nothing_and_needs_no_form(town):
    answer = town.person().post(
        "/bookings/check", json={"lines": [CHAIRS]} | {k: wish()[k] for k in ("starts_at", "ends_at")}
    )
    assert answer.json["ok"] is True
    assert answer.json["lines"][0]["free"] == 150
    assert town.told() == []


def test_a_refused_request_leaves_nothing_behind(town):
    answer = town.person().post("/bookings", json=wish(CHAIRS, some("Pavillon", 9)))
    assert slugs(answer) == ["more-than-we-have"]
    assert [line["ok"] for line in answer.json["lines"]] == [True, False]
    assert town.rows("SELECT 1 FROM quantity_holds UNION ALL SELECT 1 FROM bookings") == []
    assert town.told() == []


def test_reasons_are_told_in_english_to_whoever_reads_english(town):
    answer = town.person(language="en").post("/bookings", json=wish(some("Stabelstol", 1_000_000)))
    assert answer.json["reasons"][0]["text"] == "We have 150 in all. Enter 150 at most."
