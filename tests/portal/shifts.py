"""Shifts and sign-ups as volunteers answers them, for portals in front of stand-ins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

SHIFT, KIOSK, DRIVER, MINE, SEAT, SWAP = (str(UUID(int=number)) for number in range(11, 17))
TOO_YOUNG: dict[str, Any] = {
    "slug": "too-young",
    "field": None,
    "text": "Du skal være fyldt 18 år den dag.",
    "params": {},
}
NO_LICENCE: dict[str, Any] = {
    "slug": "missing-trailerkort",
    "field": None,
    "text": "Kræver: trailerkort.",
    "params": {},
}
FULL: dict[str, Any] = {"slug": "full", "field": None, "text": "Der er ikke plads nok lige nu.", "params": {}}


def a_role(role_id: str = KIOSK, name: str = "Kiosk", taken: int = 5, **changes: Any) -> dict[str, Any]:
    role: dict[str, Any] = {
        "id": role_id,
        "name": name,
        "capacity": 8,
        "taken": taken,
        "free": 8 - taken,
        "waiting": 0,
        "minimum": 2,
        "requirements": [],
        "requirement_names": [],
        "state": "open",
        "may": True,
        "reasons": [],
        "warnings": [],
    }
    return role | changes


def a_shift(shift_id: str = SHIFT, title: str = "Kaffe og kiosk", *roles: Any, **changes: Any) -> dict[str, Any]:
    roles = roles or (a_role(),)
    card: dict[str, Any] = {
        "id": shift_id,
        "title": title,
        "place": "Assens Havneplads",
        "area": "Assens",
        "state": "open",
        "starts_at": "2027-08-14T11:00:00+02:00",
        "ends_at": "2027-08-14T16:00:00+02:00",
        "minimum_age": 0,
        "organiser": "Kommunen",
        "organiser_id": None,
        "cause": "",
        "cause_id": None,
        "version": 1,
        "capacity": 8,
        "taken": 5,
        "waiting": 0,
        "minimum": 2,
        "roles": roles,
        "mine": None,
        "may": any(role["may"] for role in roles),
    }
    in_full: dict[str, Any] = {
        "description": "Vi brygger kaffe.",
        "insurance": "",
        "contact_id": None,
        "contact_name": "",
        "contact_phone": "",
        "contact_email": "",
        "children_welcome": True,
        "child_minimum_age": 0,
        "meeting_point": "",
        "bring": "",
        "audience": "all",
        "audience_name": "",
        "cancel_reason": "",
        "coordinates": False,
    }
    return card | in_full | changes


def a_page(*shifts: Any, next_day: str | None = None) -> dict[str, Any]:
    facets = {"areas": ["Assens"], "roles": ["Kiosk"], "causes": [], "organisers": [{"id": None, "name": "Kommunen"}]}
    counted = {"total": len(shifts), "page": 1, "page_size": 50}
    return {"items": shifts, "facets": facets, "next_day": next_day, **counted}


def a_sign_up(state: str = "confirmed", **changes: Any) -> dict[str, Any]:
    shift = a_shift()
    sign_up: dict[str, Any] = {
        "id": MINE,
        "shift_id": SHIFT,
        "role_id": KIOSK,
        "role": "Kiosk",
        "state": state,
        "places": 1,
        "child_age": None,
        "position": None,
        "offer_until": None,
        "offer_number": 0,
        "association_id": None,
        "flags": [],
        "seats": [],
        "swap": None,
        "may_cancel": True,
        "late": False,
        "version": 3,
        "warnings": [],
        "shift": shift | {"state": "published", "contact": ""},
    }
    return sign_up | changes
