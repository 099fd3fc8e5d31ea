"""The crew's list on one's phone: what its buttons do, on the page of one shift as on that of a whole day."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from services.portal import forms, period
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.forms import Errors
from shared import clock

Json = dict[str, Any]

ATTENDANCES = ("present", "late", "absent", "expected")
TO_SAY = (403, 404, 409, 412, 422)


class Answer:
    """What came of a button: errors at the seat's own row, and a telephone number that is (or stays) shown."""

    def __init__(self, seat_id: str = "") -> None:
        self.seat_id = seat_id
        self.errors = Errors()
        self.phones: dict[str, str] = {}
        self.said = ""

    @property
    def anchor(self) -> str:
        return f"seat-{self.seat_id}" if self.seat_id else "crew"


def press(button: str, crews: list[Json]) -> Answer | None:
    """Carry out "attend <seat> present" and the like; None for a button of the page itself."""
    verb, *rest = button.split(" ")
    act = BUTTONS.get(verb)
    seats = {seat["id"]: (seat, crew["shift"]) for crew in crews for seat in crew["seats"]}
    if act is None or not rest or rest[0] not in seats:
        return None
    answer = Answer(rest[0])
    if number := forms.text("number"):
        answer.phones[rest[0]] = number
    try:
        act(answer, *seats[rest[0]], *rest[1:2])
    except Problem as problem:
        if problem.status not in TO_SAY:
            raise
        for reason in problem.reasons:
            answer.errors.add(answer.anchor, reason["text"])
    return answer


def _attend(answer: Answer, seat: Json, shift: Json, attendance: str = "") -> None:
    if attendance not in ATTENDANCES:
        return
    body: Json = {"attendance": attendance}
    if typed := forms.text(f"at-{seat['id']}"):
        moment = period.moment(as_day(shift["starts_at"]), typed)
        if attendance in ("present", "late") and not moment:
            answer.errors.add(answer.anchor, _("Skriv tiden som 17.30."))
            return
        if attendance in ("present", "late") and moment:
            body["at"] = moment.isoformat()
    api().volunteers.attend(seat["id"], body)


def _phone(answer: Answer, seat: Json, shift: Json) -> None:
    found = api().volunteers.phone(shift["id"], seat["id"])
    if found["phone"]:
        answer.phones[seat["id"]] = found["phone"]
    else:
        answer.errors.add(answer.anchor, _("Vi kender ikke et nummer. Personen kan selv skrive det på sin profil."))


def _release(answer: Answer, seat: Json, shift: Json) -> None:
    body = {"sign_up_id": seat["sign_up_id"], "reason": forms.text(f"reason-{seat['id']}")}
    api().volunteers.release(shift["id"], body)
    answer.said = _("%(name)s er taget af vagten og får besked.", name=seat.get("name") or _("Den frivillige"))


BUTTONS = {"attend": _attend, "phone": _phone, "release": _release}


def can_attend(crew: Json) -> bool:
    """On the day and afterwards; before that there is nothing to tap yet."""
    shift = crew["shift"]
    return shift["state"] in ("published", "closed", "held") and as_day(shift["starts_at"]) <= clock.today()


def by_role(crew: Json) -> list[tuple[Json, list[Json]]]:
    return [(role, [seat for seat in crew["seats"] if seat["role_id"] == role["id"]]) for role in crew["roles"]]


def status(problem_status: int) -> int:
    """htmx puts nothing into the page that came with an error status, though the page says what went wrong."""
    return 200 if "HX-Request" in request.headers else problem_status
