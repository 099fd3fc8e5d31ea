"""The ledger: corrections by hand, and that no total is ever wrong or negative."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.inventory.domain.handovers import Entry, LineCount, against_handing_out, against_taking_back
from services.inventory.domain.stock import BY_HAND, Cause, Stock, against_correction
from shared.db import Database
from shared.ids import new_id
from tests.inventory.stories import (
    Visit,
    a_line,
    an_approved_booking,
    depot_staff,
    events,
    material_id,
    stock_of,
    unit_id,
)
from tests.support.client import Caller, slugs

MOBILE_STAGE, SPEAKERS = "Mobilscene", "Højttaleranlæg"


def correct(caller: Caller, name: str, change: int, cause: str, unit_ids: list[Any] | None = None) -> Any:
    body = {"change": change, "cause": cause, "reason": "Optælling", "unit_ids": [str(one) for one in unit_ids or []]}
    version = stock_of(caller, name)["version"]
    return caller.post(f"/resources/{material_id(name)}/stock-corrections", version=version, json=body)


def test_a_correction_is_kept_with_its_reason_and_told(app: Flask, database: Database) -> None:
    ole = depot_staff(app)
    assert correct(ole, "Stabelstol", -2, "broken").json["total"] == 148
    assert correct(ole, "Stabelstol", 1, "repaired").json["total"] == 149
    newest, _, imported = ole.get(f"/resources/{material_id('Stabelstol')}/stock-movements").json["movements"]
    assert (newest["change"], newest["cause"], newest["reason"]) == (1, "repaired", "Optælling")
    assert newest["staff_id"] == str(ole.person_id)
    assert (imported["change"], imported["reason"], imported["staff_id"]) == (150, "Indlæst fra fil", None)
    assert [event["total"] for event in events(database, "stock-changed")] == [148, 149]


def test_units_of_a_material_without_numbers_cannot_be_corrected(app: Flask) -> None:
    assert slugs(correct(depot_staff(app), "Stabelstol", -1, "broken", [new_id()])) == ["no-units"]


@pytest.mark.parametrize(
    ("change", "cause", "slug"),
    [
        (-111, "correction", "more-than-on-shelf"),
        (-111, "missing", "more-than-on-shelf"),
        (2, "broken", "wrong-sign"),
        (-2, "found", "wrong-sign"),
        (1, "found", "more-than-missing"),
        (1, "repaired", "more-than-broken"),
        (99_900, "correction", "too-many"),
    ],
)
def test_corrections_that_cannot_be(app: Flask, database: Database, change: int, cause: str, slug: str) -> None:
    ole = depot_staff(app)
    Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40))).hand_out({"quantity": 40})
    refused = correct(ole, "Stabelstol", change, cause)
    assert (refused.status_code, slugs(refused)) == (409, [slug])
    assert stock_of(ole, "Stabelstol")["total"] == 150


def test_a_correction_without_sense_names_every_field(app: Flask) -> None:
    body = {"change": 0, "cause": "stolen", "reason": "  ", "who": "me"}
    path = f"/resources/{material_id('Stabelstol')}/stock-corrections"
    refused = depot_staff(app).post(path, version=1, json=body)
    assert refused.status_code == 422
    assert {reason["field"] for reason in refused.json["reasons"]} == {"change", "cause", "reason", "who"}


def test_numbered_units_are_corrected_by_number(app: Flask, database: Database) -> None:
    ole, first, third = depot_staff(app), unit_id(SPEAKERS, 1), unit_id(SPEAKERS, 3)
    assert slugs(correct(ole, SPEAKERS, -2, "broken", [third])) == ["choose-units"]
    assert slugs(correct(ole, SPEAKERS, -1, "broken", [unit_id(MOBILE_STAGE, 1)])) == ["unknown-unit"]
    assert correct(ole, SPEAKERS, -2, "broken", [first, third]).json["broken"] == 2
    assert slugs(correct(ole, SPEAKERS, -1, "missing", [third])) == ["unit-in-wrong-state"]
    assert correct(ole, SPEAKERS, 1, "repaired", [third]).json["total"] == 2
    assert correct(ole, SPEAKERS, 1, "correction").json["owned"] == 4
    units = ole.get(f"/resources/{material_id(SPEAKERS)}").json["units"]
    assert [(unit["number"], unit["state"]) for unit in units] == [
        (1, "broken"),
        (2, "usable"),
        (3, "usable"),
        (4, "usable"),
    ]


def test_a_stale_correction_is_refused(app: Flask) -> None:
    ole = depot_staff(app)
    body = {"change": -1, "cause": "broken", "reason": "Optælling"}
    path = f"/resources/{material_id('Stabelstol')}/stock-corrections"
    assert ole.post(path, json=body).status_code == 428
    assert [ole.post(path, version=1, json=body).status_code for _ in range(2)] == [201, 412]


def test_the_database_itself_refuses_a_negative_stock(database: Database) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(text("UPDATE materials SET out = owned + 1"))


STEPS = st.tuples(
    st.sampled_from(["correct", "hand out", "take back"]),
    st.sampled_from(BY_HAND),
    st.lists(st.integers(min_value=-12, max_value=12), min_size=3, max_size=3),
)


@given(st.lists(STEPS, max_size=40))
def test_the_total_is_what_is_owned_less_what_is_lost(steps: list[tuple[str, Cause, list[int]]]) -> None:
    """Whatever is tried, in any order: what the rules let through keeps the sums right and nothing negative."""
    stock, line, ledger = Stock(owned=20), LineCount(ordered=15), 20
    for kind, cause, (first, *others) in steps:
        entry = Entry(new_id(), abs(first), abs(others[0]), abs(others[1]))
        if kind == "correct" and first and not any(against_correction(stock, cause, first)):
            stock, ledger = stock.corrected(cause, first), ledger + first
        elif kind == "hand out" and not any(against_handing_out(entry, line, stock.on_shelf, "Stol")):
            lost = entry.broken + entry.missing
            stock = stock.lent(entry.quantity).corrected(Cause.BROKEN, -lost)
            line, ledger = LineCount(15, True, line.handed_out + entry.quantity, 0, line.back), ledger - lost
        elif kind == "take back" and not any(against_taking_back(entry, line, "Stol")):
            stock = stock.taken_back(entry.pieces).corrected(Cause.BROKEN, -entry.broken)
            stock = stock.corrected(Cause.MISSING, -entry.missing)
            line = LineCount(15, True, line.handed_out, 0, line.back + entry.pieces)
            ledger -= entry.broken + entry.missing
        assert stock.total == stock.owned - stock.broken - stock.missing == ledger
        assert stock.out == line.outstanding
        assert min(stock.owned, stock.total, stock.on_shelf, stock.out, stock.broken, stock.missing) >= 0
