"""From the search to the handover's last chair: what Mette, Hanne, Ole and Birthe live through."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, TABLET, OpenPage
from tests.support.town import Town, danish, facility, material
from tests.support.waiting import eventually


def put_in_basket(page: Page, path: str, quantity: int) -> None:
    page.goto(path)
    page.get_by_label("Hvor mange?", exact=True).fill(str(quantity))
    page.get_by_role("button", name="Læg i kurv").click()
    expect(page).not_to_have_url(path)


def test_an_association_books_chairs_pavilions_and_half_a_hall_and_the_depot_sees_it(
    town: Town, open_page: OpenPage
) -> None:
    mette = open_page("mette", size=PHONE)
    mette.goto("/find")
    mette.get_by_label("Fra", exact=True).fill("2027-08-14")
    mette.get_by_label("Til og med").fill("2027-08-15")
    mette.get_by_label("Hvad leder du efter?").fill("stol")
    expect(mette.get_by_text("150 af 150 ledige")).to_be_visible()
    mette.get_by_role("link", name="Stabelstol").click()
    mette.get_by_label("Hvor mange?", exact=True).fill("40")
    mette.get_by_role("button", name="Læg i kurv").click()
    put_in_basket(mette, f"/ting/{material('Pavillon 3x3 m')}", 2)
    put_in_basket(mette, f"/ting/{material('Festtelt 6x12 m')}", 3)
    mette.goto(f"/ting/{facility('Glamsbjerg Demohal, halvdel A')}")
    mette.get_by_label("Dag").fill("2027-08-14")
    mette.get_by_label("Fra kl.").select_option("10:00")
    mette.get_by_label("Til kl.").select_option("16:00")
    mette.get_by_role("button", name="Læg i kurv").click()

    mette.goto("/kurv")
    tent = mette.locator("li", has=mette.get_by_role("link", name="Festtelt 6x12 m"))
    expect(tent.get_by_text("Det kan ikke lade sig gøre endnu")).to_be_visible()
    expect(tent.locator(".k-reasons")).to_contain_text("2")
    tent.get_by_role("button", name="Fjern").click()
    expect(tent).to_have_count(0)
    mette.get_by_label("Glamsbjerg Ungdomshåndbold").check()
    mette.get_by_label("Hvad skal det bruges til?").fill("Håndboldstævne ved havnefesten")
    mette.get_by_label("Hvor skal det bruges?").fill("Assens Havneplads")
    mette.get_by_label("Det er åbent for alle").check()
    mette.get_by_label("Jeg passer på tingene").check()
    mette.get_by_role("button", name="Tjek og send").click()
    expect(mette.get_by_role("heading", name="Tjek og send")).to_be_visible()
    mette.get_by_role("button", name="Send booking").click()
    expect(mette.get_by_text("Afventer godkendelse").first).to_be_visible()
    town.mail("hanne", "Glamsbjerg Ungdomshåndbold")

    hanne = open_page("hanne")
    hanne.goto("/godkendelser")
    hanne.get_by_role("listitem").filter(has_text="Håndboldstævne").get_by_role("link", name="Se og afgør").click()
    hanne.get_by_role("button", name="Godkend").click()
    expect(hanne.get_by_text("Håndboldstævne")).to_have_count(0)

    mail = town.mail("mette", "bekræftet")
    assert "40" in mail["text"]
    assert "halvdel A" in mail["text"]
    mette.reload()
    expect(mette.get_by_text("Bekræftet").first).to_be_visible()

    ole = open_page("ole", size=TABLET)
    ole.goto("/depot?dato=2027-08-13")
    row = ole.get_by_role("link").filter(has_text="Glamsbjerg Ungdomshåndbold")
    expect(row).to_contain_text("40")
    row.click()
    expect(ole.get_by_role("heading", name="Stabelstol")).to_be_visible()
    expect(ole.get_by_role("heading", name="Pavillon 3x3 m")).to_be_visible()


def count(page: Page, line: str, numbers: dict[str, int]) -> None:
    """Fill in the counters of one line."""
    section = page.get_by_role("region", name=line)
    trouble = section.locator("details")
    if len(numbers) > 1 and trouble.get_attribute("open") is None:
        trouble.locator("summary").click()
    for label, number in numbers.items():
        section.get_by_label(label, exact=True).fill(str(number))


def confirm(page: Page, button: str) -> None:
    page.get_by_role("button", name="Gå til tjek").click()
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/kvittering/**")


def test_what_is_broken_or_missing_reaches_the_stock_and_anothers_later_booking(
    town: Town, open_page: OpenPage
) -> None:
    chairs = [{"resource_id": material("Stabelstol"), "quantity": 40}]
    booked = town.person("mette").book(chairs, danish(2027, 8, 20, 9), danish(2027, 8, 23, 9))
    assert booked.status_code == 201, booked.text
    number = booked.json()["number"]
    ole = open_page("ole", size=TABLET)

    town.move_clock(danish(2027, 8, 20, 8, 45))
    open_handover(ole, number)
    count(ole, "Stabelstol", {"Udleveres": 38, "I stykker": 2})
    confirm(ole, "Udlever 38")

    town.move_clock(danish(2027, 8, 23, 8, 45))
    open_handover(ole, number)
    count(ole, "Stabelstol", {"Hele tilbage": 30})
    confirm(ole, "Tag imod 30")

    town.move_clock(danish(2027, 8, 24, 8, 45))
    open_handover(ole, number)
    count(ole, "Stabelstol", {"Hele tilbage": 5, "Mangler": 3})
    confirm(ole, "Tag imod 5")

    ole.goto("/lager?q=Stabelstol")
    expect(ole.get_by_role("row").filter(has_text="Stabelstol")).to_contain_text("145")
    ole.goto("/mangelrapporter")
    expect(ole.get_by_text(number).first).to_be_visible()
    # She may have been warned before, while the last eight were overdue: by a job that runs every half minute.
    eventually(lambda: any(names(mail, 145) for mail in town.mails("birthe", "Der mangler noget")))
    town.mail("ole", "Depotet mangler noget")
    assert town.mails("birthe", "på plads igen") == [], "she is told no good news that is not true"
    birthe = open_page("birthe", "Aarup Borgerforening")
    birthe.goto("/bookinger")
    birthe.get_by_role("link", name="Høstfest for hele byen").click()
    expect(birthe.get_by_text("I fare", exact=True).first).to_be_visible()
    birthe.get_by_role("button", name="145").click()
    expect(birthe.get_by_text("I fare", exact=True)).to_have_count(0)


def names(mail: dict[str, Any], number: int) -> bool:
    return bool(re.search(rf"\b{number}\b", mail["text"]))


def open_handover(page: Page, number: str) -> None:
    page.goto("/depot")
    page.get_by_role("link").filter(has_text=number).first.click()
