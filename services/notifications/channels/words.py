"""Times, quantities and alternatives as people write them, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from babel import dates
from babel.support import Translations

from services.notifications.clients import ShiftFacts
from services.notifications.models import Booking, Depot
from shared import clock
from shared.contracts.bookings import Alternative, BookedLine, ShortLine
from shared.errors import N_

# Of the municipality's own tables; here so that they are translated.
UNITS = (N_("stk"), N_("spand"), N_("m³"))
ORGANISERS = (N_("Kommunen"),)
INSURANCES = (N_("kommunens forsikring"), N_("foreningens forsikring"), N_("institutionens forsikring"))
TRANSLATIONS = Path(__file__).parents[1] / "translations"


class Words:
    """The catalogue of `language`; Danish needs none, as the texts themselves are Danish."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.translations = Translations.load(TRANSLATIONS, [language])

    def _(self, text: str) -> str:
        return self.translations.gettext(text)

    def moment(self, value: datetime) -> str:
        """lørdag 14.08.2027 kl. 17.30"""
        wall = clock.local(value)
        at = self._("kl.")
        return f"{dates.format_date(wall, 'EEEE', self.language)} {wall:%d.%m.%Y} {at} {wall:%H.%M}"

    def period(self, start: datetime, end: datetime) -> str:
        """lørdag 14.08.2027 kl. 10.00–16.00, or two whole moments"""
        if clock.local(start).date() == clock.local(end).date():
            return f"{self.moment(start)}–{clock.local(end):%H.%M}"
        return f"{self.moment(start)} – {self.moment(end)}"

    def own(self, name: str) -> str:
        """pcs for stk; a word that no catalogue knows stays as the municipality calls it"""
        return self._(name) if name else ""

    def thing(self, line: BookedLine) -> str:
        """40 stk Stabelstol, or a facility's name"""
        return line.name if line.kind == "facility" else f"{line.quantity} {self.own(line.unit_name)} {line.name}"

    def option(self, option: Alternative, line: ShortLine) -> str:
        """35 stk Stabelstol, or the same at another time"""
        name = option.name or line.name
        unit = self.own(line.unit_name) if name == line.name else ""
        text = " ".join(filter(None, (str(option.quantity), unit, name)))
        if option.starts_at and option.ends_at:
            return f"{text}: {self.period(option.starts_at, option.ends_at)}"
        return text

    def place(self, depot: Depot) -> str:
        """Assens Materielgård; with its town where the name does not say it"""
        return depot.name if depot.town in depot.name else f"{depot.name}, {depot.town}"

    def spot(self, shift: ShiftFacts) -> str:
        """Assens Havneplads, Assens; the area only where the place does not say it"""
        return shift.place if shift.area in shift.place else f"{shift.place}, {shift.area}"

    def contact(self, shift: ShiftFacts, names: Mapping[UUID, str]) -> str:
        """Bodil Krag, 12 34 56 78; the name of who plans the shift where the organiser wrote none"""
        name = shift.contact_name or (names.get(shift.contact_id, "") if shift.contact_id else "")
        return ", ".join(filter(None, (name, shift.contact_phone, shift.contact_email)))

    def named(self, line_id: UUID, booking: Booking) -> str:
        """stk Stabelstol: what the booking calls that line"""
        known = booking.lines.get(str(line_id), {})
        return f"{self.own(known.get('unit_name', ''))} {known.get('name', '')}".strip()

    def trouble(self, line: Any) -> str:
        """2 i stykker, 3 mangler"""
        broken, missing = line.broken, getattr(line, "missing", 0)
        texts = [
            self._("{count} i stykker").format(count=broken) if broken else "",
            self._("{count} mangler").format(count=missing) if missing else "",
        ]
        return ", ".join(filter(None, texts))

    def duration(self, minutes: int) -> str:
        """3 t. 30 min."""
        hours, rest = divmod(minutes, 60)
        texts = [
            self._("{hours} t.").format(hours=hours) if hours else "",
            self._("{minutes} min.").format(minutes=rest) if rest or not hours else "",
        ]
        return " ".join(filter(None, texts))


@cache
def words_in(language: str) -> Words:
    return Words(language)
