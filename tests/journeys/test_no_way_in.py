"""A person without rights finds no way to another's booking, nor to what is for staff."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import OpenPage
from tests.support.town import HANDBALL, Town, danish, material

STAFF_PAGES = ["/depot", "/lager", "/lager/konflikter", "/mangelrapporter", "/import", "/godkendelser"]


@pytest.fixture(scope="module")
def handballs(town: Town) -> dict:
    """A booking of Glamsbjerg Ungdomshåndbold, and its handover at the depot."""
    lines = [{"resource_id": material("Klapbord 180 cm"), "quantity": 2}]
    answer = town.person("mette", HANDBALL).book(lines, danish(2027, 5, 3, 9), danish(2027, 5, 4, 9))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_stranger_finds_no_page_of_it(handballs: dict, open_page: OpenPage) -> None:
    ali = open_page("ali")
    for path in (f"/bookinger/{handballs['id']}", f"/bookinger/{handballs['id']}.ics"):
        answer = ali.request.get(path)
        assert answer.status == 404, path
        assert handballs["number"] not in answer.text()
    ali.goto("/bookinger")
    assert handballs["number"] not in ali.content()


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_pages_are_closed_to_a_citizen(open_page: OpenPage, path: str) -> None:
    assert open_page("ali").request.get(path).status in (403, 404)


def test_a_stranger_finds_no_address_of_it(town: Town, handballs: dict) -> None:
    ali = town.person("ali")
    booking, line = handballs["id"], handballs["lines"][0]["id"]
    calls = [
        ("GET", "bookings", f"/bookings/{booking}", {}),
        ("POST", "bookings", f"/bookings/{booking}/cancel", {"json": {}, "version": 1}),
        ("PATCH", "bookings", f"/bookings/{booking}/lines/{line}", {"json": {"quantity": 1}, "version": 1}),
        ("POST", "bookings", f"/bookings/{booking}/decisions", {"json": {"decision": "approve"}, "version": 1}),
        ("GET", "inventory", f"/bookings/{booking}/handovers", {}),
    ]
    for method, service, path, content in calls:
        answer = ali.send(method, service, path, **content)
        assert answer.status_code in (403, 404), (path, answer.text)
        assert "Klapbord" not in answer.text
    assert town.person("mette", HANDBALL).get("bookings", f"/bookings/{booking}")["version"] == handballs["version"]


def test_acting_for_an_association_takes_membership(town: Town) -> None:
    ali = town.person("ali")
    ali.http.headers["Kommunity-Acting-For"] = str(HANDBALL)
    assert ali.send("GET", "bookings", "/bookings").status_code == 403
