"""Volunteers sign up, wait, answer offers, swap and stay away; the coordinator looks after the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.simulation.residents import LARS, PEOPLE, email_of, person_id
from tests.simulation.town import Town

NAMES = {person_id(name): name for name in PEOPLE}


def sign_up(town: Town) -> bool:
    role = town.pick(
        "volunteers",
        """SELECT r.id, r.shift_id FROM roles r JOIN shifts s ON s.id = r.shift_id
        WHERE s.state = 'published' ORDER BY s.title, r.position""",
    )
    if role is None:
        return False
    body = {"role_id": str(role.id), "accept_waiting": town.chance.random() < 0.9}
    who = town.chance.choice(PEOPLE)
    answer = town.ask("volunteers", who, "POST", f"/shifts/{role.shift_id}/sign-ups", body)
    if answer is not None and answer.status_code == 201:
        town.acked.sign_ups.add(answer.get_json()["id"])
    return True


def answer_offer(town: Town) -> bool:
    offered = _sign_up(town, "offered")
    if offered is None:
        return False
    word = town.chance.choice(("accept", "accept", "decline"))
    town.ask("volunteers", NAMES[offered.person_id], "POST", f"/sign-ups/{offered.id}/{word}", None, offered.version)
    return True


def call_off(town: Town) -> bool:
    mine = _sign_up(town, "confirmed", "waiting")
    if mine is None:
        return False
    path = f"/sign-ups/{mine.id}/cancel"
    town.ask("volunteers", NAMES[mine.person_id], "POST", path, {"reason": "Syg."}, mine.version)
    return True


def release(town: Town) -> bool:
    theirs = _sign_up(town, "confirmed", "waiting", "offered")
    if theirs is None:
        return False
    town.ask("volunteers", LARS, "POST", f"/shifts/{theirs.shift_id}/release", {"sign_up_id": str(theirs.id)})
    return True


def ask_to_swap(town: Town) -> bool:
    mine, theirs = _sign_up(town, "confirmed"), _sign_up(town, "confirmed")
    if mine is None:
        return False
    body: dict[str, Any] = {"email": email_of(town.chance.choice(PEOPLE))}
    if theirs.shift_id != mine.shift_id:
        body = {"email": email_of(NAMES[theirs.person_id]), "in_exchange_shift_id": str(theirs.shift_id)}
    town.ask("volunteers", NAMES[mine.person_id], "POST", f"/sign-ups/{mine.id}/swaps", body)
    return True


def answer_swap(town: Town) -> bool:
    asked = town.pick("volunteers", "SELECT id, to_person_id FROM swaps WHERE state = 'asked' ORDER BY id")
    if asked is None or asked.to_person_id == UUID(int=0):
        return False
    body = {"agree": town.chance.random() < 0.7}
    town.ask("volunteers", NAMES[asked.to_person_id], "POST", f"/swaps/{asked.id}/answer", body)
    return True


def note_attendance(town: Town) -> bool:
    seat = town.pick("volunteers", "SELECT id FROM seats WHERE active ORDER BY id")
    if seat is None:
        return False
    body = {"attendance": town.chance.choice(("present", "absent"))}
    town.ask("volunteers", LARS, "POST", f"/seats/{seat.id}/attendance", body)
    return True


def close_or_reopen(town: Town) -> bool:
    shift = town.pick(
        "volunteers", "SELECT id, version, state FROM shifts WHERE state IN ('published', 'closed') ORDER BY title"
    )
    if shift is None:
        return False
    word = "reopen" if shift.state == "closed" else "close"
    town.ask("volunteers", LARS, "POST", f"/shifts/{shift.id}/{word}", None, shift.version)
    return True


def cancel_shift(town: Town) -> bool:
    shift = town.pick("volunteers", "SELECT id FROM shifts WHERE state = 'published' ORDER BY title")
    if shift is None:
        return False
    town.ask("volunteers", LARS, "POST", "/shifts/cancel", {"ids": [str(shift.id)], "reason": "Storm."})
    return True


def _sign_up(town: Town, *states: str) -> Any:
    return town.pick(
        "volunteers",
        "SELECT id, version, person_id, shift_id FROM sign_ups WHERE state = ANY(%(states)s) ORDER BY id",
        states=list(states),
    )


STEPS = {
    sign_up: 14,
    answer_offer: 4,  # many are left to run out
    call_off: 5,
    release: 2,
    ask_to_swap: 2,
    answer_swap: 5,
    note_attendance: 1,
    close_or_reopen: 1,
    cancel_shift: 0.3,
}
