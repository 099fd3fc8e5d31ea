"""vagter.csv, steder.csv and skoleferier.csv: as they are, twice, changed, and broken in every way."""

from __future__ import annotations

from pathlib import Path

from services.volunteers.commands import IMPORTS
from shared.imports import ImportReport
from tests.volunteers.town import Town

DEMO = Path(__file__).parents[2] / "deploy" / "demo-data"
FILES = {"places": "steder.csv", "school-holidays": "skoleferier.csv", "shifts": "vagter.csv"}


def taken_in(town: Town, kind: str, content: bytes | None = None, dry_run: bool = False) -> ImportReport:
    with town.database.begin() as session:
        return IMPORTS[kind](session, content or (DEMO / FILES[kind]).read_bytes(), dry_run=dry_run)


def test_the_demo_files_go_in_as_they_are_and_twice_changes_nothing(town: Town) -> None:
    counts = [taken_in(town, kind).counts for kind in FILES]
    assert [(count["added"], count["refused"]) for count in counts] == [(13, 0), (9, 0), (10, 0)]
    told = len(town.told())
    assert [taken_in(town, kind).counts["unchanged"] for kind in FILES] == [17, 9, 10]
    assert len(town.told()) == told
