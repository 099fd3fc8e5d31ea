"""A shift for the reader's own calendar, under the same UID as in her feed."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from services.notifications.clients import ShiftNews
from shared.clock import COPENHAGEN


def calendar_of(news: ShiftNews, link: str, now: datetime) -> str:
    """The file's text. METHOD:PUBLISH only tells; no calendar asks the reader to answer it."""
    if news.sign_up is None:
        raise ValueError("only who is signed up gets the shift for her calendar")
    shift = news.shift
    event = Event()
    event.add("uid", f"{news.sign_up.id}@kommunity")
    event.add("sequence", shift.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", shift.starts_at.astimezone(COPENHAGEN))
    event.add("dtend", shift.ends_at.astimezone(COPENHAGEN))
    event.add("summary", shift.title)
    event.add("location", ", ".join(filter(None, (shift.place, shift.meeting_point))))
    event.add("description", "\n".join(filter(None, (news.sign_up.role, shift.bring, link))))
    event.add("url", link)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Kommunity//Vagter//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text
