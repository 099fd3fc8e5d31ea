"""A booking for one's own calendar: when to fetch, when to bring back, when the hall is ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from shared import calendars, clock
from shared.calendars import Event

AT_THE_DEPOT = timedelta(minutes=30)


def calendar_file(booking: dict[str, Any]) -> bytes:
    lines = [line for line in booking["lines"] if line["state"] in ("waiting", "confirmed")]
    return calendars.file("portal", _events(booking, lines))


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
    starts_at = datetime.fromisoformat(starts)
    return Event(
        uid=f"{uid}@kommunity",
        stamp=clock.now(),
        starts_at=starts_at,
        ends_at=datetime.fromisoformat(ends) if ends else starts_at + AT_THE_DEPOT,
        summary=summary,
        place=place,
        description=_("Booking nr. %(number)s: %(purpose)s", number=booking["number"], purpose=booking["purpose"]),
        url=f"{current_app.extensions['kommunity_settings'].portal_url}/bookinger/{booking['id']}",
        status="TENTATIVE" if booking["state"] == "waiting" else "CONFIRMED",
    )
