"""Clocks that are wrong, and answers that come too late: 12, 18."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from shared import clock
from tests.faults.errands import a_booking, next_working_day, wait_for
from tests.faults.load import POOLED
from tests.faults.row import Scene, row
from tests.support.town import HANDBALL, Person, danish, facility
from tests.support.waiting import eventually

NIGHTS = {  # pick-up and return around the nights in which clocks change: hours on the clock, and hours that pass
    "March": (danish(2028, 3, 24, 9), danish(2028, 3, 27, 9), 71),
    "October": (danish(2027, 10, 29, 9), danish(2027, 11, 1, 9), 73),
}
HELD = """SELECT extract(epoch FROM upper(during) - lower(during))::int / 3600 FROM quantity_holds
          JOIN booking_lines ON booking_lines.id = line_id WHERE booking_id = %(booking)s"""
PAIRS = 12
HALLS = ("Glamsbjerg Demohal, halvdel A", "Glamsbjerg Demohal, halvdel B")
LAST_WORDS = """SELECT sign_ups.id::text, sign_ups.state, count(outbox.id) FROM sign_ups LEFT JOIN outbox
                ON outbox.payload->>'sign_up_id' = sign_ups.id::text
               AND outbox.type IN ('volunteers.sign-up-confirmed.v1', 'volunteers.sign-up-lapsed.v1')
                WHERE sign_ups.id::text = ANY(%(ids)s) GROUP BY sign_ups.id"""
DECIDED = """SELECT bookings.id::text, bookings.state, count(outbox.id) FROM bookings LEFT JOIN outbox
             ON outbox.aggregateid = bookings.id::text
            AND outbox.type IN ('bookings.booking-approved.v1', 'bookings.booking-refused.v1')
             WHERE bookings.id::text = ANY(%(ids)s) GROUP BY bookings.id"""
HELD_FOR_REFUSED = """SELECT booking_lines.booking_id FROM unit_holds JOIN booking_lines ON booking_lines.id = line_id
                      WHERE booking_lines.state = 'refused' AND booking_id::text = ANY(%(ids)s)"""


@row(12, "the clock jumps by an hour, back and forth; nights of 23 and 25 hours", "the house's clock file")
def jumping_clock(scene: Scene) -> None:
    now = clock.now()
    for hours in (-1, 1, 0):
        scene.town.move_clock(now + timedelta(hours=hours))
        scene.go_on(6)
    mette = scene.town.person("mette", HANDBALL)
    for month, (pick_up, back, hours) in NIGHTS.items():
        body = a_booking("Kabelbro", 1, pick_up, back, f"uret stilles i {month}")
        made = mette.send("POST", "bookings", "/bookings", json=body)
        assert made.status_code == 201, made.text
        [(held,)] = scene.town.rows("bookings", HELD, {"booking": made.json()["id"]})
        assert held == hours, f"the night in {month} is held for {held} hours"


@row(18, "offers run out while they are accepted", "the clock moved to the last moment, answers around it")
def late_acceptance(scene: Scene) -> None:
    offered = _offers(scene)
    ends = [datetime.fromisoformat(card["offer_until"]) for _, card in offered]
    scene.town.move_clock(min(ends) - timedelta(seconds=5))

    def accept(numbered: tuple[int, tuple[Person, dict[str, Any]]]) -> int:
        number, (person, card) = numbered
        moment = ends[number] + timedelta(seconds=(number - PAIRS / 2) / 4)
        time.sleep(max(0.0, (moment - clock.now()).total_seconds()))
        return person.send("POST", "volunteers", f"/sign-ups/{card['id']}/accept", version=card["version"]).status_code

    with ThreadPoolExecutor(PAIRS) as pool:
        answers = list(pool.map(accept, enumerate(offered)))
    scene.note(f"answers around the last moment: {answers}")
    ids = [card["id"] for _, card in offered]
    ended = _settled(scene, "volunteers", LAST_WORDS, ids, {"offered"})
    for (_, card), status in zip(offered, answers, strict=True):
        state, words = ended[card["id"]]
        assert words == 1, f"{card['id']} was told {words} things"
        assert (status == 200) == (state == "confirmed"), f"{card['id']}: answered {status}, and is {state}"


def _offers(scene: Scene) -> list[tuple[Person, dict[str, Any]]]:
    """Shifts with one place: the first gives it up, the second is offered it."""
    town = scene.town
    first, *others = town.newcomers(PAIRS + 1)
    shifts = one_place_shifts(scene, PAIRS)
    given, waiting = [], []
    for person, shift in zip(others, shifts, strict=True):
        given.append(_sign_up(first, shift))
        waiting.append((person, shift, _sign_up(person, shift)))
    for card in given:
        path = f"/sign-ups/{card['id']}/cancel"
        first.send("POST", "volunteers", path, version=card["version"], json={}).raise_for_status()
    return [(person, wait_for(_offer_to(person, shift))) for person, shift, _ in waiting]


def _offer_to(person: Person, shift: dict[str, Any]) -> Callable[[], Any]:
    def offer() -> Any:
        mine = person.get("volunteers", f"/shifts/{shift['id']}")["mine"]
        return mine if mine and mine["state"] == "offered" else None

    return offer


def _sign_up(person: Person, shift: dict[str, Any]) -> dict[str, Any]:
    body = {"role_id": shift["roles"][0]["id"]}
    made = person.send("POST", "volunteers", f"/shifts/{shift['id']}/sign-ups", json=body)
    made.raise_for_status()
    card: dict[str, Any] = made.json()
    return card


def one_place_shifts(scene: Scene, count: int) -> list[dict[str, Any]]:
    sofie = scene.town.person("sofie")
    role = {"name": "Frivillig", "capacity": 1, "minimum": 0, "requirements": []}
    rows = [
        {
            "title": f"kapløb {scene.load.mark} {number}",
            "place": "Tommerup Medborgersal",
            "area": "Tommerup",
            "day": (clock.today() + timedelta(days=40 + number)).isoformat(),
            "starts": "10:00",
            "ends": "12:00",
            "roles": [role],
            "organiser": "Kommunen",
            "insurance": "kommunens forsikring",
        }
        for number in range(count)
    ]
    saved = sofie.send("POST", "volunteers", "/plan", json={"rows": rows, "publish": True})
    assert saved.status_code == 201, saved.text
    return [sofie.get("volunteers", f"/shifts/{shift_id}") for shift_id in saved.json()["ids"]]


def _settled(scene: Scene, service: str, statement: str, ids: list[str], open_states: set[str]) -> dict[str, Any]:
    """By id: the state, and how many last words were said of it."""

    def found() -> dict[str, Any]:
        rows = {row[0]: row[1:] for row in scene.town.rows(service, statement, {"ids": ids})}
        return {} if any(state in open_states for state, _ in rows.values()) else rows

    return eventually(found, 90, "nothing is open any more")


@row(18, "requests run out while they are approved", "approvals around the start, the job run anew by kill -9")
def late_approval(scene: Scene) -> None:
    town = scene.town
    mette, hanne = town.person("mette", HANDBALL), town.person("hanne")
    day = next_working_day(clock.today() + timedelta(days=8))
    starts = clock.at(day, datetime.min.time()) + timedelta(hours=16)
    asked = [_ask_for_hall(mette, hall, starts, scene.load.mark) for hall in HALLS]
    town.move_clock(starts - timedelta(seconds=2))
    town.send("bookings-worker", signal.SIGKILL)  # its job runs at its start, and not again for five minutes

    def approve(numbered: tuple[int, dict[str, Any]]) -> int:
        number, booking = numbered
        time.sleep(4 * number)
        path, body = f"/bookings/{booking['id']}/decisions", {"decision": "approve"}
        return hanne.send("POST", "bookings", path, version=booking["version"], json=body).status_code

    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(approve, enumerate(asked)))
    scene.note(f"answers around the start: {answers}")
    town.send("bookings-worker", signal.SIGKILL)
    ids = [booking["id"] for booking in asked]
    for booking_id, (state, words) in _settled(scene, "bookings", DECIDED, ids, {"waiting"}).items():
        assert words == 1, f"{booking_id} ({state}) was decided {words} times"
    assert town.rows("bookings", HELD_FOR_REFUSED, {"ids": ids}) == []
    town.wait_healthy("bookings-worker")


def _ask_for_hall(person: Person, hall: str, starts: datetime, mark: str) -> dict[str, Any]:
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    body = a_booking(POOLED[0], 1, starts, starts + timedelta(hours=2), f"hal {mark}")
    body["lines"] = [{"resource_id": str(facility(hall)), **times}]
    made = person.send("POST", "bookings", "/bookings", json=body)
    assert made.status_code == 201, made.text
    booking: dict[str, Any] = made.json()
    return booking
