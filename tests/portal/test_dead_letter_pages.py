"""Events that could not be applied, as an administrator without scripts meets them: over real services' tables."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from werkzeug.serving import make_server

from services.bookings.app import create_app as create_bookings
from services.inventory.app import create_app as create_inventory
from services.portal.app import create_app
from shared.contracts.accounts import AssociationUpdated
from shared.contracts.bookings import BookingApproved
from shared.contracts.examples import example
from shared.db import Database
from shared.messaging.operations.replay import replay_requested
from shared.rooms import subscription_of
from shared.settings import Environment, Settings
from tests.portal.conftest import ME, Services, Visitor
from tests.support.letters import park
from tests.support.tokens import LocalKeys, token

PAGE = "/fejlede-haendelser"
LIS = UUID(int=1)
ADMINISTRATOR = {"role": "administrator", "scope_kind": "municipality", "scope_id": None}
NONE = {"items": [], "total": 0, "page": 1, "page_size": 50}
SCOUTS = AssociationUpdated(UUID(int=1), "Haarby Spejdergruppe", "Haarby")
MAKE = {"bookings": create_bookings, "inventory": create_inventory}

Databases = dict[str, Database]


@contextmanager
def serving(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def databases(database_of: Callable[[str], Database]) -> Databases:
    return {name: database_of(name) for name in MAKE}


@pytest.fixture
def lis(services: Services, databases: Databases) -> Iterator[Visitor]:
    """She administers the municipality. Bookings and inventory are real; accounts does not know the address."""
    stand_ins = services.url  # type: ignore[attr-defined]
    for name in ("volunteers", "notifications"):
        services.answer("GET", f"/{name}/dead-letters", NONE)
        for what in ("replay", "discard"):
            services.answer("POST", f"/{name}/dead-letters/{what}", {"dry_run": True, "ids": [], "at": ""})
    with ExitStack() as stack:
        real = {
            f"{name}_url": stack.enter_context(serving(make(database=databases[name], keys=LocalKeys())))
            for name, make in MAKE.items()
        }
        others = {f"{name}_url": f"{stand_ins}/{name}" for name in ("accounts", "volunteers", "notifications")}
        visitor = Visitor(create_app(Settings(environment=Environment.TEST, **real, **others)).test_client())
        log_in(visitor, services, ["administrator:municipality:"], [ADMINISTRATOR])
        yield visitor


def log_in(visitor: Visitor, services: Services, staff: list[str], roles: list[dict[str, Any]]) -> None:
    services.answer("POST", "/accounts/session", {"access_token": token(LIS, staff=staff), "refresh_token": "first"})
    services.answer("GET", "/accounts/me", ME | {"id": str(LIS), "name": "Lis Holm", "staff_roles": roles})
    assert visitor.send("/login", email=ME["email"], password="kommunity").status_code == 302


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def confirmed(visitor: Visitor, asking: str) -> Any:
    """Says yes on the page that asks, and follows to what became of it."""
    page = visitor.see(asking).text
    hidden = dict(re.findall(r'name="(ids-\w+|tilbage)" value="([^"]*)"', page))
    what = re.search(r'name="do" value="(\w+)"', page)
    assert what
    answer = visitor.send(PAGE, seen=asking, do=what[1], **{k: html.unescape(v) for k, v in hidden.items()})
    assert answer.status_code == 303
    return answer.location


def test_all_services_letters_are_one_list_and_who_is_away_is_named(lis: Visitor, databases: Databases) -> None:
    park(databases["bookings"], SCOUTS)
    park(databases["inventory"], example(BookingApproved))
    page = words(lis.see(PAGE).text)
    assert "Disse tjenester svarer ikke lige nu, så deres hændelser står her ikke: accounts." in page
    assert "accounts.association-updated.v1 bookings 1 Venter 'a mistake of ours'" in page
    assert "bookings.booking-approved.v1 inventory 1 Venter" in page
    assert page.index("inventory 1") < page.index("bookings 1")
    assert "Fejlede hændelser 2 venter" in page
    narrowed = words(lis.see(f"{PAGE}?type=accounts.&siden=01.08.2020").text)
    assert "bookings 1 Venter" in narrowed
    assert "inventory 1 Venter" not in narrowed
    assert "1 hændelse " in narrowed


def test_one_is_shown_with_its_content_and_reason(lis: Visitor, databases: Databases) -> None:
    park(databases["bookings"], SCOUTS, value=b"<b>\xff")
    page = lis.see(f"{PAGE}/bookings/1").text
    assert "ikke tekst; i base64: PGI+/w==" in words(page)
    assert "ce_type accounts.association-updated.v1" in words(page)
    park(databases["bookings"], SCOUTS, value=b"<b>poison</b>")
    assert "&lt;b&gt;poison&lt;/b&gt;</pre>" in lis.see(f"{PAGE}/bookings/2").text
    assert lis.see(f"{PAGE}/bookings/99").status_code == 404
    assert lis.see(f"{PAGE}/weather/1").status_code == 404


def test_ticked_ones_are_tried_again_and_what_became_of_them_is_said(lis: Visitor, databases: Databases) -> None:
    database = databases["bookings"]
    good, bad = park(database, SCOUTS), park(database, SCOUTS, value=b"{}")
    park(database, SCOUTS)
    asking = f"{PAGE}/bekraeft?do=replay&valgt=bookings-{good}&valgt=bookings-{bad}"
    assert "Prøv 2 hændelser igen?" in words(lis.see(asking).text)
    outcome = confirmed(lis, asking)
    assert "2 er på vej." in words(lis.see(outcome).text)

    replay_requested(database, "bookings", subscription_of("bookings"))
    page = words(lis.see(outcome).text)
    assert "1 er anvendt nu. 1 fejlede igen og venter videre." in page
    assert f"bookings {bad} Fejlede igen accounts.association-updated.v1 does not fit its contract" in page
    assert re.search(rf"bookings {good} Anvendt .* bedt om af Lis Holm", page)
    assert "bookings 3" not in page


def test_all_that_match_the_filters_are_discarded_after_a_yes(lis: Visitor, databases: Databases) -> None:
    park(databases["bookings"], SCOUTS)
    park(databases["inventory"], example(BookingApproved))
    asking = f"{PAGE}/bekraeft?do=discard&alle=1&type=bookings."
    page = words(lis.see(asking).text)
    assert "Kassér hændelsen?" in page
    assert "Du kan ikke fortryde." in page
    assert "inventory : 1 hændelse" in page.replace("inventory:", "inventory :")
    assert "1 er kasseret." in words(lis.see(confirmed(lis, asking)).text)
    left = words(lis.see(PAGE).text)
    assert "bookings 1 Venter" in left
    assert "inventory 1 Venter" not in left
    assert "Fejlede hændelser 1 venter" in left


def test_without_a_tick_nothing_is_asked(lis: Visitor, databases: Databases) -> None:
    park(databases["bookings"], SCOUTS)
    answer = lis.see(f"{PAGE}/bekraeft?do=discard")
    assert answer.status_code == 422
    assert "Sæt kryds ved de hændelser, det gælder." in answer.text


def test_a_service_that_goes_away_meanwhile_is_left_alone_and_named(lis: Visitor, databases: Databases) -> None:
    park(databases["bookings"], SCOUTS)
    fields = {"do": "discard", "ids-bookings": "1", "ids-accounts": "4,5"}
    outcome = lis.send(PAGE, **fields).location
    page = words(lis.see(outcome).text)
    assert "accounts svarer ikke. Dens hændelser er urørte." in page
    assert "1 er kasseret." in page


def test_nobody_else_sees_the_page_or_the_menu_entry(visitor: Visitor, services: Services) -> None:
    depot = {"role": "depot_staff", "scope_kind": "municipality", "scope_id": None}
    log_in(visitor, services, ["depot_staff:municipality:"], [depot])
    assert "Fejlede hændelser" not in visitor.see("/om").text
    for path in (PAGE, f"{PAGE}/bookings/1", f"{PAGE}/bekraeft?do=discard&valgt=bookings-1", f"{PAGE}/resultat"):
        assert visitor.see(path).status_code == 403
    assert visitor.send(PAGE, do="discard").status_code == 403
    assert services.calls("GET", "/bookings/dead-letters") == []
