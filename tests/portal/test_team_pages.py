"""The coordinators' pages, as somebody without scripts meets them: over the real volunteers service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from deploy.local.translations import compile_all
from services.portal.app import create_app as create_portal
from services.volunteers import clients
from services.volunteers.app import create_app
from services.volunteers.models import Place, SchoolHoliday
from shared.contracts import accounts
from shared.ids import natural_id
from shared.service_client import AccountsService, ServiceToken
from shared.settings import Environment, Settings
from tests.portal.conftest import ME, Services, Visitor
from tests.support.client import Caller
from tests.support.tokens import LocalKeys, token
from tests.support.town_hall import TownHall, serving
from tests.volunteers.town import COORDINATOR, VILLAGE, Town, on, role

NOW = "2027-08-01T09:00"
SOFIE = natural_id("person", "sofie@kommunity.example")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FIELD = re.compile(r'<(?:input|textarea)[^>]* name="(rows\.\d[^"]*)"(?:[^>]* value="([^"]*)")?')


@pytest.fixture
def town(database_of: Any, moved_clock: Any) -> Iterator[Town]:
    compile_all()
    moved_clock(on(NOW))
    database = database_of("volunteers")
    app = create_app(Settings(environment=Environment.TEST), keys=LocalKeys(), database=database)
    town = Town(database, app)
    town.tell(accounts.AssociationUpdated(VILLAGE, "Borgerforening", "Aarup"))
    with database.begin() as session:
        session.add(Place(name="Assens Havneplads", area="Assens", latitude=55.2716, longitude=9.8894))
        session.add(SchoolHoliday(name="Efterårsferie", first_day=date(2027, 10, 16), last_day=date(2027, 10, 24)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    app.config["URL"] = f"http://127.0.0.1:{server.server_port}"
    yield town
    server.shutdown()


@pytest.fixture
def hall(town: Town, database_of: Any) -> Iterator[TownHall]:
    """Accounts, for who needs names and numbers on the crew's list."""
    with serving(TownHall(database_of("accounts"))) as hall:
        secret = ServiceToken(hall.url, "volunteers", Settings().service_secret)
        town.app.extensions[clients.ACCOUNTS] = AccountsService(hall.url, secret)
        yield hall


def portal_of(town: Town, services: Services, tmp_path: Path, me: dict[str, Any], access_token: str) -> Visitor:
    url = services.url  # type: ignore[attr-defined]
    addresses = {f"{name}_url": f"{url}/{name}" for name in ("accounts", "bookings", "inventory", "notifications")}
    volunteers = town.app.config["URL"]
    config = Settings(
        environment=Environment.TEST, clock_file=tmp_path / "clock", volunteers_url=volunteers, **addresses
    )
    visitor = Visitor(create_portal(config).test_client())
    services.answer("GET", "/accounts/people/names", {"names": {str(SOFIE): "Sofie Juul"}})
    services.answer("POST", "/accounts/session", {"access_token": access_token, "refresh_token": "first"})
    services.answer("GET", "/accounts/me", me)
    assert visitor.send("/login", email=ME["email"], password="kommunity").status_code == 302
    return visitor


@pytest.fixture
def sofie(town: Town, services: Services, tmp_path: Path) -> Visitor:
    """The municipality's coordinator. Who she is comes from a stand-in, all else from the real services."""
    role_held = {"role": "volunteer_coordinator", "scope_kind": "municipality", "scope_id": None}
    me = ME | {"id": str(SOFIE), "name": "Sofie Juul", "associations": [], "staff_roles": [role_held]}
    return portal_of(town, services, tmp_path, me, token(SOFIE, staff=[COORDINATOR]))


@pytest.fixture
def birthe(town: Town, services: Services, tmp_path: Path) -> Visitor:
    """Chair of an association, for which she acts."""
    village = {"id": str(VILLAGE), "name": "Borgerforening", "roles": ["chair"]}
    me = ME | {"associations": [village], "staff_roles": []}
    visitor = portal_of(town, services, tmp_path, me, token(UUID(ME["id"]), {VILLAGE: ["chair"]}))
    visitor.send("/handl-for", association_id=str(VILLAGE))
    return visitor


def a_line(number: int = 0, **cells: str) -> dict[str, str]:
    """A line of the sheet as it is typed: cells by the end of their name, __ for the dot."""
    typed = {
        "kept": '{"organiser":"Kommunen","insurance":"kommunens forsikring"}',
        "day": "14.8.2027",
        "starts": "8",
        "ends": "12.30",
        "title": "Opstilling",
        "place": "Assens Havneplads",
        "area": "",
        "roles.0.name": "",
        "roles.0.capacity": "4",
        "roles.0.minimum": "",
        "roles.0.requirements": "",
        **{name.replace("__", "."): value for name, value in cells.items()},
    }
    return {f"rows.{number}.{name}": value for name, value in typed.items()}


def typed_again(page: TestResponse) -> dict[str, str]:
    """Everything that the page's sheet holds, as a browser would send it."""
    sheet = page.text[page.text.index('id="plan"') :].split("<template")[0]
    found = [*HIDDEN.findall(sheet), *FIELD.findall(sheet)]
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def send(visitor: Visitor, do: str, fields: dict[str, str], path: str = "/hold/plan") -> TestResponse:
    return visitor.send(path, **(fields | {"do": do}))


def rows_of(town: Town, day: str = "2027-08-14") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = town.coordinator().get(f"/plan?from={day}&to={day}").json["rows"]
    return rows


def sign_up(town: Town, shift: Any, who: Caller) -> None:
    role_id = str(shift.roles[0].id)
    assert who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": role_id}).status_code == 201


def test_what_is_typed_is_checked_first_and_only_then_saved_as_drafts(sofie: Visitor, town: Town) -> None:
    page = send(sofie, "check", a_line() | a_line(1, title="Kiosk", starts="9", roles__0__requirements="trailerkort"))
    assert "Klar til at gemme" in page.text
    assert "Samme sted samtidig: Kiosk" in page.text
    assert rows_of(town) == []
    answer = send(sofie, "save", typed_again(page))
    assert (answer.status_code, answer.location) == (303, "/hold/plan?fra=2027-08-14&til=2027-08-14")
    first, second = rows_of(town)
    assert (first["starts"], first["ends"], first["area"], first["state"]) == ("08:00", "12:30", "Assens", "draft")
    assert second["roles"][0]["requirements"] == ["trailerkort"]
    assert "2 vagter er gemt." in sofie.see(answer.location).text


def test_a_double_click_saves_once(sofie: Visitor, town: Town) -> None:
    fields = typed_again(send(sofie, "check", a_line()))
    assert send(sofie, "publish", fields).location == send(sofie, "publish", fields).location
    assert [row["state"] for row in rows_of(town)] == ["published"]


UNREADABLE = [
    ({"day": "32.8."}, "day", "Dag: Skriv dagen som 14.08.2027"),
    ({"starts": "25"}, "starts", "Fra: Skriv tiden som 17.30."),
    ({"roles__0__capacity": "mange"}, "roles-0-capacity", "Pladser: Skriv, hvor mange pladser"),
    ({"roles__0__requirements": "kørekort"}, "roles-0-requirements", "Krav: Vi kender ikke kravet “kørekort”"),
]
AGAINST_THE_RULES = [
    ({"day": "14.8.2020"}, "day", "Dag: Tidspunktet er passeret"),
    ({"roles__0__capacity": "0"}, "roles-0-capacity", "Pladser: "),
    ({"roles__0__capacity": "99999"}, "roles-0-capacity", "Pladser: "),
    ({"area": "Atlantis"}, "area", "Område: Området “Atlantis” kendes ikke"),
]


@pytest.mark.parametrize("wrong", [UNREADABLE, AGAINST_THE_RULES])
def test_all_problems_stand_at_their_cells_and_nothing_typed_is_lost(wrong: list[Any], sofie: Visitor) -> None:
    fields: dict[str, str] = {}
    for number, (cells, _cell, _said) in enumerate(wrong):
        fields |= a_line(number, title=f"Kaffe & kage {number}", **cells)
    page = send(sofie, "check", fields)
    for number, (_cells, cell, said) in enumerate(wrong):
        assert f'href="#rows-{number}-{cell}">Vagt {number + 1}, {said}' in unescape(page.text)
        assert re.search(rf'id="rows-{number}-{cell}"[^>]*aria-describedby="[^"]+" aria-invalid="true"', page.text)
        assert typed_again(page)[f"rows.{number}.title"] == f"Kaffe & kage {number}"
    assert 'value="save"' not in page.text


def test_unreadable_cells_and_the_services_reasons_are_told_together(sofie: Visitor) -> None:
    lines = a_line(0, starts="25") | a_line(1, title="Kiosk") | a_line(2, title="Vagt", area="Atlantis")
    page = send(sofie, "check", lines).text
    assert "Vagt 1, Fra: Skriv tiden som 17.30." in page
    assert "Vagt 3, Område: Området “Atlantis” kendes ikke" in page
    assert "Vagt 2, " not in page


def test_the_area_follows_a_known_place_unless_it_was_typed(sofie: Visitor, town: Town) -> None:
    fields = typed_again(send(sofie, "add", a_line(place="Aarup Hal", area="Aarup")))
    assert fields["rows.1.area"] == "Aarup"
    typed = {"rows.1.title": "Kiosk", "rows.1.starts": "9", "rows.1.ends": "10", "rows.1.place": "Assens havneplads"}
    page = send(sofie, "check", fields | typed | {"rows.1.roles.0.capacity": "2"})
    assert [typed_again(page)[f"rows.{number}.area"] for number in (0, 1)] == ["Aarup", "Assens"]


def test_what_was_typed_since_the_check_is_checked_before_it_is_saved(sofie: Visitor, town: Town) -> None:
    fields = typed_again(send(sofie, "check", a_line()))
    page = send(sofie, "publish", fields | {"rows.0.roles.0.capacity": "40"})
    assert "Du har rettet noget" in page.text
    assert rows_of(town) == []
    assert send(sofie, "publish", typed_again(page)).status_code == 303
    assert rows_of(town)[0]["roles"][0]["capacity"] == 40


def test_missing_details_open_on_the_first_line_and_go_from_there_to_all(sofie: Visitor) -> None:
    bare = '{"organiser":"Kommunen"}'
    page = send(sofie, "check", a_line(kept=bare) | a_line(1, kept=bare, title="Kiosk"))
    assert page.text.count("rows.0.insurance") == 1
    assert 'name="rows.1.insurance"' not in page.text
    fields = typed_again(page) | {"rows.0.insurance": "kommunens forsikring", "rows.0.audience": "all"}
    page = send(sofie, "spread.0", fields)
    assert "Klar til at gemme" in send(sofie, "check", typed_again(page) | {"rows.0.audience": "all"}).text


def test_the_sheets_own_buttons_work_without_scripts_and_keep_everything(sofie: Visitor) -> None:
    page = send(sofie, "copy.0", a_line())
    assert re.search(r'value="copy\.0".*?</svg>Kopiér række</button>', page.text)
    assert typed_again(page)["rows.1.title"] == "Opstilling"
    page = send(sofie, "role.1", typed_again(page))
    assert re.search(r'name="rows\.1\.roles\.1\.name"[^>]*autofocus', page.text)
    page = send(sofie, "unrole.1.0", typed_again(page) | {"rows.1.roles.1.name": "Kok"})
    assert typed_again(page)["rows.1.roles.0.name"] == "Kok"
    page = send(sofie, "drop.0", typed_again(page))
    assert [typed_again(page)[f"rows.{number}.title"] for number in (0, 1)] == ["Opstilling", ""]
    assert send(sofie, "drop.99", typed_again(page)).status_code in (200, 422)


def test_moving_a_day_names_who_cannot_and_tells_those_who_are_moved(
    sofie: Visitor, town: Town, services: Services
) -> None:
    one, other = town.shift("2027-08-14T08:00"), town.shift("2027-08-15T09:00", title="Nedtagning")
    stuck, free = town.caller(), town.caller()
    services.answers["GET", "/accounts/people/names"] = [(200, {"names": {str(stuck.person_id): "Noah Krag"}})]
    for who, shift in ((stuck, one), (stuck, other), (free, one)):
        sign_up(town, shift, who)
    page = sofie.send("/hold/flyt", fra="2027-08-14", nyt="2027-08-15")
    assert "Nogen kan ikke i den nye tid" in page.text
    assert "1 kan ikke gemmes endnu" in page.text
    assert "2 personer får besked, når det er gemt" in page.text
    box = re.search(r'name="release" value="([^"]+)".*?Noah Krag.*?“Nedtagning”', page.text, re.DOTALL)
    assert box
    fields = typed_again(page)
    refused = send(sofie, "save", fields)
    assert refused.status_code == 409
    assert "Nogen kan ikke i den nye tid" in refused.text
    answer = send(sofie, "save", fields | {"release": box[1]})
    assert answer.location == "/hold/plan?fra=2027-08-15&til=2027-08-15"
    page_after = sofie.see(answer.location)
    assert "2 personer får besked." in page_after.text
    assert "1 tilmeldt" in page_after.text
    assert rows_of(town) == []


def test_a_series_shows_its_days_and_why_others_are_skipped(sofie: Visitor, town: Town) -> None:
    line = a_line(title="Lektiehjælp", day="", starts="15", ends="17")
    rule = {"series.first_day": "2027-10-11", "series.last_day": "2027-10-31", "series.in_school_holidays": "not"}
    page = sofie.send("/hold/serie", **line, **rule)
    assert page.status_code == 422
    assert "Vælg mindst én ugedag." in page.text
    assert 'value="Lektiehjælp"' in page.text
    backwards = {**rule, "series.last_day": "2027-10-10", "series.weekdays": "2"}
    page = sofie.send("/hold/serie", **{**line, "rows.0.starts": "kl", "rows.0.ends": "25"}, **backwards)
    assert page.text.count("Skriv tiden som 17.30.") == 4  # in the summary, and at the fields
    assert "Sidste dag ligger før den første. Ret en af dem." in page.text
    page = sofie.send("/hold/serie", **line, **rule, **{"series.weekdays": "2"})
    assert "1 dag springes over" in page.text
    assert "Skoleferie: Efterårsferie." in page.text
    assert send(sofie, "save", typed_again(page)).status_code == 303
    days = town.coordinator().get("/plan?from=2027-10-01&to=2027-10-31").json["rows"]
    assert [row["day"] for row in days] == ["2027-10-13", "2027-10-27"]
    assert len({row["series_id"] for row in days}) == 1
    part = sofie.see(f"/hold/vagter/{days[0]['id']}/serie")
    fields = {name: unescape(value) for name, value in [*HIDDEN.findall(part.text), *FIELD.findall(part.text)]}
    path = f"/hold/vagter/{days[0]['id']}/serie"
    page = sofie.send(path, **(fields | {"rows.0.starts": "16", "scope": "all", "days": "1"}))
    assert page.text.count("15.00</span> → 16.00") == 2
    assert "28.10.2027" in page.text


def test_a_copy_falls_on_the_same_weekday(sofie: Visitor, town: Town) -> None:
    town.shift("2026-08-15T08:00")
    page = sofie.send("/hold/kopi", fra="2026-08-15", til="2026-08-16")
    assert typed_again(page)["rows.0.day"] == "14.08.2027"
    assert "1 ny" in page.text


DAYS_LATER = {
    ("2027-06-05", "2027-06-06"): 364,  # over long ago: next year
    ("2027-07-26", "2027-08-01"): 7,  # the week that ends today: tomorrow's
    ("2027-07-05", "2027-07-11"): 28,  # the next such week that is still to come
    ("2027-08-06", "2027-08-15"): 14,  # longer than a week
    ("2027-07-20", "2027-07-20"): 13,  # one day: tomorrow
    ("2027-08-20", "2027-08-20"): 1,
}


@pytest.mark.parametrize(("days", "later"), DAYS_LATER.items())
def test_a_copy_without_a_day_of_its_own_lies_ahead(
    days: tuple[str, str], later: int, sofie: Visitor, town: Town
) -> None:
    town.shift(f"{days[0]}T08:00")
    page = sofie.send("/hold/kopi", fra=days[0], til=days[1])
    wanted = date.fromisoformat(days[0]) + timedelta(days=later)
    assert typed_again(page)["rows.0.day"] == f"{wanted:%d.%m.%Y}"


def test_a_copy_made_again_skips_what_is_there_and_makes_the_rest(sofie: Visitor, town: Town) -> None:
    town.shift("2027-08-07T08:00")
    town.shift("2027-08-07T14:00", title="Nedtagning")
    town.shift("2027-08-14T09:00")
    days = {"fra": "2027-08-07", "til": "2027-08-07", "nyt": "2027-08-14"}
    page = sofie.send("/hold/kopi", **days)
    assert "1 vagt findes allerede og springes over" in page.text
    assert "Klar til at gemme" in page.text
    assert typed_again(page)["rows.0.title"] == "Nedtagning"
    assert send(sofie, "save", typed_again(page)).status_code == 303
    assert [row["title"] for row in rows_of(town)] == ["Opstilling til havnefest", "Nedtagning"]
    refused = sofie.send("/hold/kopi", **days)
    assert refused.status_code == 422
    assert "Alle 2 vagter findes allerede fra 14.08.2027. Vælg en anden dag." in refused.text
    assert 'id="nyt-error"' in refused.text


def test_a_new_copy_that_looks_like_a_moved_one_is_pointed_out(sofie: Visitor, town: Town) -> None:
    town.shift("2027-08-07T14:00", title="Nedtagning")
    town.shift("2027-08-14T09:00", title="Nedtagning")
    page = sofie.send("/hold/kopi", fra="2027-08-07", til="2027-08-07", nyt="2027-08-14")
    assert "1 ny vagt ligner en, der er flyttet" in page.text
    assert "ligner Nedtagning lørdag 14.08.2027 kl. 09.00" in page.text
    assert "alert alert-success t-summary" not in page.text


def test_offers_that_come_and_go_with_a_move_are_said_before_it_is_saved(
    sofie: Visitor, town: Town, services: Services
) -> None:
    """Ida gives her place up, Noah is offered it and cannot come on the new day: it goes to the next in line."""
    shift, other = town.shift(roles=[role(capacity=1)]), town.shift("2027-08-15T09:00", title="Nedtagning")
    ida, noah, bo = (town.caller() for _number in range(3))
    services.answers["GET", "/accounts/people/names"] = [(200, {"names": {str(noah.person_id): "Noah Krag"}})]
    for who in (ida, noah, bo):
        sign_up(town, shift, who)
    given_up = town.query("SELECT id, version FROM sign_ups WHERE person_id = :ida", ida=ida.person_id)[0]
    assert ida.post(f"/sign-ups/{given_up.id}/cancel", version=given_up.version, json={}).status_code == 200
    sign_up(town, other, noah)
    page = sofie.send("/hold/flyt", fra="2027-08-14", nyt="2027-08-15").text
    assert re.search(r"har et tilbud, som ikke passer i den nye tid.*?<strong>Noah Krag</strong>", page, re.DOTALL)
    assert page.count("1 på ventelisten får et tilbud") == 2  # in the summary, and at the shift


def test_a_line_that_somebody_else_changed_is_fetched_anew_and_the_others_stay(sofie: Visitor, town: Town) -> None:
    town.shift()
    fields = typed_again(sofie.see("/hold/plan?fra=2027-08-14&til=2027-08-14"))
    theirs = rows_of(town)[0]
    for name in ("state", "series_id", "sign_ups"):
        theirs.pop(name)
    theirs["title"] = "Rettet imens"
    assert town.coordinator().post("/plan", json={"rows": [theirs]}).status_code == 201
    page = send(
        sofie, "check", fields | {"rows.0.title": "Mit"} | a_line(1, title="Kiosk", place="Aarup Hal", area="Aarup")
    )
    assert 'value="fetch.0"' in page.text
    fetched = typed_again(send(sofie, "fetch.0", typed_again(page)))
    assert (fetched["rows.0.title"], fetched["rows.1.title"]) == ("Rettet imens", "Kiosk")


def test_cancelling_says_who_is_told_and_asks_why(sofie: Visitor, town: Town) -> None:
    shift = town.shift()
    sign_up(town, shift, town.caller())
    path = f"/hold/aflys?vagt={shift.id}"
    assert "1 person får besked" in sofie.see(path).text
    refused = sofie.send("/hold/aflys", seen=path, vagt=str(shift.id), reason=" ")
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    answer = sofie.send("/hold/aflys", seen=path, vagt=str(shift.id), reason="Storm", tilbage="//evil.example")
    assert answer.location == "/hold/plan"
    assert rows_of(town)[0]["state"] == "cancelled"


def test_the_rest_of_a_series_is_cancelled_with_one_of_its_shifts(sofie: Visitor, town: Town) -> None:
    rule = {"series.first_day": "2027-08-14", "series.last_day": "2027-08-28", "series.weekdays": "5"}
    send(sofie, "publish", typed_again(sofie.send("/hold/serie", **a_line(day=""), **rule)))
    one = rows_of(town, "2027-08-21")[0]
    path = f"/hold/aflys?vagt={one['id']}"
    page = sofie.see(path).text
    assert "Denne og de følgende (2 vagter)" in page
    assert "Hele serien (3 vagter)" in page
    sofie.send("/hold/aflys", seen=path, vagt=one["id"], reason="Storm", scope="following")
    states = [row["state"] for row in town.coordinator().get(f"/plan?series_id={one['series_id']}").json["rows"]]
    assert states == ["published", "cancelled", "cancelled"]


def test_cancelling_from_the_sheet_waits_until_other_changes_are_saved(sofie: Visitor, town: Town) -> None:
    shift = town.shift()
    page = sofie.see("/hold/plan?fra=2027-08-14&til=2027-08-14")
    fields = typed_again(page) | {"chosen": str(shift.id)}
    assert send(sofie, "end", fields).location.startswith(f"/hold/aflys?vagt={shift.id}")
    kept = send(sofie, "end", fields | {"rows.0.title": "Andet"})
    assert "ikke er gemt endnu" in kept.text
    assert typed_again(kept)["rows.0.title"] == "Andet"


def test_a_template_starts_a_new_line(sofie: Visitor) -> None:
    page = send(sofie, "template.0", a_line() | {"rows.0.template": "Kiosk i weekenden"})
    assert "er gemt" in page.text
    chosen = re.search(r'<option value="([^"]+)">Kiosk i weekenden', page.text)
    assert chosen
    page = send(sofie, "use-template", {"template": chosen[1]})
    assert typed_again(page)["rows.0.title"] == "Opstilling"
    assert "Kiosk i weekenden" in sofie.see("/hold/skabeloner").text


def test_the_crew_is_tapped_and_a_number_is_shown_once(
    sofie: Visitor, town: Town, hall: TownHall, moved_clock: Any
) -> None:
    shift = town.shift()
    mette = town.caller(natural_id("person", hall.add("Mette Skov")))
    sign_up(town, shift, mette)
    path = f"/hold/vagter/{shift.id}"
    page = sofie.see(path).text
    assert "Mette Skov" in page
    assert "Vis nummer" not in page
    assert "attend" not in page
    moved_clock(on("2027-08-14T08:05"))
    moved_clock(on("2027-08-14T13:00"))
    assert "1 fremmøde mangler" in sofie.see("/hold").text
    moved_clock(on("2027-08-14T08:05"))
    seat = re.search(r'value="attend ([^ ]+) present"', sofie.see(path).text)
    assert seat
    answer = sofie.send(path, do=f"attend {seat[1]} present")
    assert answer.location == f"{path}#seat-{seat[1]}"
    assert re.search(r'value="attend [^ ]+ expected" aria-pressed="true"', sofie.see(path).text)
    assert "Vi kender ikke et nummer" in sofie.send(path, do=f"phone {seat[1]}").text
    assert town.query("SELECT count(*) FROM phone_looks")[0][0] == 1
    assert "Mette Skov" in sofie.see("/hold/dag?dag=2027-08-14").text
    refused = sofie.send(path, do="walk-in", role_id=str(shift.roles[0].id), email="nobody@kommunity.example")
    assert refused.status_code == 409
    assert 'value="nobody@kommunity.example"' in refused.text
    assert 'id="email-error"' in refused.text
    assert sofie.send(path, do="walk-in", role_id=str(shift.roles[0].id)).status_code == 303
    assert "Gæst uden konto" in sofie.see(path).text
    known = sofie.send(path, do="walk-in", role_id=str(shift.roles[0].id), email=hall.add("Noah Krag"))
    assert known.status_code == 303
    page = sofie.see(path).text
    assert "Noah Krag er skrevet på holdet." in page
    assert re.search(r"<strong>Noah Krag</strong>\s*<span class=\"k-fine\">kom uden tilmelding", page)
    poster = sofie.see(f"{path}/plakat").text
    assert "<svg" in poster
    assert "style=" not in poster


def test_each_field_of_the_crews_list_has_its_own_button_and_a_shown_number_stays(
    sofie: Visitor, town: Town, hall: TownHall, moved_clock: Any
) -> None:
    shift = town.shift()
    mette = natural_id("person", hall.add("Mette Skov"))
    with hall.database.begin() as session:
        session.execute(text("UPDATE people SET phone = '12345678' WHERE id = :id"), {"id": mette})
    sign_up(town, shift, town.caller(mette))
    moved_clock(on("2027-08-14T08:05"))
    path = f"/hold/vagter/{shift.id}"
    page = sofie.see(path).text
    fields = [form for form in page.split("<form")[1:] if 'name="at-' in form or 'name="reason-' in form]
    assert [re.findall(r'name="do" value="(\w+)', form.split("</form>")[0]) for form in fields] == [
        ["attend"],
        ["release"],
    ]
    seat = town.query("SELECT id FROM seats")[0].id
    assert "tel:12345678" in sofie.send(path, do=f"phone {seat}").text
    assert "tel:12345678" in sofie.send(path, do=f"attend {seat} present", number="12345678").text
    assert town.query("SELECT count(*) FROM phone_looks")[0][0] == 1


def test_after_the_shift_nobody_is_missing_but_one_stayed_away(sofie: Visitor, town: Town, moved_clock: Any) -> None:
    shift = town.shift(roles=[role(capacity=3, minimum=2)])
    for _number in range(2):
        sign_up(town, shift, town.caller())
    moved_clock(on("2027-08-14T08:05"))
    seat_id = town.query("SELECT id FROM seats LIMIT 1")[0].id
    town.coordinator().post(f"/seats/{seat_id}/attendance", json={"attendance": "absent"})
    assert "mangler 1" in sofie.see("/hold/dag?dag=2027-08-14").text
    with town.database.begin() as session:
        session.execute(text("UPDATE shifts SET state = 'held'"))
    for path in ("/hold/dag?dag=2027-08-14", f"/hold/vagter/{shift.id}"):
        page = sofie.see(path).text
        assert "1 udeblev" in page
        assert "mangler" not in page


def test_hours_are_confirmed_or_asked_about_and_the_month_is_a_table(
    sofie: Visitor, town: Town, hall: TownHall, moved_clock: Any
) -> None:
    shift = town.shift(area="=2+5", title="Opstilling")
    who = town.caller(natural_id("person", hall.add("Mette Skov")))
    sign_up(town, shift, who)
    moved_clock(on("2027-08-14T13:00"))
    seat_id = str(town.query("SELECT id FROM seats")[0].id)
    town.coordinator().post(f"/seats/{seat_id}/attendance", json={"attendance": "present"})
    who.post(f"/hours/{seat_id}/report", version=_version(town), json={"minutes": 270, "note": "Vi blev lidt"})
    page = sofie.see("/hold/timer").text
    assert "4 t 30 min" in page
    assert "Vi blev lidt" in page
    asked = sofie.send(f"/hold/timer/{seat_id}", version=str(_version(town)), text="")
    assert asked.status_code == 422
    assert sofie.send("/hold/timer", hours=f"{seat_id} 1").status_code == 409
    assert sofie.send("/hold/timer", hours=f"{seat_id} {_version(town)}").status_code == 303
    table = sofie.see("/hold/timer/eksport.csv?maaned=2027-08")
    assert table.data.startswith(b"\xef\xbb\xbfNavn;Person-id;")
    person = f"P{str(who.person_id)[-8:].upper()}"
    assert table.data.decode("utf-8-sig").splitlines()[1] == f"Mette Skov;{person};2027-08;'=2+5;Kommunen;1;4,50"
    figures = sofie.see("/hold/statistik?fra=2027-08-01&til=2027-08-31").text
    assert "Hvor godt bliver vagterne fyldt?" in figures
    assert figures.count('class="t-plot') == figures.count('class="table s-table t-figures"') == 5
    assert figures.count('<text class="t-value"') == 4  # also who is new: a number on each of its bars
    assert "style=" not in figures


def _version(town: Town) -> int:
    return int(town.query("SELECT version FROM hours")[0].version)


def test_an_association_plans_its_own_shifts_alone(birthe: Visitor, town: Town) -> None:
    town.shift(title="Kommunens vagt")
    town.shift(title="Foreningens vagt", organiser="Borgerforening", organiser_id=VILLAGE)
    assert 'href="/hold"' in birthe.see("/om").text
    page = birthe.see("/hold/plan?fra=2027-08-14&til=2027-08-14").text
    assert "Foreningens vagt" in page
    assert "Kommunens vagt" not in page
    fields = a_line(kept=unescape(re.search(r'name="rows\.1\.kept" value="([^"]+)"', page)[1]), title="Vores kiosk")  # type: ignore[index]
    page_after = send(birthe, "check", fields)
    assert "Klar til at gemme" in page_after.text
    assert send(birthe, "publish", typed_again(page_after)).status_code == 303
    assert [row["organiser_id"] for row in rows_of(town) if row["title"] == "Vores kiosk"] == [str(VILLAGE)]


def test_coordinators_pages_are_closed_to_others(visitor: Visitor, services: Services) -> None:
    services.answer("GET", "/accounts/me", ME | {"associations": [{"id": str(VILLAGE), "name": "X", "roles": []}]})
    visitor.log_in(services)
    pages = ("", "/plan", "/serie", "/kopi", "/flyt", "/skabeloner", "/dag", "/timer", "/statistik")
    assert {visitor.see(f"/hold{page}").status_code for page in pages} == {403}


def test_a_role_each_for_cooks_and_drivers_stays_with_its_shift(sofie: Visitor, town: Town) -> None:
    town.shift(roles=[role("Kok", 2), role("Chauffør", 1, 1, "trailerkort")])
    page = sofie.see("/hold/plan?fra=2027-08-14&til=2027-08-14")
    fields = typed_again(page)
    assert (fields["rows.0.roles.1.name"], fields["rows.0.roles.1.requirements"]) == ("Chauffør", "trailerkort")
    assert "Der er ikke noget at gemme" in send(sofie, "check", fields).text
