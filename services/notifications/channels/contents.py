"""What one letter says: its frame in the reader's language, and all that its template asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notifications.channels.calendar import CalendarFile, calendar_of
from services.notifications.channels.words import words_in
from services.notifications.clients import Place, Reasons, ShiftNews
from services.notifications.domain.letters import LETTERS
from services.notifications.domain.member_letters import ROLES
from services.notifications.domain.shift_letters import GRAVEST_FIRST, SHIFT_LETTERS, Now
from services.notifications.models import Notice
from services.notifications.queries import Facts, Told
from shared import clock
from shared.contracts.base import decode
from shared.service_client import Contact


@dataclass(frozen=True)
class Content:
    """`values` fill the template; `calendars` are files that come along."""

    template: str
    values: Mapping[str, Any]
    calendars: tuple[CalendarFile, ...] = ()


def booking_content(notice: Notice, facts: Facts, reasons: Reasons, to: Contact, portal: str) -> Content:
    number = facts.booking.number if facts.booking else notice.payload.get("number", "")
    frame = _frame(notice, to, portal, {"number": number}, {"booking_id": notice.subject_id})
    about = {
        "number": number,
        "reasons": reasons,
        "booking": facts.booking,
        "association": facts.association,
        "depots": facts.depots,
        "delivered": facts.delivered,
    }
    return Content(notice.template, {**frame, **about})


def member_content(notice: Notice, to: Contact, portal: str) -> Content:
    role = ROLES[notice.payload["role"]]
    about = {"role": words_in(to.language).translations.gettext(role)}
    return Content(notice.template, {**_frame(notice, to, portal, {"title": notice.title}, {}), **about})


def shift_content(
    notice: Notice, news: ShiftNews, told: Told, names: Mapping[UUID, str], to: Contact, portal: str
) -> Content:
    """`names`: of the shift's contact, and of the other in a swap; "" in a mail for whom accounts does not know."""
    frame = _frame(notice, to, portal, {"title": title_of(news)}, news.links)
    if offer := news.links.get("offer"):  # whatever the mail tells, who holds an offer can take it there and then
        taking = SHIFT_LETTERS["shift_offered"]
        action = words_in(to.language).translations.gettext(taking.action)
        frame |= {"action": action, "link": _address(portal, "/tilbud/", offer)}
    about = {
        "shift": news.shift,
        "sign_up": news.sign_up,
        "in_exchange": news.in_exchange,
        "hours": news.hours,
        "moved_away": news.moved_away,
        "association": told.association,
        "moved": decode(told.move.event_type, told.move.payload) if told.move else None,
        "names": names,
        "reader_id": to.person_id,
        "cannot": _address(portal, "/afbud/", news.links.get("cancel")),
        "stop": _address(portal, "/nej-tak/", news.links.get("stop")),
    }
    return Content(notice.template, {**frame, **about}, tuple(_calendars(notice, news, frame["link"])))


def _calendars(notice: Notice, news: ShiftNews, link: str) -> Iterator[CalendarFile]:
    """What only waited was in no calendar, and is taken out of none."""
    letter, sign_up = SHIFT_LETTERS[notice.template], news.sign_up
    gone = list(news.gone) if letter.ends_calendar else []
    if sign_up and notice.payload.get("was", "confirmed") == "confirmed":
        place, is_in = Place(news.shift, sign_up), sign_up.state == "confirmed"
        if letter.has_calendar and is_in:
            yield calendar_of(place, link, clock.now(), "PUBLISH")
        elif letter.ends_calendar and not (is_in and sign_up.has_seat):
            gone.append(place)
    yield from (calendar_of(place, link, clock.now(), "CANCEL") for place in gone)


def digest_content(parts: list[Content], to: Contact, portal: str) -> Content:
    """Several pieces of news as the sections of one mail."""
    gettext = words_in(to.language).translations.gettext
    planner = all(part.template == "shift_understaffed" for part in parts)
    values = {
        "name": to.name,
        "subject": _digest_subject(parts, to),
        "why": "\n".join(dict.fromkeys(part.values["why"] for part in parts)),
        "action": gettext("Se alle hold") if planner else gettext("Se dine vagter"),
        "link": portal.rstrip("/") + ("/hold" if planner else "/mine-vagter"),
        "language": to.language,
        "parts": parts,
    }
    return Content("digest", values)


def _digest_subject(parts: list[Content], to: Contact) -> str:
    translations = words_in(to.language).translations
    grave = [part for template in GRAVEST_FIRST for part in parts if part.template == template]
    if not grave:
        return translations.gettext("{count} nyheder om dine vagter").format(count=len(parts))
    more = len(parts) - 1
    text = translations.ngettext("{first} – og {more} nyhed mere", "{first} – og {more} nyheder mere", more)
    return text.format(first=grave[0].values["subject"], more=more)


def stands(news: ShiftNews, offered_since: bool) -> Now:
    sign_up, hours = news.sign_up, news.hours
    return Now(
        news.shift.state,
        news.shift.starts_at,
        sign_up.state if sign_up else "",
        sign_up.offer_number if sign_up else 0,
        news.swap_state,
        hours.state if hours else "",
        len(sign_up.flags) if sign_up else 0,
        sign_up.has_seat if sign_up else True,
        offered_since,
    )


def title_of(news: ShiftNews) -> str:
    """Kaffe og kiosk, 14.08.2027: on one line, as it goes into the subject. The day is the one that she knows."""
    known = news.moved_away.starts_at if news.moved_away else None
    return " ".join(f"{news.shift.title}, {clock.local(known or news.shift.starts_at):%d.%m.%Y}".split())


def _frame(
    notice: Notice, to: Contact, portal: str, called: Mapping[str, str], ids: Mapping[str, Any]
) -> dict[str, Any]:
    letter = LETTERS[notice.template]
    gettext = words_in(to.language).translations.gettext
    return {
        "event": decode(notice.event_type, notice.payload),
        "name": to.name,
        "subject": gettext(letter.subject).format(**called),
        "why": gettext(letter.why),
        "action": gettext(letter.action),
        "link": portal.rstrip("/") + letter.path.format(**{**ids, **notice.payload}),
        "language": to.language,
    }


def _address(portal: str, path: str, token: str | None) -> str:
    return f"{portal.rstrip('/')}{path}{token}" if token else ""
