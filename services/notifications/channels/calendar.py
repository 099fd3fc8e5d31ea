"""A shift for the reader's own calendar, under the same UID and SEQUENCE as in her feed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.notifications.clients import Place
from shared import calendars


class CalendarFile(NamedTuple):
    text: str
    method: str


def calendar_of(place: Place, link: str, now: datetime, method: str) -> CalendarFile:
    """method: PUBLISH tells of the shift, CANCEL takes it out of the calendar."""
    shift, sign_up = place.shift, place.sign_up
    contact = ", ".join(filter(None, (shift.contact_name, shift.contact_phone, shift.contact_email)))
    event = calendars.Event(
        uid=f"{sign_up.id}@kommunity",
        sequence=sign_up.sequence,
        stamp=now,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        summary=_line(shift.title),
        place=", ".join(filter(None, map(_line, (shift.place, shift.meeting_point)))),
        description="\n".join(filter(None, map(_line, (sign_up.role, shift.bring, contact, link)))),
        url=link,
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
    )
    return CalendarFile(calendars.file("Vagter", [event], method=method).decode(), method)


def _line(text: str) -> str:
    """On one line for every reader, whatever somebody wrote."""
    return " ".join(text.split())
