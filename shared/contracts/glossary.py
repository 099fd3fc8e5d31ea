"""What the fields of the contracts mean: a line `field: meaning` in the class's docstring, or the common one here."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

COMMON = {
    "accessible": "whether one gets in and around with a wheelchair",
    "active": "false once it is no longer offered",
    "area": "the part of the municipality",
    "at": "when it happened: an instant with its offset from UTC",
    "association_id": "the association it concerns; null for a person who acts for herself",
    "booking_id": "the booking",
    "booking_line_id": "the line of the booking",
    "broken": "pieces found broken",
    "category": "what it is found under, in Danish",
    "cause_id": "the shared cause that it belongs to, null for none",
    "depot_id": "the depot that lends it",
    "ends_at": "end (exclusive): an instant with its offset from UTC",
    "handover_id": "what one depot hands out for one booking",
    "lead_time_hours": "how long before the start it must be booked at the latest, in hours",
    "line_id": "the line of the booking",
    "lines": "one for each thing",
    "longest_loan_days": "the longest period it is lent for, in days; null for no limit",
    "missing": "pieces that will not come back",
    "name": "as it is shown, in Danish",
    "needs_approval": "whether somebody decides on each booking",
    "number": "the booking's number as people say it, e.g. 26-0042",
    "opening_hours": "when it is open, weekday by weekday",
    "organiser_id": "the association that organises, null for the municipality",
    "person_id": "the person, known by this id alone",
    "person_ids": "the people to be told",
    "picture": "the slug of a drawing, empty for none",
    "places": "how many places of the role",
    "quantity": "pieces",
    "resource_id": "the material or facility",
    "role_id": "the role within the shift",
    "seat_id": "one person's place in the shift",
    "shift_id": "the shift",
    "sign_up_id": "one person's, or one group's, sign-up",
    "staff_id": "the member of staff who did it, known by this id alone",
    "starts_at": "start (inclusive): an instant with its offset from UTC",
    "swap_id": "the swap",
    "town": "the town it lies in",
    "unit_ids": "the numbered units, where the material has numbers",
    "unit_name": "what one piece is counted in, e.g. stk.; empty for a facility",
    "units": "the numbered units that can be lent; broken, missing and retired ones are not listed",
}


def meaning(cls: type) -> str:
    """What the class stands for: its docstring without the lines on fields."""
    return _parts(cls)[0]


def meanings(cls: type) -> dict[str, str]:
    """What each field means; a field nobody explained is left out."""
    own = _parts(cls)[1]
    told = {field.name: own.get(field.name) or COMMON.get(field.name, "") for field in fields(cls)}
    return {name: text for name, text in told.items() if text}


def _parts(cls: type) -> tuple[str, dict[str, str]]:
    names = "|".join(field.name for field in fields(cls))
    text, *rest = re.split(rf"^({names}): ", inspect.cleandoc(cls.__doc__ or ""), flags=re.MULTILINE)
    told = dict(zip(rest[::2], rest[1::2], strict=True))
    return " ".join(text.split()), {name: " ".join(said.split()).rstrip(".") for name, said in told.items()}
