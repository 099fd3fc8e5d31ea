"""Two associations want the last festtelt at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.support.town import SCOUTS, Town, danish, material

TENT = material("Festtelt 6x12 m")


def ask_for_the_tent(page: Page) -> None:
    """Go as far as the page before anything binding."""
    page.goto("/find?fra=2027-06-12&til=2027-06-13")
    page.goto(f"/ting/{TENT}")
    page.get_by_role("button", name="Læg i kurv").click()
    page.goto("/kurv")
    page.get_by_label("Hvad skal det bruges til?").fill("Sommerfest")
    page.get_by_label("Hvor skal det bruges?").fill("Byparken")
    page.get_by_label("Det er åbent for alle").check()
    page.get_by_label("Jeg passer på tingene").check()
    page.get_by_role("button", name="Tjek og send").click()


def test_one_gets_the_last_tent_and_the_other_sees_why_and_what_is_free(town: Town, open_page: OpenPage) -> None:
    first = town.person("jens", SCOUTS)
    lines = [{"resource_id": TENT, "quantity": 1}]
    assert first.book(lines, danish(2027, 6, 11, 9), danish(2027, 6, 14, 9)).status_code == 201

    birthe, jens = open_page("birthe", "Aarup Borgerforening"), open_page("jens", "Haarby Spejdergruppe")
    ask_for_the_tent(birthe)
    ask_for_the_tent(jens)
    birthe.get_by_role("button", name="Send booking").click()
    expect(birthe.get_by_text("Bekræftet").first).to_be_visible()

    jens.get_by_role("button", name="Send booking").click()
    tent = jens.get_by_role("listitem").filter(has=jens.get_by_role("link", name="Festtelt 6x12 m"))
    expect(tent.locator(".k-reasons")).to_contain_text("reserveret")
    alternative = tent.locator("button.button").first
    expect(alternative).to_be_visible()
    expect(jens.get_by_label("Hvad skal det bruges til?")).to_have_value("Sommerfest")
    alternative.click()
    expect(jens.locator(".k-no")).to_have_count(0)
