"""Kafka is away for a while: people go on booking, nothing is lost, and everything catches up."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.support.town import HANDBALL, Town, danish, material
from tests.support.waiting import eventually


def test_bookings_made_without_kafka_reach_the_depot_and_the_mail_when_it_is_back(
    town: Town, open_page: OpenPage
) -> None:
    mette = town.person("mette", HANDBALL)
    lines = [{"resource_id": material("Kabelbro"), "quantity": 1}]
    town.system.stop_part("kafka")
    try:
        answers = [mette.book(lines, danish(2027, 4, day, 9), danish(2027, 4, day, 12)) for day in range(5, 9)]
        assert [answer.status_code for answer in answers] == [201] * 4
        page = open_page("mette", "Glamsbjerg Ungdomshåndbold")
        page.goto(f"/bookinger/{answers[0].json()['id']}")
        expect(page.get_by_text("Bekræftet").first).to_be_visible()
    finally:
        town.system.start_part("kafka")
    numbers = {answer.json()["number"] for answer in answers}
    ole = town.person("ole")

    def all_are_known() -> bool:
        found = {
            handover["number"]
            for day in range(5, 9)
            for handover in ole.get("inventory", f"/handovers?date=2027-04-{day:02}&view=fetch")["handovers"]
        }
        return numbers <= found

    eventually(all_are_known, 90, "all bookings have a handover")
    for number in numbers:
        town.mail("mette", f"{number} er bekræftet")
        assert len(town.mails("mette", f"{number} er bekræftet")) == 1
