"""Borrowers and those who answer them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from shared import clock
from tests.simulation.invariants.holds import promised_twice
from tests.simulation.residents import HALLS, HANDBALL, LARS, MATERIAL_IDS, PEOPLE, SCOUTS, person_id
from tests.simulation.town import Town, Violation

NAMES = {person_id(name): name for name in PEOPLE}
LATEST_START, LONGEST = 3, 3  # days


def book(town: Town) -> bool:
    """A few things over some of the next days, so that people come into each other's way."""
    chance = town.chance
    who, acting_for = chance.choice((("mette", HANDBALL), ("sofie", SCOUTS), ("ali", None)))
    starts = _workday(clock.local(town.time.moment).date() + timedelta(days=chance.randint(1, LATEST_START)))
    ends = _workday(clock.local(starts).date() + timedelta(days=chance.randint(1, LONGEST)))
    purpose = f"Fest {chance.getrandbits(48):x}"
    body: dict[str, Any] = {
        "purpose": purpose,
        "open_to_all": True,
        "place_of_use": "Assens Havneplads",
        "terms_accepted": True,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "lines": [_material(town, name) for name in chance.sample(sorted(MATERIAL_IDS), chance.randint(1, 3))],
    }
    if chance.random() < 0.3:
        body["lines"].append(_hall(town, starts))
    answer = town.ask("bookings", who, "POST", "/bookings", body, acting_for=acting_for)
    if answer is not None and answer.status_code == 201:
        town.acked.bookings[purpose] = answer.get_json()["id"]
        if overbooked := list(promised_twice(town)):  # before anything else can put it right
            raise Violation(f"after {purpose}: {overbooked}")
    return True


def _workday(day: date) -> datetime:
    """That day, or the Monday after it, when the depots are open."""
    return clock.at(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0), time(12))


def _material(town: Town, name: str) -> dict[str, Any]:
    most = {"Festtelt": 2, "Pavillon": 3}.get(name, 6)
    return {"resource_id": str(MATERIAL_IDS[name]), "quantity": town.chance.randint(1, most)}


def _hall(town: Town, starts: datetime) -> dict[str, Any]:
    hall = HALLS[town.chance.choice(sorted(HALLS))]
    begins = starts + timedelta(days=2, hours=town.chance.randint(0, 3))
    return {
        "resource_id": str(hall),
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=3)).isoformat(),
    }


def decide(town: Town) -> bool:
    """An answer to what waits, as a whole or for one line."""
    waiting = town.pick(
        "bookings",
        """SELECT b.id, b.version, l.id AS line_id FROM bookings b JOIN booking_lines l ON l.booking_id = b.id
        WHERE l.state = 'waiting' ORDER BY b.number, l.position""",
    )
    if waiting is None:
        return False
    body: dict[str, Any] = {"decision": town.chance.choice(("approve", "approve", "refuse")), "reason": "Fordi."}
    if town.chance.random() < 0.3:
        body["line_ids"] = [str(waiting.line_id)]
    town.ask("bookings", LARS, "POST", f"/bookings/{waiting.id}/decisions", body, waiting.version)
    return True


def cancel(town: Town) -> bool:
    booking = _still_to_come(town)
    if booking is None:
        return False
    path = f"/bookings/{booking.id}/cancel"
    town.ask("bookings", NAMES[booking.person_id], "POST", path, {"reason": "Regn."}, booking.version)
    return True


def need_less(town: Town) -> bool:
    booking = _still_to_come(town)
    if booking is None:
        return False
    body = {"quantity": town.chance.randint(0, max(0, booking.quantity - 1))}
    path = f"/bookings/{booking.id}/lines/{booking.line_id}"
    town.ask("bookings", NAMES[booking.person_id], "PATCH", path, body, booking.version)
    return True


def _still_to_come(town: Town) -> Any:
    return town.pick(
        "bookings",
        """SELECT b.id, b.version, b.person_id, l.id AS line_id, l.quantity
        FROM bookings b JOIN booking_lines l ON l.booking_id = b.id
        WHERE b.state IN ('waiting', 'confirmed') AND l.state IN ('waiting', 'confirmed')
        ORDER BY b.number, l.position""",
    )


STEPS = {book: 12, decide: 10, cancel: 2, need_less: 3}
