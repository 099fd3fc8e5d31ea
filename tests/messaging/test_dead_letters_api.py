"""What administrators see of events that could not be applied, and what they can do about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.bookings.app import create_app
from services.bookings.models import Association
from shared.contracts.accounts import AssociationUpdated
from shared.contracts.examples import example
from shared.contracts.inventory import DepotUpdated
from shared.db import Database
from shared.messaging.operations.replay import let_wait_on, replay_requested
from shared.rooms import subscription_of
from shared.settings import Environment, Settings
from tests.support.client import Caller, slugs
from tests.support.letters import park
from tests.support.tokens import LocalKeys

LIS, DEPOT = UUID(int=7), UUID(int=8)
SCOUTS = AssociationUpdated(UUID(int=1), "Haarby Spejdergruppe", "Haarby")
CHOIR = AssociationUpdated(UUID(int=2), "Glamsbjerg Kor", "Glamsbjerg")
BROKEN = b'{"name": "Haarby Sp\xc3\xa6jdere"}'


@pytest.fixture
def database(database_of: Callable[[str], Database]) -> Database:
    return database_of("bookings")


@pytest.fixture
def caller(database: Database) -> Callable[..., Caller]:
    config = Settings(environment=Environment.TEST, database_url="postgresql+psycopg://not-used")
    app = create_app(config, keys=LocalKeys(), database=database)
    return lambda *staff, **options: Caller(app, LIS, staff=list(staff), **options)


@pytest.fixture
def lis(caller: Callable[..., Caller]) -> Caller:
    """Who administers the municipality."""
    return caller("administrator:municipality:")


def replay(database: Database) -> Any:
    """As the worker does every two seconds."""
    return replay_requested(database, "bookings", subscription_of("bookings"))


def associations(database: Database) -> set[UUID]:
    with database.read() as session:
        return set(session.scalars(select(Association.id)))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/dead-letters"),
        ("GET", "/dead-letters/1"),
        ("POST", "/dead-letters/replay"),
        ("POST", "/dead-letters/discard"),
    ],
)
def test_they_are_for_administrators_alone(
    caller: Callable[..., Caller], database: Database, method: str, path: str
) -> None:
    number = park(database, SCOUTS)
    body = {"json": {"ids": [number]}} if method == "POST" else {}
    everybody_else = [(), (f"depot_staff:depot:{DEPOT}",), ("volunteer_coordinator:municipality:",)]
    answers = [caller(*staff).send(method, path, **body) for staff in everybody_else]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert caller("administrator:municipality:").send(method, path, **body).status_code == 200


def test_the_list_can_be_narrowed_and_is_paged_newest_first(lis: Caller, database: Database) -> None:
    ids = [park(database, SCOUTS), park(database, CHOIR), park(database, example(DepotUpdated))]
    lis.post("/dead-letters/discard", json={"ids": ids[:1]})

    def found(**query: Any) -> list[int]:
        return [one["id"] for one in lis.get("/dead-letters", query_string=query).json["items"]]

    assert found() == [ids[2], ids[1]]
    assert found(state="") == ids[::-1]
    assert found(state="discarded") == found(settled_since="2000-01-01T00:00:00Z", state="") == ids[:1]
    assert found(type="accounts.") == found(topic="accounts.events") == [ids[1]]
    assert found(since="2099-01-01T00:00:00Z") == []
    page = lis.get("/dead-letters", query_string={"state": "", "page": 2, "page_size": 2}).json
    assert ([one["id"] for one in page["items"]], page["total"]) == (ids[:1], 3)
    assert lis.get("/dead-letters", query_string={"state": "lost"}).status_code == 422


def test_one_is_shown_with_all_that_came(lis: Caller, database: Database) -> None:
    readable = lis.get(f"/dead-letters/{park(database, SCOUTS)}").json
    assert readable["value"]["content"].splitlines()[2] == '  "name": "Haarby Spejdergruppe",'
    assert {"name": "ce_type", "content": "accounts.association-updated.v1", "encoding": "text"} in readable["headers"]
    assert (readable["error_class"], readable["error_message"]) == ("builtins.KeyError", "'a mistake of ours'")
    assert readable["key"] == {"content": str(SCOUTS.association_id), "encoding": "text"}

    def shown(value: bytes) -> dict[str, str]:
        found: dict[str, str] = lis.get(f"/dead-letters/{park(database, SCOUTS, value=value)}").json["value"]
        return found

    assert shown(b"{ no JSON") == {"content": "{ no JSON", "encoding": "text"}
    assert shown(b'["\\ud800"]') == {"content": '["\\ud800"]', "encoding": "text"}
    assert shown(b"\xff\xfe") == {"content": "//4=", "encoding": "base64"}
    assert lis.get("/dead-letters/999").status_code == 404
    assert lis.get(f"/dead-letters/{2**70}").status_code == 404


def test_the_worker_applies_what_it_is_asked_to_and_says_anew_why_not(lis: Caller, database: Database) -> None:
    good, bad, other = park(database, SCOUTS), park(database, CHOIR, value=BROKEN), park(database, CHOIR)
    answer = lis.post("/dead-letters/replay", json={"ids": [good, bad]}).json
    assert answer["ids"] == [good, bad]
    assert associations(database) == set()

    replay(database)
    assert associations(database) == {SCOUTS.association_id}
    applied, failed, untouched = (lis.get(f"/dead-letters/{number}").json for number in (good, bad, other))
    assert [one["state"] for one in (applied, failed, untouched)] == ["replayed", "waiting", "waiting"]
    assert "does not fit its contract" in failed["error_message"]
    assert failed["error_class"] == "shared.messaging.inbox.Poison"
    assert (applied["settled_by"], failed["settled_by"], untouched["settled_by"]) == (str(LIS), str(LIS), "")
    since = lis.get("/dead-letters", query_string={"state": "", "settled_since": answer["at"]}).json["items"]
    assert [one["id"] for one in since] == [bad, good]


def test_what_is_settled_stays_so(lis: Caller, database: Database) -> None:
    number = park(database, SCOUTS)
    assert lis.post("/dead-letters/discard", json={"ids": [number]}).json["ids"] == [number]
    assert lis.post("/dead-letters/discard", json={"ids": [number, 999]}).json["ids"] == []
    assert lis.post("/dead-letters/replay", json={"ids": [number]}).json["ids"] == []
    assert replay(database) == []
    assert associations(database) == set()
    with database.begin() as session:  # as a worker that was just trying it, and failed
        let_wait_on(session, number, ValueError("too late"))
    assert lis.get(f"/dead-letters/{number}").json["state"] == "discarded"


def test_what_they_have_in_common_chooses_them_and_a_dry_run_only_says_which(lis: Caller, database: Database) -> None:
    ids = [park(database, SCOUTS), park(database, CHOIR), park(database, example(DepotUpdated))]
    body = {"matching": {"type": "accounts.association"}}
    answer = lis.post("/dead-letters/discard", json={**body, "dry_run": True}).json
    assert (answer["dry_run"], answer["ids"]) == (True, ids[:2])
    assert lis.get("/dead-letters").json["total"] == 3
    assert lis.post("/dead-letters/discard", json=body).json["ids"] == ids[:2]
    assert lis.post("/dead-letters/replay", json={"matching": {}}).json["ids"] == ids[2:]


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["1"]}, {"ids": [1], "matching": {}}, {"matching": None}])
def test_who_does_not_say_which_is_refused(lis: Caller, database: Database, body: dict[str, Any]) -> None:
    park(database, SCOUTS)
    refused = lis.post("/dead-letters/discard", json=body)
    assert (refused.status_code, slugs(refused)) == (422, ["invalid-field"])
    assert lis.get("/dead-letters").json["total"] == 1
