"""At the desk: partial hand-outs and returns, shortages, numbered units, and two hands on one thing."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from shared.contracts.accounts import AssociationUpdated
from shared.db import Database
from shared.ids import new_id
from tests.inventory.stories import (
    FETCHED_AT,
    GLAMSBJERG,
    HANDBALL,
    KAREN,
    RETURNED_AT,
    Visit,
    a_line,
    an_approved_booking,
    depot_staff,
    events,
    hear,
    stock_of,
    unit_id,
)
from tests.support.client import Caller, slugs

FESTTELT = "Festtelt 6x12 m"


def numbers(units: list[dict[str, Any]]) -> list[int]:
    return [unit["number"] for unit in units]


def test_forty_chairs_go_out_and_thirty_five_come_back(app: Flask, database: Database, moved_clock: Any) -> None:
    """The story of the harbour festival: 38 out and 2 broken; 30 back, next day 5, and 3 missing."""
    ole = depot_staff(app)
    desk = Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40)))
    assert desk.handover["lines_summary"] == "40 stk Stabelstol"

    answer = desk.hand_out({"quantity": 38, "broken": 2, "note": "Knækket ryg"}, note="Hentet af Mette")
    assert (answer.status_code, answer.json["state"], answer.json["pieces_out"]) == (201, "out", 38)
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'

    moved_clock(RETURNED_AT)
    assert desk.take_back({"quantity": 30}).json["state"] == "partly_back"
    last = desk.take_back({"quantity": 5, "missing": 3}, note="Tre blev væk på havnen")
    assert (last.json["state"], last.json["lines"][0]["outstanding"]) == ("back", 0)

    stock = stock_of(ole, "Stabelstol")
    counts = {name: stock[name] for name in ("owned", "total", "out", "broken", "missing")}
    assert counts == {"owned": 150, "total": 145, "out": 0, "broken": 2, "missing": 3}
    assert [(event["cause"], event["change"], event["total"]) for event in events(database, "stock-changed")] == [
        ("broken", -2, 148),
        ("missing", -3, 145),
    ]
    assert [event["complete"] for event in events(database, "materials-returned")] == [False, True]
    assert [event["stage"] for event in events(database, "shortage-reported")] == ["hand-out", "return"]
    assert [(step["kind"], step["lines"][0]["quantity"]) for step in desk.read()["steps"]] == [
        ("hand-out", 38),
        ("return", 30),
        ("return", 5),
    ]
    report = ole.get("/shortages").json["shortages"]
    assert [(line["stage"], line["broken"], line["missing"], line["note"]) for line in report] == [
        ("return", 0, 3, "Tre blev væk på havnen"),
        ("hand-out", 2, 0, "Knækket ryg"),
    ]


def test_the_rest_may_be_fetched_later(app: Flask, database: Database) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40)))
    assert desk.hand_out({"quantity": 10}).json["state"] == "partly_out"
    assert desk.hand_out({"quantity": 30}).json["state"] == "out"
    assert [event["complete"] for event in events(database, "materials-handed-out")] == [False, True]


def test_a_borrower_who_wants_no_more_ends_the_hand_out(app: Flask, database: Database) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40)))
    desk.hand_out({"quantity": 10})
    assert desk.hand_out(complete=True).json["state"] == "out"


def test_the_loan_is_over_when_all_that_went_out_is_back(app: Flask, database: Database) -> None:
    ole = depot_staff(app)
    desk = Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40)))
    desk.hand_out({"quantity": 10})
    assert desk.take_back({"quantity": 10}).json["state"] == "back"
    told = [(len(event["lines"]), event["complete"]) for event in events(database, "materials-handed-out")]
    assert told == [(1, False), (0, True)]
    assert slugs(desk.hand_out({"quantity": 1})) == ["already-handed-out"]


def test_everything_that_is_wrong_with_a_hand_out_is_said_at_once(
    app: Flask, database: Database, moved_clock: Any
) -> None:
    moved_clock(FETCHED_AT.replace(day=12))
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40), a_line("Kabelbro", 2)))
    refused = desk.hand_out({"quantity": 41}, {"quantity": 3, "broken": 28})
    assert refused.status_code == 409
    assert [(reason["slug"], reason["field"]) for reason in refused.json["reasons"]] == [
        ("too-early", None),
        ("more-than-ordered", "lines.0.quantity"),
        ("more-than-ordered", "lines.1.quantity"),
        ("more-than-on-shelf", "lines.1.quantity"),
    ]
    assert "13.08.2027" in refused.json["reasons"][0]["text"]
    assert desk.handover["state"] == "planned"
    assert events(database, "materials-handed-out") == []


def test_nobody_chooses_units_of_a_material_without_numbers(app: Flask, database: Database) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40), a_line("Kabelbro", 2)))
    unit = str(new_id())
    refused = desk.hand_out(
        {"quantity": 39, "broken": 1, "unit_ids": [unit], "broken_unit_ids": [unit]}, {"quantity": 2}
    )
    assert refused.status_code == 409
    assert [(reason["slug"], reason["field"]) for reason in refused.json["reasons"]] == [
        ("no-units", "lines.0.unit_ids"),
        ("no-units", "lines.0.broken_unit_ids"),
    ]
    assert slugs(desk.hand_out({"unit_ids": [unit]}, {"quantity": 2})) == ["no-units"]
    assert desk.hand_out({"quantity": 40}, {"quantity": 2}).status_code == 201
    refused = desk.take_back({"quantity": 39, "missing": 1, "missing_unit_ids": [unit]})
    assert [reason["field"] for reason in refused.json["reasons"]] == ["lines.0.missing_unit_ids"]


@pytest.mark.parametrize("given", ["5", 1.7, 2.0])
def test_pieces_are_whole_numbers(app: Flask, database: Database, given: Any) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40)))
    for step in (desk.hand_out, desk.take_back):
        refused = step({"quantity": given})
        assert refused.status_code == 422
        assert [reason["field"] for reason in refused.json["reasons"]] == ["lines.0.quantity"]


def test_nothing_more_comes_back_than_went_out(app: Flask, database: Database) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40)))
    assert slugs(desk.take_back({"quantity": 1})) == ["more-than-out"]
    desk.hand_out({"quantity": 40})
    assert slugs(desk.take_back({"quantity": 38, "broken": 2, "missing": 1})) == ["more-than-out"]
    assert slugs(desk.take_back({"quantity": 0})) == ["nothing-entered"]


def test_a_double_click_counts_once(app: Flask, database: Database) -> None:
    ole = depot_staff(app)
    desk = Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40)))
    body = {"lines": [{"line_id": desk.lines[0]["id"], "quantity": 40}]}
    clicks = [ole.post(f"/handovers/{desk.id}/hand-outs", key="one-click", version=1, json=body) for _ in range(2)]
    assert [click.status_code for click in clicks] == [201, 201]
    assert clicks[0].json == clicks[1].json
    assert stock_of(ole, "Stabelstol")["out"] == 40
    assert len(events(database, "materials-handed-out")) == 1


def test_of_two_staff_at_once_one_is_told_that_it_has_changed(app: Flask, database: Database) -> None:
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line("Stabelstol", 40)))
    body = {"lines": [{"line_id": desk.lines[0]["id"], "quantity": 20}]}
    barrier, answers = Barrier(2), []

    def click() -> None:
        caller = depot_staff(app)
        barrier.wait()
        answers.append(caller.post(f"/handovers/{desk.id}/hand-outs", version=1, json=body).status_code)

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 412]
    assert desk.read()["pieces_out"] == 20


def test_consumables_are_used_up_when_they_are_handed_out(app: Flask, database: Database) -> None:
    karen = depot_staff(app, depot="Glamsbjerg Materielgård")
    line = a_line("Legesand", 5, "Glamsbjerg Materielgård", "consumable")
    booking_id = an_approved_booking(database, line)
    answer = Visit(karen, booking_id).hand_out({"quantity": 5})
    assert (answer.json["state"], answer.json["pieces_out"]) == ("back", 0)
    (event,) = events(database, "stock-changed")
    assert (event["cause"], event["change"], event["total"]) == ("consumed", -5, 7)
    assert event["promise"] == {"booking_id": str(booking_id), "booking_line_id": str(line.line_id)}


def test_the_units_set_aside_go_out_where_none_is_named(app: Flask, database: Database) -> None:
    second = unit_id(FESTTELT, 2)
    booking_id = an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered", unit_ids=(second,)))
    desk = Visit(depot_staff(app), booking_id)
    assert numbers(desk.lines[0]["available_units"]) == [2, 1]
    desk.hand_out({"quantity": 1})
    assert numbers(desk.lines[0]["units_out"]) == [2]
    assert events(database, "materials-handed-out")[0]["lines"][0]["unit_ids"] == [str(second)]


def test_another_unit_goes_out_in_place_of_a_broken_one(app: Flask, database: Database) -> None:
    ole, first, second = depot_staff(app), unit_id(FESTTELT, 1), unit_id(FESTTELT, 2)
    booking_id = an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered", unit_ids=(first,)))
    desk = Visit(ole, booking_id)
    desk.hand_out({"quantity": 1, "unit_ids": [str(second)], "broken": 1})
    assert numbers(desk.lines[0]["units_out"]) == [2]
    (event,) = events(database, "stock-changed")
    assert (event["cause"], event["total"], numbers(event["units"])) == ("broken", 1, [2])


def test_a_unit_set_aside_for_another_booking_stays(app: Flask, database: Database) -> None:
    first, second = unit_id(FESTTELT, 1), unit_id(FESTTELT, 2)
    an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered", unit_ids=(first,)), number="27-0001")
    mine = an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered", unit_ids=(second,)), number="27-0002")
    desk = Visit(depot_staff(app), mine)
    assert numbers(desk.lines[0]["available_units"]) == [2]
    refused = desk.hand_out({"quantity": 1, "unit_ids": [str(first)]})
    assert slugs(refused) == ["reserved-for-another"]
    assert "27-0001" in refused.json["reasons"][0]["text"]


def test_a_unit_set_aside_for_another_week_may_go_out(app: Flask, database: Database) -> None:
    first = unit_id(FESTTELT, 1)
    for weeks, number in ((-4, "27-0001"), (4, "27-0002")):
        period = {"starts_at": FETCHED_AT + timedelta(weeks=weeks), "ends_at": RETURNED_AT + timedelta(weeks=weeks)}
        an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered", unit_ids=(first,), **period), number=number)
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line(FESTTELT, 1, kind="numbered")))
    assert desk.hand_out({"quantity": 1, "unit_ids": [str(first)]}).status_code == 201


def test_one_unit_cannot_go_out_on_two_lines(app: Flask, database: Database) -> None:
    first, lines = str(unit_id(FESTTELT, 1)), [a_line(FESTTELT, 1, kind="numbered") for _ in range(2)]
    desk = Visit(depot_staff(app), an_approved_booking(database, *lines))
    refused = desk.hand_out(*[{"quantity": 1, "unit_ids": [first]}] * 2)
    assert [(reason["slug"], reason["field"]) for reason in refused.json["reasons"]] == [
        ("repeated-unit", "lines.1.unit_ids")
    ]


def test_units_come_back_by_number(app: Flask, database: Database) -> None:
    ids = (unit_id(FESTTELT, 1), unit_id(FESTTELT, 2))
    desk = Visit(depot_staff(app), an_approved_booking(database, a_line(FESTTELT, 2, kind="numbered", unit_ids=ids)))
    desk.hand_out({"quantity": 2})
    assert slugs(desk.take_back({"quantity": 1})) == ["choose-units"]
    desk.take_back({"quantity": 1, "unit_ids": [str(ids[1])]})
    assert numbers(desk.lines[0]["units_out"]) == [1]
    desk.take_back({"missing": 1})
    assert (desk.handover["state"], events(database, "stock-changed")[0]["units"]) == (
        "back",
        [{"unit_id": str(ids[1]), "number": 2}],
    )


def test_the_lists_of_a_day(app: Flask, database: Database, moved_clock: Any) -> None:
    ole = depot_staff(app)
    desk = Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40)))

    def listed(view: str, date: str = "") -> list[str]:
        return [row["id"] for row in ole.get(f"/handovers?view={view}{date and '&date='}{date}").json["handovers"]]

    assert (listed("fetch"), listed("fetch", "2027-08-12"), listed("fetch", "2027-08-14")) == ([desk.id], [], [desk.id])
    assert ole.get("/handovers?date=0001-01-01").status_code == 422
    desk.hand_out({"quantity": 40})
    assert (listed("fetch"), listed("return"), listed("return", "2027-08-16")) == ([], [], [desk.id])
    moved_clock(RETURNED_AT.replace(hour=10))
    assert listed("overdue") == [desk.id]
    desk.take_back({"quantity": 40})
    assert (listed("overdue"), listed("return")) == ([], [])


def test_the_desk_finds_a_handover_on_whatever_day(app: Flask, database: Database, moved_clock: Any) -> None:
    hear(database, AssociationUpdated(HANDBALL, "Glamsbjerg Ungdomshåndbold", "Glamsbjerg"))
    an_approved_booking(database, a_line("Stabelstol", 40), number="27-0042")
    an_approved_booking(database, a_line("Stabelstol", 5), number="27-0043", association_id=None)
    moved_clock(FETCHED_AT - timedelta(days=90))

    def found(words: str, staff: Caller) -> list[str]:
        return [row["number"] for row in staff.get("/handovers", query_string={"q": words}).json["handovers"]]

    ole = depot_staff(app)
    assert [found(words, ole) for words in ("27-0043", "HÅNDBOLD glams", "27-", "håndbold 43", "%")] == [
        ["27-0043"],
        ["27-0042"],
        ["27-0042", "27-0043"],
        [],
        [],
    ]
    assert found("27-0042", depot_staff(app, KAREN, GLAMSBJERG)) == []
