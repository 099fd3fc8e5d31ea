"""A volunteer on a phone: takes a shift, waits in line, is offered a place by mail, sees it in her calendar."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.shifts import card, in_days, publish, role, row, take
from tests.support.town import Town
from tests.support.waiting import eventually


def listed(page: Page, day: int) -> None:
    page.goto(f"/vagter?omraade=Tommerup&fra={in_days(day).isoformat()}")


def test_a_volunteer_finds_takes_waits_is_offered_and_sees_it_in_her_calendar(town: Town, open_page: OpenPage) -> None:
    day = in_days(3)
    _, full_id, _ = publish(
        town,
        row("Dække borde", day, "10:00", "12:00", role("Frivillig", 4)),
        row("Stå ved grillen", day, "13:00", "15:00", role("Frivillig", 1)),
        row("Køre trailer", day, "16:00", "18:00", role("Chauffør", 1, 0, "trailerkort"), minimum_age=18),
    )
    noah = town.person("noah")
    taken = take(noah, full_id)

    ida = open_page("ida", size=PHONE)
    ida.goto("/")
    ida.get_by_role("link", name="Tag en vagt").first.click()
    expect(ida.get_by_role("heading", name="Vagter", exact=True)).to_be_visible()
    listed(ida, 3)
    ida.get_by_text("Vagter, du ikke kan tage").click()
    expect(card(ida, "Køre trailer")).to_contain_text("trailerkort")
    card(ida, "Dække borde").get_by_role("button", name=re.compile("Tag vagten")).click()
    expect(ida.get_by_text("Du er med", exact=True).first).to_be_visible()
    expect(ida.get_by_role("button", name="Fortryd")).to_be_visible()

    listed(ida, 3)
    card(ida, "Stå ved grillen").get_by_role("button", name=re.compile("Skriv mig på ventelisten")).click()
    expect(ida.get_by_text("Du er nr. 1 på ventelisten").first).to_be_visible()

    gone = noah.send("POST", "volunteers", f"/sign-ups/{taken['id']}/cancel", version=taken["version"], json={})
    assert gone.status_code == 200, gone.text
    offer = town.mail("ida", "Der er plads til dig: Stå ved grillen")
    link = re.search(r"http\S+/tilbud/\S+", offer["text"])
    assert link, offer["text"]
    address = urlsplit(link[0]).path

    assert requests.get(town.portal + address, timeout=10).status_code == 200  # a mail scanner looks first
    stranger = open_page(size=PHONE)
    stranger.goto(address)
    stranger.get_by_role("button", name="Ja tak, jeg tager den").click()
    expect(stranger.get_by_text("Du er med").first).to_be_visible()
    stranger.goto(address)
    expect(stranger.get_by_role("button", name="Ja tak, jeg tager den")).to_have_count(0)

    ida.goto("/mine-vagter")
    expect(card(ida, "Stå ved grillen")).to_contain_text("Du er med")
    ida.get_by_role("button", name="Følg i min kalender").click()
    address = ida.get_by_label("Adressen").input_value()
    calendar = eventually(lambda: requests.get(address, timeout=10).text, what="her calendar")
    assert "SUMMARY:Stå ved grillen" in calendar
    assert "SUMMARY:Dække borde" in calendar
