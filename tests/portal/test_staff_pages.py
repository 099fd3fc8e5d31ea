"""The depot's desk, the stock and the import, as staff without scripts meet them: over the real inventory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from services.portal.app import create_app
from shared.db import Database
from shared.ids import natural_id
from shared.settings import Environment, Settings
from tests.inventory.stories import (
    ASSENS,
    FETCHED_AT,
    MATERIALS,
    OLE,
    a_line,
    a_town,
    an_approved_booking,
    depot_staff,
    stock_of,
    the_app,
    unit_id,
)
from tests.portal.conftest import ME, Services, Visitor
from tests.support.tokens import token

ROLE = f"depot_staff:depot:{natural_id('depot', ASSENS)}"
OLES = ME | {
    "id": str(OLE),
    "name": "Ole Skov",
    "associations": [],
    "staff_roles": [{"role": "depot_staff", "scope_kind": "depot", "scope_id": str(natural_id("depot", ASSENS))}],
}


@pytest.fixture
def database(database_of: Any, moved_clock: Any) -> Database:
    moved_clock(FETCHED_AT)
    database: Database = database_of("inventory")
    a_town(database)
    return database


@pytest.fixture
def inventory(database: Database) -> Iterator[Any]:
    app = the_app(database)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    app.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield app
    server.shutdown()


@pytest.fixture
def ole(services: Services, inventory: Any, tmp_path: Path) -> Visitor:
    """Ole at the depot in Assens. Who he is comes from a stand-in, all else from the real inventory."""
    url = services.url  # type: ignore[attr-defined]
    addresses = {f"{name}_url": f"{url}/{name}" for name in ("accounts", "bookings", "notifications")}
    config = Settings(
        environment=Environment.TEST, clock_file=tmp_path / "clock", inventory_url=inventory.url, **addresses
    )
    visitor = Visitor(create_app(config).test_client())
    services.answer("GET", "/accounts/people/names", {"names": {str(OLE): "Ole Skov"}})
    services.answer("POST", "/accounts/session", {"access_token": token(OLE, staff=[ROLE]), "refresh_token": "first"})
    services.answer("GET", "/accounts/me", OLES)
    assert visitor.send("/login", email=ME["email"], password="kommunity").status_code == 302
    return visitor


class Sheet:
    """The desk's form for one booking: knows its lines, and sends what the page that was seen holds."""

    def __init__(self, visitor: Visitor, inventory: Any, booking_id: Any) -> None:
        self.visitor = visitor
        handover = depot_staff(inventory).get(f"/bookings/{booking_id}/handovers").json["handovers"][0]
        self.path = f"/depot/udleveringer/{handover['id']}"
        self.lines = [line["id"] for line in handover["lines"]]

    def check(self, step: str, version: int = 1, **counts: Any) -> TestResponse:
        """`counts` of the first line, as they are typed."""
        typed = {f"{name}-{self.lines[0]}": str(count) for name, count in counts.items()}
        fields = {"version": str(version), "steps": "0", "do": "check", **typed}
        return self.visitor.send(f"{self.path}/{step}", seen=self.path, **fields)

    def confirm(self, step: str, page: TestResponse) -> TestResponse:
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
        return self.visitor.send(f"{self.path}/{step}", seen=self.path, **{**hidden, "do": "confirm"})


def test_the_desk_hands_out_and_takes_back_with_a_receipt_for_each(
    ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40)))
    page = sheet.check("udlever", quantity=38, broken=2)
    assert "Udlever 38" in page.text
    answer = sheet.confirm("udlever", page)
    assert answer.status_code == 303
    receipt = ole.see(answer.location)
    assert "38 er udleveret" in receipt.text
    assert "Ole Skov" in receipt.text
    back = sheet.confirm("tag-imod", sheet.check("tag-imod", version=2, quantity=35, missing=3))
    assert "35 er taget imod" in ole.see(back.location).text
    chairs = stock_of(depot_staff(inventory), "Stabelstol")
    assert (chairs["total"], chairs["broken"], chairs["missing"], chairs["out"]) == (145, 2, 3, 0)
    report = ole.see("/mangelrapporter").text
    assert "ved udlevering" in report
    assert "ved aflevering" in report


def test_unlike_things_are_named_and_never_added_up(ole: Visitor, inventory: Any, database: Database) -> None:
    lines = (a_line("Stabelstol", 40), a_line("Pavillon 3x3 m", 3))
    sheet = Sheet(ole, inventory, an_approved_booking(database, *lines))
    typed = {f"quantity-{line}": str(count) for line, count in zip(sheet.lines, (38, 2), strict=True)}
    page = ole.send(f"{sheet.path}/udlever", seen=sheet.path, version="1", do="check", **typed)
    assert "Udlever 2 slags" in page.text
    assert "2 Stabelstol, 1 Pavillon 3x3 m resterer" in page.text
    receipt = ole.see(sheet.confirm("udlever", page).location)
    assert "38 Stabelstol, 2 Pavillon 3x3 m er udleveret" in receipt.text
    assert "38 stk Stabelstol, 2 stk Pavillon 3x3 m ude" in ole.see("/depot").text


def test_a_double_tap_hands_out_once_and_shows_the_same_receipt(
    ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40)))
    page = sheet.check("udlever", quantity=10)
    first, second = sheet.confirm("udlever", page), sheet.confirm("udlever", page)
    assert (second.status_code, second.location) == (303, first.location)
    assert stock_of(depot_staff(inventory), "Stabelstol")["out"] == 10


def test_a_refused_hand_out_keeps_what_was_typed_with_the_reason_beside_it(
    ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40)))
    answer = sheet.confirm("udlever", sheet.check("udlever", quantity=60))
    field = f"quantity-{sheet.lines[0]}"
    assert answer.status_code == 409
    assert f'href="#{field}"' in answer.text
    assert re.search(rf'id="{field}-error".*?Udlever højst 40', answer.text)
    assert re.search(rf'id="{field}"[^>]*value="60"', answer.text)


@pytest.mark.parametrize(
    ("typed", "said"), [("mange", "Skriv et helt tal"), ("-3", "Skriv et helt tal"), ("0", "Skriv, hvor mange")]
)
def test_what_is_no_number_is_said_before_anything_is_sent(
    typed: str, said: str, ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40)))
    page = sheet.check("udlever", quantity=typed)
    assert said in page.text
    assert re.search(rf'id="quantity-{sheet.lines[0]}"[^>]*value="{typed}"', page.text)


def test_the_slower_of_two_staff_sees_what_happened_and_keeps_her_numbers(
    ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40)))
    slow = sheet.check("udlever", quantity=5)
    sheet.confirm("udlever", sheet.check("udlever", quantity=30))
    answer = sheet.confirm("udlever", slow)
    assert answer.status_code == 412
    assert "Det skete imens" in answer.text
    assert "30 Stabelstol" in answer.text
    assert re.search(rf'id="quantity-{sheet.lines[0]}"[^>]*value="5"', answer.text)
    assert 'name="version" value="2"' in answer.text


def test_numbered_units_are_chosen_one_by_one(ole: Visitor, inventory: Any, database: Database) -> None:
    one, two = (unit_id("Højttaleranlæg", number) for number in (1, 2))
    line = a_line("Højttaleranlæg", 2, kind="numbered", unit_ids=(one, two))
    sheet = Sheet(ole, inventory, an_approved_booking(database, line))
    three, name = unit_id("Højttaleranlæg", 3), f"unit-{sheet.lines[0]}"
    fields = {f"{name}-{one}": "quantity", f"{name}-{two}": "broken", f"{name}-{three}": "quantity"}
    page = ole.send(f"{sheet.path}/udlever", seen=sheet.path, version="1", do="check", **fields)
    assert "Udlever 2" in page.text
    assert ole.see(sheet.confirm("udlever", page).location).status_code == 200
    assert stock_of(depot_staff(inventory), "Højttaleranlæg")["broken"] == 1
    assert re.findall(r"Nr\. (\d)</legend>", ole.see(f"{sheet.path}?trin=tag-imod").text) == ["1", "3"]


def test_the_day_shows_who_fetches_and_a_scanned_number_leads_to_its_handover(
    ole: Visitor, inventory: Any, database: Database
) -> None:
    sheet = Sheet(ole, inventory, an_approved_booking(database, a_line("Stabelstol", 40), number="27-0042"))
    assert "27-0042" in ole.see("/depot").text
    assert "27-0042" not in ole.see("/depot?dato=2027-08-01").text
    assert ole.see("/depot?q=27-0042&dato=2027-08-01").location == sheet.path
    assert "Intet passer på" in ole.see("/depot?q=27-0099").text


def test_a_correction_needs_a_reason_and_shows_in_the_movements(ole: Visitor, inventory: Any) -> None:
    chairs = stock_of(depot_staff(inventory), "Stabelstol")
    path = f"/lager/{chairs['id']}"
    fields = {"version": chairs["version"], "key": "one", "what": "broken", "change": "4"}
    answer = ole.send(path, seen=path, **fields, reason=" ")
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert re.search(r'value="broken" checked', answer.text)
    assert ole.send(path, seen=path, **fields, reason="Ryglæn knækket").location == path
    assert "Ryglæn knækket" in ole.see(path).text
    assert stock_of(depot_staff(inventory), "Stabelstol")["total"] == 146


def upload(visitor: Visitor, content: bytes, kind: str = "materials") -> TestResponse:
    return visitor.send("/import", seen="/import", kind=kind, file=(BytesIO(content), "materiel.csv"))


def test_a_file_is_tried_first_and_only_the_same_file_is_carried_out(ole: Visitor, inventory: Any) -> None:
    page = upload(ole, MATERIALS.replace(b";150;", b";160;"))
    assert "Gem 1 række" in page.text
    assert re.search(r"150</span> → <strong>160", page.text)
    assert stock_of(depot_staff(inventory), "Stabelstol")["owned"] == 150
    tried = re.search(r'name="tried" value="([^"]+)"', page.text)
    assert tried
    assert ole.send("/import/bekraeft", tried=tried[1][:-4] + "AAAA").status_code == 400
    assert ole.send("/import/bekraeft", tried=tried[1]).location == "/import"
    assert stock_of(depot_staff(inventory), "Stabelstol")["owned"] == 160


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b";udl\xc3\xa5n;150;", b";udl\xc3\xa5n;-5;"), r"<td[^>]*>4</td>.*?<code>antal</code>.*?mellem 0"),
        ((b";depot\n", b"\n"), "Kolonnen “depot” mangler"),
        (("æ".encode(), b"\xe6"), "ikke UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_the_remedy(
    change: tuple[bytes, bytes], said: str, ole: Visitor
) -> None:
    page = upload(ole, MATERIALS.replace(*change, 1))
    assert page.status_code == 422
    assert re.search(said, page.text, re.DOTALL)
    assert 'name="tried"' not in page.text


def test_what_one_may_not_import_cannot_be_sent(ole: Visitor) -> None:
    assert "Vælg, hvad filen indeholder." in upload(ole, b"navn\n", kind="associations").text


@pytest.mark.parametrize(
    "path", ["/depot", "/lager", "/lager/konflikter", "/mangelrapporter", "/import", "/godkendelser"]
)
def test_staff_pages_are_closed_to_borrowers(path: str, visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    assert visitor.see(path).status_code == 403


def a_waiting_booking() -> dict[str, Any]:
    times = {"starts_at": "2027-08-14T07:00:00+00:00", "ends_at": "2027-08-14T15:30:00+00:00"}
    line = {"id": "line", "resource_id": "hall", "kind": "facility", "name": "Demohal", "state": "waiting", **times}
    return {
        "id": str(natural_id("booking", "27-0042")),
        "number": "27-0042",
        "state": "waiting",
        "person_id": str(OLE),
        "association_name": "Haarby Spejdergruppe",
        "created_at": times["starts_at"],
        "version": 3,
        "lines": [line],
        "decidable_line_ids": ["line"],
        **times,
    }


@pytest.mark.parametrize(("today", "said"), [("2027-08-13", False), ("2027-08-15", True)])
def test_a_waiting_booking_whose_time_has_passed_says_so(
    today: str, said: bool, visitor: Visitor, services: Services, moved_clock: Any
) -> None:
    moved_clock(datetime.fromisoformat(f"{today}T12:00:00+00:00"))
    services.answer("GET", "/bookings/approvals", {"approvals": [a_waiting_booking()]})
    services.answer("GET", "/accounts/me", OLES)
    visitor.log_in(services, token(OLE, staff=[ROLE]))
    page = visitor.see("/godkendelser").text
    assert ("Tiden er gået" in page, "holder sin plads" in page) == (said, not said)


def test_a_refusal_without_reasons_stays_on_the_page_with_all_that_is_needed_to_decide(
    visitor: Visitor, services: Services
) -> None:
    booking = a_waiting_booking()
    path, decisions = f"/godkendelser/{booking['id']}", f"/bookings/bookings/{booking['id']}/decisions"
    until_the_end = {"starts_at": "2027-08-14T05:00:00+00:00", "ends_at": booking["ends_at"]}
    day = {"date": "2027-08-14", "free": 1, "total": 1, "state": "few", "taken": [until_the_end]}
    services.answer("GET", "/bookings/approvals", {"approvals": [booking]})
    services.answer("GET", "/bookings/resources/hall/calendar", {"month": "2027-08", "days": [day]})
    services.refuse("POST", decisions, 409, "decision-refused", reason="Skriv hvorfor.")
    services.answer("GET", "/accounts/me", OLES)
    visitor.log_in(services, token(OLE, staff=[ROLE]))
    assert "07.00–09.00" in visitor.see(path).text  # what is taken besides this booking's own hours
    answer = visitor.send(path, seen=path, version="3", line_ids="line", do="refuse", reason="")
    assert answer.status_code == 409
    assert 'id="reason-error"' in answer.text
    assert services.calls("POST", decisions)[0].headers["If-Match"] == '"3"'
