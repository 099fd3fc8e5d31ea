"""materiel.csv and faciliteter.csv: as they are, twice, changed, and broken in every way."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from shared.db import Database
from shared.ids import natural_id
from tests.inventory.stories import (
    FACILITIES,
    GLAMSBJERG,
    HANNE,
    MATERIALS,
    Visit,
    a_line,
    administrator,
    an_approved_booking,
    depot_staff,
    events,
    material_id,
    stock_of,
    the_app,
)
from tests.support.client import Caller, slugs

NEW_ROW = "Popcornmaskine;Køkken;udlån;1;stk;1;;afhentning;4000;Assens Materielgård\n".encode()
CHAIR = "Stabelstol;Borde og bænke;udlån;150;stk;0;;afhentning;189,00;Assens Materielgård"


def upload(caller: Caller, content: bytes, dry_run: bool = False, kind: str = "materials") -> Any:
    return caller.post(f"/imports/{kind}?dry_run={dry_run}", data=content, content_type="text/csv")


def changed(old: str, new: str, content: bytes = MATERIALS) -> bytes:
    assert old in content.decode()
    return content.decode().replace(old, new).encode()


def rows(report: Any, outcome: str) -> list[dict[str, Any]]:
    return [row for row in report["rows"] if row["outcome"] == outcome]


def everything(database: Database) -> list[Any]:
    """All that an import may write."""
    tables = ("depots", "materials", "facilities", "units", "stock_movements", "outbox")
    with database.read() as session:
        return [session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() for table in tables]


def test_the_demo_files_go_in_as_they_are(database_of: Any) -> None:
    database = database_of("inventory")
    lars = administrator(the_app(database))
    assert upload(lars, MATERIALS).json["counts"] == {"added": 20, "changed": 0, "unchanged": 0, "refused": 0}
    assert upload(lars, FACILITIES, kind="facilities").json["counts"]["added"] == 10
    assert (len(events(database, "material-updated")), len(events(database, "facility-updated"))) == (20, 10)
    assert all(event["active"] is True for event in events(database, "-updated") if "active" in event)
    assert [event["town"] for event in events(database, "depot-updated")] == ["Assens", "Glamsbjerg"]
    tent = next(event for event in events(database, "material-updated") if event["name"] == "Festtelt 6x12 m")
    assert (tent["kind"], tent["delivery"], tent["value_ore"]) == ("numbered", "staff", 2490000)
    assert [unit["number"] for unit in tent["units"]] == [1, 2]
    half = lars.get(f"/resources/{natural_id('facility', 'Glamsbjerg Demohal, halvdel A')}").json
    assert (half["parent_name"], half["opening_hours"][0]["closes"]) == ("Glamsbjerg Demohal", "23:00")


def test_importing_twice_changes_nothing(app: Flask, database: Database) -> None:
    before = everything(database)
    assert upload(administrator(app), MATERIALS).json["counts"]["unchanged"] == 20
    assert upload(administrator(app), FACILITIES, kind="facilities").json["counts"]["unchanged"] == 10
    assert everything(database) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(app: Flask, database: Database) -> None:
    before = everything(database)
    report = upload(depot_staff(app), changed(";150;", ";160;") + NEW_ROW, dry_run=True).json
    assert report["counts"] == {"added": 1, "changed": 1, "unchanged": 19, "refused": 0}
    assert rows(report, "changed")[0]["changes"] == [{"column": "antal", "old": "150", "new": "160"}]
    assert everything(database) == before


def test_a_changed_number_is_a_correction_of_the_stock(app: Flask, database: Database) -> None:
    ole = depot_staff(app)
    upload(ole, changed(";150;", ";160;"))
    (event,) = events(database)
    assert (event["total"], event["change"], event["cause"]) == (160, 10, "correction")
    newest = ole.get(f"/resources/{material_id('Stabelstol')}/stock-movements").json["movements"][0]
    assert (newest["change"], newest["staff_id"]) == (10, str(ole.person_id))


def test_other_changes_are_told_as_the_whole_material(app: Flask, database: Database) -> None:
    upload(depot_staff(app), changed("Stabelstol;Borde og bænke;udlån;150;stk;0", "Stabelstol;Stole;udlån;150;stk;1"))
    (event,) = events(database)
    assert (event["category"], event["preparation_days"], event["total"]) == ("Stole", 1, 150)


def test_numbered_units_come_and_go(app: Flask, database: Database) -> None:
    lars = administrator(app)

    def numbers() -> list[int]:
        return [unit["number"] for unit in events(database, "stock-changed")[-1]["units"]]

    upload(lars, changed("nummereret;4;stk", "nummereret;2;stk"))
    assert numbers() == [1, 2]
    upload(lars, changed("nummereret;4;stk", "nummereret;5;stk"))
    assert numbers() == [1, 2, 3, 4, 5]


def test_what_was_used_up_stays_used_up(app: Flask, database: Database) -> None:
    karen = depot_staff(app, depot=GLAMSBJERG)
    booking_id = an_approved_booking(database, a_line("Legesand", 5, GLAMSBJERG, "consumable"))
    Visit(karen, booking_id).hand_out({"quantity": 5})
    assert upload(karen, MATERIALS).json["counts"]["unchanged"] == 20
    assert stock_of(karen, "Legesand")["total"] == 7


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (MATERIALS.decode().encode("latin-1", "replace"), "wrong-encoding"),
        (changed(";depot\n", "\n"), "missing-column"),
        (changed(";antal;", ";stk;"), "unknown-column"),
        (b"", "missing-column"),
        (changed("Stabelstol;", '"Stabelstol;'), "broken-line"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    app: Flask, database: Database, content: bytes, slug: str
) -> None:
    before = everything(database)
    for dry_run in (True, False):
        refused = upload(depot_staff(app), content, dry_run)
        assert (refused.status_code, slug in slugs(refused)) == (422, True)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("old", "new", "column", "slug"),
    [
        (";150;", ";-5;", "antal", "out-of-range"),
        (";150;", ";mange;", "antal", "not-a-number"),
        (";150;", ";;", "antal", "missing-value"),
        (";150;", ";39;", "antal", "below-in-use"),
        ("189,00", "-1,00", "værdi_kr", "not-an-amount"),
        ("Stabelstol;Borde og bænke;udlån", "Stabelstol;Borde og bænke;forbrug", "art", "kind-changed"),
        ("Stabelstol;Borde og bænke;udlån", "Stabelstol;Borde og bænke;gave", "art", "unknown-choice"),
        ("Stabelstol;Borde", "klapbord 180 CM;Borde", "navn", "repeated-row"),
        (CHAIR, CHAIR + ";", "file", "wrong-cell-count"),
        ("nummereret;3;", "nummereret;501;", "antal", "too-many"),
    ],
)
def test_one_bad_row_stops_the_whole_import(
    app: Flask, database: Database, old: str, new: str, column: str, slug: str
) -> None:
    ole = depot_staff(app)
    Visit(ole, an_approved_booking(database, a_line("Stabelstol", 40))).hand_out({"quantity": 40})
    before, content = everything(database), changed(old, new) + NEW_ROW
    (row,) = rows(upload(ole, content, dry_run=True).json, "refused")
    assert [(problem["column"], problem["slug"]) for problem in row["problems"]] == [(column, slug)]
    refused = upload(ole, content)
    assert (refused.status_code, refused.json["slug"]) == (422, "import-refused")
    assert refused.json["reasons"][0]["field"] == f"{row['line']}.{column}"
    assert refused.json["report"]["counts"]["added"] == 1
    assert everything(database) == before


def test_staff_change_their_own_depot_only(app: Flask) -> None:
    karen = depot_staff(app, depot=GLAMSBJERG)
    (row,) = rows(upload(karen, changed(";150;", ";160;"), dry_run=True).json, "refused")
    assert row["problems"][0]["slug"] == "not-yours"
    assert upload(karen, changed("udlån;60;", "udlån;61;")).json["counts"]["changed"] == 1


def test_a_form_with_the_file_in_it_is_told_to_send_the_table_alone(app: Flask) -> None:
    answer = administrator(app).post("/imports/materials", data={"file": (BytesIO(MATERIALS), "materiel.csv")})
    assert (answer.status_code, answer.json["reasons"][0]["text"]) == (415, "Send indholdet som text/csv.")


def test_the_manager_of_a_hall_changes_its_halves(app: Flask) -> None:
    hanne = Caller(app, HANNE, staff=[f"facility_manager:facility:{natural_id('facility', 'Glamsbjerg Demohal')}"])
    half = changed("Demohallen;200;ja", "Demohallen;190;nej", FACILITIES)
    assert upload(hanne, half, kind="facilities").json["counts"]["changed"] == 2
    gym = changed("Vissenbjerg;Kommunen;80;nej", "Vissenbjerg;Kommunen;80;ja", FACILITIES)
    assert "not-yours" in slugs(upload(hanne, gym, kind="facilities"))


@pytest.mark.parametrize(
    ("old", "new", "column", "slug"),
    [
        (";07.00;23.00\n", ";23.00;23.00\n", "lukker", "closes-before-opening"),
        (";;08.30;", ";Rådhuset;08.30;", "del_af", "unknown-whole"),
        (";;08.30;", ";Kælderen;08.30;", "del_af", "part-of-part"),
        (";;08.30;", ";Glamsbjerg Demohal, halvdel A;08.30;", "del_af", "part-of-part"),
    ],
)
def test_wrong_parts_and_hours_of_facilities(app: Flask, old: str, new: str, column: str, slug: str) -> None:
    cellar = "Kælderen;sal;Assens;Kommunen;20;nej;;08.30;22.00\n".encode()
    content = changed(old, new, FACILITIES + cellar)
    refused = rows(upload(administrator(app), content, dry_run=True, kind="facilities").json, "refused")
    assert (column, slug) in [(problem["column"], problem["slug"]) for row in refused for problem in row["problems"]]


def test_a_whole_may_stand_below_its_part(app: Flask, database: Database) -> None:
    lines = "Loftet;sal;Assens;Kommunen;9;nej;Gården;08.00;22.00\nGården;sal;Assens;Kommunen;20;nej;;08.00;22.00\n"
    report = upload(administrator(app), FACILITIES + lines.encode(), kind="facilities").json
    assert [row["name"] for row in rows(report, "added")] == ["Loftet", "Gården"]
    assert [event["name"] for event in events(database)] == ["Gården", "Loftet"]
