"""On the day: who came, who did not, who came unasked; then the hours, as a spreadsheet opens them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.shifts import in_days, publish, role, row, take
from tests.support.town import Town, danish
from tests.support.waiting import eventually


def seat(page: Page, name: str) -> Locator:
    return page.locator(".t-seat").filter(has_text=name)


def test_a_day_from_check_in_to_the_spreadsheet(town: Town, open_page: OpenPage, tmp_path: Path) -> None:
    day = in_days(2)
    (shift_id,) = publish(town, row("Pakke poser", day, "10:00", "12:30", role("Frivillig", 3)))
    for name in ("ali", "noah", "gerda"):
        take(town.person(name), shift_id)

    town.move_clock(danish(day.year, day.month, day.day, 10, 5))
    sofie = open_page("sofie", size=PHONE)
    sofie.goto(f"/hold/dag?dag={day}")
    for name in ("Ali Demir", "Gerda Friis"):
        seat(sofie, name).get_by_role("button", name="Mødt").click()
        expect(seat(sofie, name).get_by_role("button", name="Mødt")).to_have_attribute("aria-pressed", "true")
    seat(sofie, "Noah Krag").get_by_role("button", name="Udeblevet").click()
    expect(seat(sofie, "Noah Krag").get_by_role("button", name="Udeblevet")).to_have_attribute("aria-pressed", "true")
    seat(sofie, "Ali Demir").get_by_role("button", name="Vis nummer").click()
    expect(seat(sofie, "Ali Demir").get_by_text("Det er noteret")).to_be_visible()

    sofie.goto(f"/hold/vagter/{shift_id}")
    sofie.get_by_label("E-mail").fill("yusuf@kommunity.example")
    sofie.get_by_role("button", name="Skriv på holdet").click()
    expect(seat(sofie, "Yusuf Aydin")).to_be_visible()

    town.move_clock(danish(day.year, day.month, day.day, 13, 0))
    desk = open_page("sofie", size=DESK)
    confirm_hours(town, desk, "Pakke poser", 3)
    desk.goto(f"/hold/timer?vis=alle&maaned={day:%Y-%m}")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="som regneark").click()
    download.value.save_as(tmp_path / "timer.csv")
    rows = as_a_danish_spreadsheet(tmp_path / "timer.csv")
    assert {one["Navn"] for one in rows} >= {"Ali Demir", "Gerda Friis", "Yusuf Aydin"}
    assert len({one["Person-id"] for one in rows if one["Navn"] in ("Ali Demir", "Gerda Friis", "Yusuf Aydin")}) == 3
    assert {one["Timer"] for one in rows if one["Navn"] == "Ali Demir" and one["Område"] == "Tommerup"} == {"2,50"}


def confirm_hours(town: Town, page: Page, title: str, count: int) -> None:
    person = town.person("sofie")

    def proposed() -> bool:
        rows = person.get("volunteers", "/hours", params={"view": "to_confirm"})["items"]
        return len([one for one in rows if one["shift"]["title"] == title]) == count

    eventually(proposed, what="hours proposed from the check-in")
    page.goto("/hold/timer")
    waiting = page.locator(".t-hours").filter(has_text=title)
    expect(waiting).to_have_count(count)
    page.get_by_role("button", name="Bekræft de valgte").click()
    expect(waiting).to_have_count(0)


def as_a_danish_spreadsheet(file: Path) -> list[dict[str, str]]:
    """UTF-8 with its mark, semicolons."""
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig")), delimiter=";"))
