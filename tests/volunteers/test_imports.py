"""vagter.csv, steder.csv and skoleferier.csv: as they are, twice, changed, and broken in every way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.contracts import accounts
from shared.contracts.volunteers import ShiftChanged, ShiftPublished, SignUpMoved
from shared.ids import natural_id
from tests.support.client import slugs
from tests.volunteers.plans import check, plan, saved
from tests.volunteers.town import Town, on

DEMO = Path(__file__).parents[2] / "deploy" / "demo-data"
FILES = {"places": "steder.csv", "school-holidays": "skoleferier.csv", "shifts": "vagter.csv"}
CONTENT = {kind: (DEMO / name).read_bytes() for kind, name in FILES.items()}
KIOSK = "Kaffe og kiosk;;Assens Havneplads;14.08.2027 11.00;14.08.2027 16.00;4;2;15;;Aarup Borgerforening"


def upload(town: Town, kind: str, content: bytes | None = None, dry_run: bool = False) -> Any:
    path = f"/imports/{kind}?dry_run={str(dry_run).lower()}"
    return town.coordinator().post(path, data=content or CONTENT[kind], content_type="text/csv")


def changed(old: str, new: str, kind: str = "shifts") -> bytes:
    text = CONTENT[kind].decode()
    assert old in text
    return text.replace(old, new).encode()


def everything(town: Town) -> list[Any]:
    tables = ("places", "school_holidays", "shifts", "roles", "outbox")
    return [town.query(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.fixture
def imported(town: Town) -> Town:
    assert [upload(town, kind).status_code for kind in FILES] == [200, 200, 200]
    return town


def test_the_demo_files_go_in_as_they_are(town: Town) -> None:
    counts = [upload(town, kind).json["counts"] for kind in FILES]
    assert [(count["added"], count["refused"]) for count in counts] == [(13, 0), (9, 0), (10, 0)]
    assert len(town.told(ShiftPublished)) == 5  # the others are over
    cafe = town.query("SELECT * FROM shifts WHERE title = 'Lektiecafé'")[0]
    assert (cafe.starts_at, cafe.area, cafe.state) == (on("2027-10-27T15:00"), "Aarup", "published")
    fibre = town.query("SELECT cause_id FROM shifts WHERE cause = 'Fiber til Helnæs-egnen'")[0]
    assert fibre.cause_id == natural_id("cause", "Fiber til Helnæs-egnen")
    proofs = town.query("SELECT requirements FROM roles WHERE requirements <> '{}' ORDER BY 1")
    assert [one.requirements for one in proofs] == [["boerneattest"], ["maskinkursus"]]


def test_what_is_over_is_held_at_once_and_said_at_its_line(town: Town) -> None:
    upload(town, "places")
    times = (
        "31.07.2027 11.00;31.07.2027 16.00",
        "01.08.2027 08.00;01.08.2027 12.00",
        "02.08.2027 08.00;02.08.2027 12.00",
    )
    heading, *_ = CONTENT["shifts"].decode().splitlines()
    kiosks = [KIOSK.replace("14.08.2027 11.00;14.08.2027 16.00", when) + ";foreningens forsikring" for when in times]
    content = "\n".join([heading, *kiosks]).encode()
    report = upload(town, "shifts", content).json
    assert (report["counts"]["added"], report["counts"]["refused"]) == (3, 0)
    told = [(row["line"], note["slug"], note["column"]) for row in report["rows"] for note in row["notes"]]
    assert told == [(2, "past", "start"), (3, "past", "start")]
    states = town.query("SELECT state FROM shifts ORDER BY starts_at")
    assert [row.state for row in states] == ["held", "published", "published"]
    assert len(town.told(ShiftPublished)) == 2
    assert upload(town, "shifts", content).json["counts"]["unchanged"] == 3


def test_importing_twice_changes_nothing(imported: Town) -> None:
    before = everything(imported)
    assert [upload(imported, kind).json["counts"]["unchanged"] for kind in FILES] == [17, 9, 10]
    assert everything(imported) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(imported: Town) -> None:
    before = everything(imported)
    report = upload(imported, "shifts", changed("16.00;4;2", "17.00;5;2"), dry_run=True).json
    assert report["counts"] == {"added": 0, "changed": 1, "unchanged": 9, "refused": 0}
    (row,) = (row for row in report["rows"] if row["outcome"] == "changed")
    assert row["changes"] == [
        {"column": "slut", "old": "14.08.2027 kl. 16.00", "new": "14.08.2027 kl. 17.00"},
        {"column": "pladser", "old": "4", "new": "5"},
    ]
    assert everything(imported) == before


def test_a_changed_shift_tells_who_is_in_as_the_plan_does(imported: Town) -> None:
    mette = imported.caller()
    shift = natural_id("shift", "Kaffe og kiosk", "Assens Havneplads", "2027-08-14T11:00")
    role = mette.get(f"/shifts/{shift}").json["roles"][0]["id"]
    assert mette.post(f"/shifts/{shift}/sign-ups", json={"role_id": role}).status_code == 201
    assert upload(imported, "shifts", changed("16.00;4;2", "17.00;4;2")).status_code == 200
    (moved,) = imported.told(SignUpMoved)
    assert (moved.person_ids, moved.ends_at) == ((mette.person_id,), on("2027-08-14T17:00"))
    assert len(imported.told(ShiftChanged)) == 1


def test_a_change_that_the_plan_would_refuse_is_refused_with_its_reasons(imported: Town) -> None:
    shift = natural_id("shift", "Kaffe og kiosk", "Assens Havneplads", "2027-08-14T11:00")
    for _ in range(2):
        mette = imported.caller()
        role = mette.get(f"/shifts/{shift}").json["roles"][0]["id"]
        mette.post(f"/shifts/{shift}/sign-ups", json={"role_id": role})
    before = everything(imported)
    refused = upload(imported, "shifts", changed("16.00;4;2", "16.00;1;1"))
    assert (refused.status_code, slugs(refused)) == (422, ["capacity-below-taken"])
    assert refused.json["reasons"][0]["field"] == "4.pladser"
    assert everything(imported) == before


def test_what_the_plan_changed_since_is_shown_as_a_change_back(imported: Town) -> None:
    sofie = imported.coordinator()
    (kiosk,) = (row for row in plan(sofie) if row["title"] == "Kaffe og kiosk")
    saved(sofie, {**kiosk, "bring": "Forklæde", "starts": "10:00"})
    report = upload(imported, "shifts").json
    assert report["counts"]["changed"] == 1
    (kiosk,) = (row for row in plan(sofie) if row["title"] == "Kaffe og kiosk")
    assert (kiosk["starts"], kiosk["bring"]) == ("11:00", "Forklæde")


def test_an_association_that_is_known_later_takes_its_shifts_over(imported: Town) -> None:
    association = natural_id("association", "Aarup Borgerforening")
    birthe = imported.caller(memberships={association: ["chair"]})
    assert plan(birthe) == []
    imported.tell(accounts.AssociationUpdated(association, "Aarup Borgerforening", "Aarup"))
    assert [row["title"] for row in plan(birthe)] == ["Kaffe og kiosk"]
    assert upload(imported, "shifts").json["counts"]["unchanged"] == 10


WRONG = {
    "14.08.2027 11.00;14.08.2027 16.00": {
        "14.08.2027 11.00;14.08.2027 10.00": ("slut", "ends-before-start"),
        "14.08.2027 11.00;17.09.2028 16.00": ("slut", "too-long"),
        "14.08.2027;14.08.2027 16.00": ("start", "not-a-time"),
        "30.02.2027 11.00;14.08.2027 16.00": ("start", "not-a-date"),
        "14.08.0027 11.00;14.08.2027 16.00": ("start", "out-of-reach"),
        "28.03.2027 02.30;28.03.2027 05.00": ("start", "no-such-time"),
    },
    ";4;2;15;;Aarup": {
        ";0;0;15;;Aarup": ("pladser", "out-of-range"),
        ";100000;2;15;;Aarup": ("pladser", "out-of-range"),
        ";4;5;15;;Aarup": ("minimum", "minimum-above-capacity"),
        ";4;2;femten;;Aarup": ("mindstealder", "not-a-number"),
        ";4;2;15;pilotcertifikat;Aarup": ("krav", "unknown-requirement"),
    },
    "kiosk;;Assens Havneplads": {"kiosk;;Atlantis": ("sted", "unknown-place")},
}


@pytest.mark.parametrize(
    ("old", "new", "problem"), [(old, new, problem) for old, cases in WRONG.items() for new, problem in cases.items()]
)
def test_a_row_that_cannot_be_is_refused_by_its_line(
    imported: Town, old: str, new: str, problem: tuple[str, str]
) -> None:
    before = everything(imported)
    refused = upload(imported, "shifts", changed(old, new))
    assert refused.status_code == 422
    assert [(reason["field"], reason["slug"]) for reason in refused.json["reasons"]] == [
        (f"4.{problem[0]}", problem[1])
    ]
    assert everything(imported) == before


def test_all_that_is_wrong_with_a_row_is_said_at_once(imported: Town) -> None:
    line = "Kaffe og kiosk;;Atlantis;14.08.2027 11.00;14.08.2027 10.00;2;4;15;;Aarup Borgerforening"
    assert slugs(upload(imported, "shifts", changed(KIOSK, line))) == [
        "unknown-place",
        "ends-before-start",
        "minimum-above-capacity",
    ]


def test_all_that_is_wrong_with_a_place_is_said_at_once(town: Town) -> None:
    refused = upload(
        town, "places", changed("Assens Havneplads;Assens;55,2716", "Assens Havneplads;;155,2716", "places")
    )
    assert slugs(refused) == ["missing-value", "half-a-coordinate"]


def test_far_too_many_places_are_too_many_and_no_riddle(imported: Town) -> None:
    refused = upload(imported, "shifts", changed(";4;2;15;;Aarup", f";{'9' * 30};2;15;;Aarup"))
    assert refused.json["reasons"][0]["text"] == "Tallet skal være mellem 1 og 500."


def test_a_shift_that_was_planned_by_hand_is_not_added_once_more(imported: Town) -> None:
    imported.shift("2027-08-20T10:00", title="Kaffe og kiosk")
    line = KIOSK.replace("14.08.2027 11.00;14.08.2027 16.00", "20.08.2027 11.00;20.08.2027 16.00")
    content = CONTENT["shifts"] + f"{line};foreningens forsikring\n".encode()
    assert slugs(upload(imported, "shifts", content)) == ["shift-exists"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "slug"),
    [
        ("places", "55,2716", "155,2716", "half-a-coordinate"),
        ("places", "55,2716;9,8894", "55,2716;", "half-a-coordinate"),
        ("places", "55,2716", "nord", "not-degrees"),
        ("school-holidays", "21.02.2027", "12.02.2027", "bad-holiday"),
        ("school-holidays", "21.02.2027", "21.02.2028", "bad-holiday"),
        ("school-holidays", "Vinterferie 2028", "Vinterferie 2027", "repeated-row"),
    ],
)
def test_wrong_places_and_holidays_are_refused(town: Town, kind: str, old: str, new: str, slug: str) -> None:
    refused = upload(town, kind, changed(old, new, kind))
    assert (refused.status_code, slugs(refused)) == (422, [slug])


def test_a_school_holiday_from_the_table_is_known_to_the_plan(imported: Town) -> None:
    line = {"weekdays": [0], "first_day": "2027-10-11", "last_day": "2027-10-25", "in_school_holidays": "not"}
    row = {
        "title": "Lektiecafé",
        "place": "Aarup Mødelokale",
        "starts": "15:00",
        "ends": "17:30",
        "roles": [{"name": "Vejleder", "capacity": 4}],
    }
    answer = imported.coordinator().post("/plan/series", json={"row": row, "series": line}).json
    assert [one["day"] for one in answer["rows"]] == ["2027-10-11", "2027-10-25"]
    assert [one["why"]["text"] for one in answer["skipped"]] == ["Skoleferie: Efterårsferie 2027."]
    filled = {**row, "day": "2027-10-11", "organiser": "Kommunen", "insurance": "kommunens forsikring"}
    assert check(imported.coordinator(), filled)["counts"]["added"] == 1
