"""Who may not take a shift sees why: all reasons at once, and what would help."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.shifts import card, in_days, publish, role, row, take
from tests.support.town import Town


def test_three_people_see_all_their_reasons(town: Town, open_page: OpenPage) -> None:
    day = in_days(5)
    other_id, _ = publish(
        town,
        row("Stille stole op", day, "09:00", "11:00", role("Frivillig", 5)),
        row("Hente telte", day, "10:00", "13:00", role("Chauffør", 1, 0, "trailerkort"), minimum_age=18),
    )
    for name in ("ali", "noah"):
        take(town.person(name), other_id)
    reasons = {
        "emma": ["Du skal være fyldt 18 år", "Kræver: trailerkort"],
        "ali": ["Kræver: trailerkort", "Du er allerede med i “Stille stole op”"],
        "noah": ["Du er allerede med i “Stille stole op”"],
    }
    for name, texts in reasons.items():
        page = open_page(name, size=PHONE)
        page.goto(f"/vagter?omraade=Tommerup&fra={day}")
        page.get_by_text("Vagter, du ikke kan tage").click()
        told = card(page, "Hente telte").locator(".v-reasons > li")
        expect(told).to_have_count(len(texts))
        for text in texts:
            expect(told.filter(has_text=text)).to_be_visible()
    expect(card(page, "Hente telte").get_by_role("button")).to_have_count(0)
