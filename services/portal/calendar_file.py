"""A booking for one's own calendar: when to fetch, when to bring back, when the hall is ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event

from services.portal.formats import instant
from shared import clock

AT_THE_DEPOT = timedelta(minutes=30)


def calendar_file(booking: dict[str, Any]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Kommunity//portal//DA")
    calendar.add("version", "2.0")
    lines = [line for line in booking["lines"] if line["state"] in ("waiting", "confirmed")]
    for event in _events(booking, lines):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _events(booking: dict[str, Any], lines: list[dict[str, Any]]) -> Iterator[Event]:
    for line in lines:
        if line["kind"] == "facility":
            yield _event(booking, line["id"], line["name"], line["name"], line["starts_at"], line["ends_at"])
    fetched = [line for line in lines if line["kind"] != "facility"]
    for depot in sorted({line["depot_name"] for line in fetched}):
        here = [line for line in fetched if line["depot_name"] == depot]
        things = ", ".join(f"{line['quantity']} {line['name']}" for line in here)
        pickup, back = here[0]["starts_at"], here[0]["ends_at"]
        yield _event(booking, f"{here[0]['id']}-out", _("Hent: %(things)s", things=things), depot, pickup)
        if any(line["kind"] != "consumable" for line in here):
            yield _event(booking, f"{here[0]['id']}-back", _("Aflevér: %(things)s", things=things), depot, back)


def _event(booking: dict[str, Any], uid: str, summary: str, place: str, starts: str, ends: str = "") -> Event:
    event = Event()
    event.add("uid", f"{uid}@kommunity")
    event.add("dtstamp", clock.now())
    event.add("dtstart", instant(starts))
    event.add("dtend", instant(ends) if ends else instant(starts) + AT_THE_DEPOT)
    event.add("summary", summary)
    event.add("location", place)
    event.add(
        "description", _("Booking nr. %(number)s: %(purpose)s", number=booking["number"], purpose=booking["purpose"])
    )
    event.add("url", f"{current_app.extensions['kommunity_settings'].portal_url}/bookinger/{booking['id']}")
    event.add("status", "TENTATIVE" if booking["state"] == "waiting" else "CONFIRMED")
    return event
