"""foreninger.csv, by command and by upload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from services.accounts import seeds
from services.accounts.commands.import_associations import import_associations
from services.accounts.models import Association, Person
from shared.db import Database
from shared.errors import Refusal
from shared.messaging.tables import outbox
from shared.settings import Environment, Settings
from tests.accounts.conftest import ASSOCIATIONS, HEADINGS
from tests.support.client import Caller, slugs

FILE = Path(__file__).parents[2] / "deploy" / "demo-data" / "foreninger.csv"


def told(database: Database) -> int:
    with database.read() as session:
        return len(session.execute(select(outbox.c.id)).all())


def load(database: Database, content: bytes, dry_run: bool = False) -> dict[str, int]:
    with database.begin() as session:
        return import_associations(session, content, dry_run=dry_run).counts


def counts(**changed: int) -> dict[str, int]:
    return {"added": 0, "changed": 0, "unchanged": 0, "refused": 0} | changed


def test_the_demo_file_is_imported_as_it_is_and_a_second_time_changes_nothing(database: Database) -> None:
    content = FILE.read_bytes()
    assert load(database, content, dry_run=True) == counts(added=6)
    assert told(database) == 0
    assert load(database, content) == counts(added=6)
    assert told(database) == 6
    assert load(database, content) == counts(unchanged=6)
    assert told(database) == 6


def test_a_change_is_named_and_told_only_if_others_show_it(database: Database) -> None:
    load(database, ASSOCIATIONS.encode())
    members = ASSOCIATIONS.replace(";212;", ";213;")
    with database.begin() as session:
        report = import_associations(session, members.encode(), dry_run=False)
    assert report.rows[0].changes == {"medlemmer_under_25": (212, 213)}
    assert told(database) == 2
    assert load(database, members.replace(";Glamsbjerg;", ";Aarup;").encode()) == counts(changed=1, unchanged=1)
    assert told(database) == 3
    with database.read() as session:
        assert session.scalars(select(Association.version).order_by(Association.name)).all() == [3, 1]


BROKEN = {
    "a negative number": (ASSOCIATIONS.replace(";64;", ";-64;"), [("out-of-range", "medlemmer_under_25")]),
    "a short CVR number": (ASSOCIATIONS.replace("10000001", "1000000"), [("not-a-cvr", "cvr")]),
    "neither yes nor no": (ASSOCIATIONS.replace(";ja;", ";måske;"), [("not-yes-or-no", "folkeoplysende")]),
    "an American date": (ASSOCIATIONS.replace("01.09.2021", "09/01/2021"), [("not-a-date", "godkendt")]),
    "no name": (f"{HEADINGS}\n;;ja;Haarby;alle;1;1;", [("missing-value", "navn")]),
    "a missing cell": (f"{HEADINGS}\nKlubben;;ja;Haarby;alle;1;1", [("wrong-cell-count", "file")]),
    "the same twice": (
        f"{HEADINGS}\nKlubben;;ja;Haarby;alle;1;1;\nKLUBBEN;;ja;Haarby;alle;1;1;",
        [("repeated-row", "navn")],
    ),
    "two faults in one row": (
        f"{HEADINGS}\nKlubben;x;ja;Haarby;alle;mange;1;",
        [("not-a-cvr", "cvr"), ("not-a-number", "medlemmer_under_25")],
    ),
}


@pytest.mark.parametrize(("content", "problems"), BROKEN.values(), ids=BROKEN.keys())
def test_one_broken_row_keeps_the_whole_file_out(
    database: Database, content: str, problems: list[tuple[str, str]]
) -> None:
    with database.begin() as session:
        report = import_associations(session, content.encode(), dry_run=False)
        assert [(each.slug, each.field) for row in report.rows for each in row.problems] == problems
        assert session.scalars(select(Association)).all() == []
    assert told(database) == 0


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (ASSOCIATIONS.encode("latin-1"), "wrong-encoding"),
        (ASSOCIATIONS.replace("cvr;", "").encode(), "missing-column"),
        (ASSOCIATIONS.replace("navn;", "navn;formand;").encode(), "unknown-column"),
        (b"", "missing-column"),
        (ASSOCIATIONS.partition("\n")[2].encode(), "no-headings"),
        (ASSOCIATIONS.replace(";", ",").encode(), "commas"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(database: Database, content: bytes, slug: str) -> None:
    with database.begin() as session, pytest.raises(Refusal) as refused:
        import_associations(session, content, dry_run=True)
    assert {reason.slug for reason in refused.value.reasons} == {slug}


def test_the_upload_answers_with_a_report_and_refuses_with_all_reasons(people: dict[str, Caller]) -> None:
    def upload(content: str, dry_run: str = "false"):  # type: ignore[no-untyped-def]
        path = f"/imports/associations?dry_run={dry_run}"
        return people["administrator"].post(path, data=content.encode(), content_type="text/csv")

    broken = ASSOCIATIONS.replace(";64;", ";-64;").replace("10000001", "1")
    dry = upload(broken, "true")
    assert (dry.status_code, dry.json["counts"]["refused"], dry.json["dry_run"]) == (200, 2, True)
    refused = upload(broken)
    assert (refused.status_code, refused.json["slug"]) == (422, "import-refused")
    assert [reason["field"] for reason in refused.json["reasons"]] == ["2.cvr", "3.medlemmer_under_25"]
    assert refused.json["report"]["rows"] == dry.json["rows"]
    changed = upload(ASSOCIATIONS.replace(";nej;", ";ja;"))
    assert changed.json["rows"][1]["changes"] == [{"column": "folkeoplysende", "old": "nej", "new": "ja"}]
    assert slugs(upload("x" * 600_000)) != ["request-entity-too-large"]
    assert upload("x" * 6_000_000).status_code == 413


@pytest.fixture
def seeded(database: Database) -> Callable[[], int]:
    """Tells the demo's story; returns how many events there are then."""
    load(database, FILE.read_bytes())

    def tell() -> int:
        seeds.seed(database)
        return told(database)

    return tell


def test_the_demos_story_can_be_told_twice_and_its_people_can_log_in(
    database: Database, seeded: Callable[[], int], app: Flask
) -> None:
    assert seeded() == seeded()
    with database.read() as session:
        assert set(session.scalars(select(Person.email))) == {person.email for person in seeds.DEMO_LOGINS.people}
    for person in seeds.DEMO_LOGINS.people:
        body = {"email": person.email, "password": seeds.DEMO_LOGINS.password}
        assert Caller(app).post("/session", json=body).status_code == 200


def test_the_demos_people_never_reach_a_production_system(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    production = Settings(
        environment=Environment.PRODUCTION, session_secret="s" * 40, service_secret="t" * 40, link_secret="u" * 40
    )
    monkeypatch.setattr(seeds, "settings", lambda: production)
    with pytest.raises(RuntimeError, match="production"):
        seeds.seed(database)
