"""Shifts for the journeys: planned by the municipality's coordinator, far from those of the demo."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page

from shared import clock
from tests.support.town import Person, Town


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def role(name: str = "Frivillig", capacity: int = 1, minimum: int = 0, *requirements: str) -> dict[str, Any]:
    return {"name": name, "capacity": capacity, "minimum": minimum, "requirements": list(requirements)}


def row(title: str, day: date, starts: str, ends: str, *roles: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "place": "Tommerup Medborgersal",
        "area": "Tommerup",
        "day": day.isoformat(),
        "starts": starts,
        "ends": ends,
        "roles": list(roles) or [role()],
        "organiser": "Kommunen",
        "insurance": "kommunens forsikring",
        **more,
    }


def publish(town: Town, *rows: dict[str, Any]) -> list[str]:
    """The ids of the shifts, open for everybody from now on."""
    saved = town.person("sofie").send("POST", "volunteers", "/plan", json={"rows": list(rows), "publish": True})
    assert saved.status_code == 201, saved.text
    ids: list[str] = saved.json()["ids"]
    return ids


def take(person: Person, shift_id: str, number: int = 0, **more: Any) -> dict[str, Any]:
    """Sign up for the shift's role of that number."""
    roles = person.get("volunteers", f"/shifts/{shift_id}")["roles"]
    body = {"role_id": roles[number]["id"], **more}
    made = person.send("POST", "volunteers", f"/shifts/{shift_id}/sign-ups", json=body)
    assert made.status_code == 201, made.text
    sign_up: dict[str, Any] = made.json()
    return sign_up


def card(page: Page, title: str) -> Locator:
    """The shift's card on the list."""
    return page.get_by_role("article").filter(has=page.get_by_role("link", name=title, exact=True))
