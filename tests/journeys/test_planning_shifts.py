"""A coordinator makes this year's party from last year's, moves a day, and thirty people follow."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from services.volunteers.seeds import PARTY, town_party
from shared import clock
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.shifts import take
from tests.support.town import Person, Town
from tests.support.waiting import eventually

YEAR, DAY = timedelta(days=364), timedelta(days=1)
PLACES = 28


def plan_the_party(page: Page, last_friday: date) -> date:
    """Copy the three days; the clearing up moves to Saturday, where it meets the kiosk; more hands are wanted."""
    friday = last_friday + YEAR
    page.goto(f"/hold/kopi?fra={last_friday}&til={last_friday + 2 * DAY}&nyt={friday}")
    page.get_by_role("button", name="Se kopien").click()
    expect(page.get_by_role("heading", name=re.compile("Kopi af"))).to_be_visible()
    expect(page.get_by_text("4 vagter i arket")).to_be_visible()
    page.get_by_label("Dag, vagt 4", exact=True).fill(f"{friday + DAY:%d.%m.%Y}")
    page.get_by_label("Pladser, vagt 1", exact=True).first.fill(str(PLACES))
    page.get_by_role("button", name=re.compile("Se sammenstød")).last.click()
    expect(page.locator(".t-clashes").first).to_contain_text("Byfest")
    page.get_by_role("button", name="Udgiv", exact=True).click()
    expect(page.get_by_role("status").first).to_be_visible()
    return friday


def test_a_party_is_copied_published_filled_and_moved(town: Town, open_page: OpenPage) -> None:
    sofie = open_page("sofie")
    friday = plan_the_party(sofie, town_party(clock.today())[0].row.day)

    shifts = eventually(
        lambda: town.person("sofie").get("volunteers", "/shifts", params={"from": str(friday), "days": 3})["items"],
        what="the party's shifts",
    )
    set_up = next(shift for shift in shifts if shift["title"] == PARTY)
    people = town.newcomers(PLACES + 2)
    states = [take(person, set_up["id"])["state"] for person in people]
    assert states == ["confirmed"] * PLACES + ["waiting"] * 2
    eventually(lambda: all(mails_of(town, person) for person in people), what="30 mails that tell who has the shift")

    sofie.goto(f"/hold/flyt?fra={friday}")
    sofie.get_by_label("Flyttes til").fill(str(friday - DAY))
    sofie.get_by_role("button", name="Se, hvad der sker").click()
    expect(sofie.get_by_role("status").first).to_contain_text(f"{PLACES + 2} personer får besked")
    sofie.get_by_role("button", name="Gem ændringerne").click()
    moved = "Vagten er flyttet"
    eventually(lambda: all(mails_of(town, person, moved) for person in people), what="30 mails that tell of the move")

    for person in people[:2]:
        back_out(open_page, mails_of(town, person, moved)[0]["text"])
    for person in people[PLACES:]:
        eventually(lambda who=person: mails_of(town, who, "Der er plads til dig"), what="an offer to each of the two")


def mails_of(town: Town, person: Person, containing: str = "") -> list[dict[str, str]]:
    return town.mails(person.email.partition("@")[0], containing)


def back_out(open_page: OpenPage, mail: str) -> None:
    """One tap in the mail, one on the page; no log-in."""
    link = re.search(r"http\S+/afbud/\S+", mail)
    assert link, mail
    page = open_page(size=PHONE)
    page.goto(urlsplit(link[0]).path)
    page.get_by_role("button", name="Meld afbud").click()
    expect(page.get_by_role("heading").first).to_be_visible()
