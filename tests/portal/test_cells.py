"""What coordinators type into cells, and what a spreadsheet gets to read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.portal import cells, spreadsheet
from tests.volunteers.town import on


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14.08.2027", date(2027, 8, 14)),
        ("lør 14.8.27", date(2027, 8, 14)),
        ("14/8", date(2027, 8, 14)),
        ("15.11", date(2026, 11, 15)),
        ("3.1.", date(2027, 1, 3)),
        ("2027-08-14", date(2027, 8, 14)),
        ("29.2.2027", None),
        ("i morgen", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it_and_rather_ahead(typed: str, day: date | None, moved_clock: Any) -> None:
    moved_clock(on("2026-11-22T12:00"))
    assert cells.day(typed) == day


@pytest.mark.parametrize(
    ("typed", "wall"),
    [("17.30", "17:30"), ("1730", "17:30"), ("8", "08:00"), ("kl. 9:15", "09:15"), ("24", "00:00"), ("25", None)],
)
def test_a_time_is_read_as_people_write_it(typed: str, wall: str | None) -> None:
    assert cells.wall(typed) == wall


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_of_a_table_is_a_formula(start: str) -> None:
    assert spreadsheet.cell(f"{start}HYPERLINK(A1)").startswith("'")


def test_a_danish_spreadsheet_reads_the_table() -> None:
    content = spreadsheet.table(["Navn", "Timer"], [["Åse; født Øre", 2.5], ["Sag", -1.25]])
    assert content.decode("utf-8-sig").splitlines() == ["Navn;Timer", '"Åse; født Øre";2,50', "Sag;-1,25"]
    assert content.startswith("\N{BYTE ORDER MARK}".encode())
