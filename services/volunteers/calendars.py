"""What a shift says in somebody's calendar, in the language of the calendar."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from services.volunteers.domain.feeds import PERSON
from services.volunteers.models import SignUp, shifts, sign_ups
from services.volunteers.queries.feeds import Entry
from shared.calendars import Event


def title(kind: str, name: str) -> str:
    return _("Mine vagter") if kind == PERSON else _("Vagter: %(name)s", name=name)


def as_event(entry: Entry, portal_url: str) -> Event:
    """One's own has the sign-up's id, so that a second sign-up for the same shift is an event of its own."""
    shift, mine = entry.shift, entry.sign_up
    status = _status(entry)
    changed_at = max(shift.changed_at, *_changes(mine)) if mine else shift.changed_at
    return Event(
        uid=f"{mine.id if mine else shift.id}@kommunity",
        stamp=changed_at,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        summary=_summary(entry, status),
        place=shift.place,
        description="\n".join(line for line in _lines(entry) if line),
        url=f"{portal_url}/mine-vagter/{mine.id}" if mine else f"{portal_url}/vagter/{shift.id}",
        status=status,
        sequence=shift.sequence + (mine.version if mine else 0),
        changed_at=changed_at,
        busy=mine is not None and status == "CONFIRMED",
    )


def _status(entry: Entry) -> str:
    state = entry.sign_up.state if entry.sign_up else sign_ups.CONFIRMED
    if entry.shift.state == shifts.CANCELLED or state not in sign_ups.ALIVE:
        return "CANCELLED"
    return "CONFIRMED" if state == sign_ups.CONFIRMED else "TENTATIVE"


def _changes(mine: SignUp) -> list[datetime]:
    return [moment for moment in (mine.made_at, mine.confirmed_at, mine.ended_at) if moment]


def _summary(entry: Entry, status: str) -> str:
    words = {"title": entry.shift.title}
    if status == "CANCELLED":
        return _("Aflyst: %(title)s", **words) if entry.shift.state == shifts.CANCELLED else entry.shift.title
    if entry.sign_up and entry.sign_up.state == sign_ups.WAITING:
        return _("Venteliste: %(title)s", **words)
    if entry.sign_up and entry.sign_up.state == sign_ups.OFFERED:
        return _("Tilbud til dig: %(title)s", **words)
    return entry.shift.title


def _contact(entry: Entry) -> str:
    """How to reach it is for those who are in, offered or in line."""
    shift, mine = entry.shift, entry.sign_up
    reached_by = (shift.contact_phone, shift.contact_email) if mine and mine.state in sign_ups.ALIVE else ()
    return ", ".join(filter(None, (shift.contact_name, *reached_by)))


def _lines(entry: Entry) -> list[str]:
    shift = entry.shift
    return [
        shift.description,
        _("Opgave: %(role)s", role=entry.role) if entry.role else "",
        _("Mødested: %(place)s", place=shift.meeting_point) if shift.meeting_point else "",
        _("Tag med: %(things)s", things=shift.bring) if shift.bring else "",
        _("Arrangør: %(organiser)s", organiser=shift.organiser),
        _("Kontakt: %(contact)s", contact=contact) if (contact := _contact(entry)) else "",
        _("Begrundelse: %(reason)s", reason=shift.cancel_reason) if shift.cancel_reason else "",
    ]
