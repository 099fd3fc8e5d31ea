"""What people ask for: bookings, a handover that is due today, shifts to sign up for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from shared import clock
from tests.support.town import HANDBALL, Person, Town, danish, material

CHAIRS = 100
LEAD = timedelta(hours=24)  # so long before its start a booking has to be made


def a_booking(name: str, quantity: int, starts: datetime, ends: datetime, mark: str) -> dict[str, Any]:
    return {
        "purpose": mark,
        "open_to_all": True,
        "place_of_use": "Assens Havneplads",
        "terms_accepted": True,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "lines": [{"resource_id": str(material(name)), "quantity": quantity}],
    }


def a_handover_today(town: Town, ole: Person, mark: str) -> dict[str, Any]:
    """Of many chairs, on the first working day for which one can still book; that is then today."""
    day = next_working_day((clock.now() + LEAD + timedelta(hours=15)).date())
    starts = clock.at(day, datetime.min.time()) + timedelta(hours=9)
    body = a_booking("Stabelstol", CHAIRS, starts, starts + timedelta(hours=3), f"stole {mark}")
    made = town.person("mette", HANDBALL).send("POST", "bookings", "/bookings", json=body)
    assert made.status_code == 201, made.text
    path = f"/bookings/{made.json()['id']}/handovers"
    handovers = wait_for(lambda: ole.get("inventory", path)["handovers"])
    town.move_clock(danish(day.year, day.month, day.day, 8, 45))
    handover: dict[str, Any] = ole.get("inventory", f"/handovers/{handovers[0]['id']}")
    return handover


def publish_shifts(town: Town, mark: str) -> list[dict[str, Any]]:
    """Some with room for all, some with a line; on different days, so that anybody may take any."""
    sofie = town.person("sofie")
    rows = [
        {
            "title": f"{mark} {number}",
            "place": "Tommerup Medborgersal",
            "area": "Tommerup",
            "day": (clock.today() + timedelta(days=20 + number)).isoformat(),
            "starts": "10:00",
            "ends": "12:00",
            "roles": [{"name": "Frivillig", "capacity": 3 if number % 3 else 40, "minimum": 0, "requirements": []}],
            "organiser": "Kommunen",
            "insurance": "kommunens forsikring",
        }
        for number in range(9)
    ]
    saved = sofie.send("POST", "volunteers", "/plan", json={"rows": rows, "publish": True})
    assert saved.status_code == 201, saved.text
    return [sofie.get("volunteers", f"/shifts/{shift_id}") for shift_id in saved.json()["ids"]]


def next_working_day(day: date) -> date:
    """No weekend; the load begins in a part of the year without other closed days."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError("nothing came")
        time.sleep(0.1)
    return found


def a_day(chance: random.Random) -> date:
    """A Tuesday or Wednesday of a long stretch of the year to come."""
    return date(2027, 8, 3) + timedelta(weeks=chance.randrange(19), days=chance.randrange(2))
