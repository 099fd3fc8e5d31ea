"""A shift for the reader's own calendar, under the same UID and SEQUENCE as in her feed."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event

from services.notifications.clients import ShiftNews
from shared.clock import local


def calendar_of(news: ShiftNews, link: str, now: datetime) -> str:
    """The file's text. METHOD:PUBLISH only tells; no calendar asks the reader to answer it."""
    if news.sign_up is None:
        raise ValueError("only who is signed up gets the shift for her calendar")
    shift = news.shift
    event = Event()
    event.add("uid", f"{news.sign_up.id}@kommunity")
    event.add("sequence", news.sign_up.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", _wall(shift.starts_at))
    event.add("dtend", _wall(shift.ends_at))
    event.add("summary", _line(shift.title))
    event.add("location", ", ".join(filter(None, map(_line, (shift.place, shift.meeting_point)))))
    event.add("description", "\n".join(filter(None, map(_line, (news.sign_up.role, shift.bring, link)))))
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


def _wall(moment: datetime) -> datetime:
    """On a Danish clock; in UTC where that shows the same hour a second time."""
    wall = local(moment)
    return moment.astimezone(UTC) if wall.fold else wall


def _line(text: str) -> str:
    """On one line for every reader, whatever somebody wrote."""
    return " ".join(text.split())
