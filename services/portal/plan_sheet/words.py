"""The sheet's choices and headings in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from services.portal.formats import weekdays
from services.portal.forms import Errors
from services.portal.session import me
from services.portal.staff import names_of
from shared.errors import N_

Json = dict[str, Any]

COLUMNS = {
    "day": N_("Dag"),
    "starts": N_("Fra"),
    "ends": N_("Til"),
    "title": N_("Opgave"),
    "place": N_("Sted"),
    "area": N_("Område"),
    "roles": N_("Roller"),
    "name": N_("Rolle"),
    "capacity": N_("Pladser"),
    "minimum": N_("Mindst"),
    "requirements": N_("Krav"),
    "description": N_("Beskrivelse"),
    "bring": N_("Medbring"),
    "meeting_point": N_("Mødested"),
    "organiser": N_("Arrangør"),
    "insurance": N_("Forsikring"),
    "cause": N_("Fælles sag"),
    "minimum_age": N_("Mindstealder"),
    "children_welcome": N_("Børn med"),
    "child_minimum_age": N_("Yngste barn"),
    "check_hours": N_("Tjek af holdet"),
    "audience": N_("For hvem"),
    "contact_id": N_("Kontakt"),
    "contact_name": N_("Kontaktens navn"),
    "contact_phone": N_("Kontaktens telefon"),
    "contact_email": N_("Kontaktens e-mail"),
    "more": N_("Mere"),
}
SAID = {
    "shift": N_("vagt"),
    "volunteer": N_("Frivillig"),
    "choose": N_("Vælg"),
    "new": N_("Ny"),
    "again": N_("Kopiér række"),
    "drop": N_("Fjern række"),
    "put_aside": N_("Tag ud af arket"),
    "role": N_("Endnu en rolle"),
    "fold": N_("Skjul detaljer"),
    "unfold": N_("Detaljer og skabelon"),
    "crew": N_("Hold og aflysning"),
}


def words() -> Json:
    """For the template: texts, translated once for hundreds of lines, and what turns values into choices and names."""
    return {
        "columns": {name: _(text) for name, text in COLUMNS.items()},
        "said_words": {name: _(text) for name, text in SAID.items()},
        "day_names": weekdays(),
        "audience_options": audience_options,
        "contact_options": contact_options,
        "named": named,
        "column_word": lambda path: _(COLUMNS.get(path.split(".")[-1], "")),
    }


def summary(errors: Errors) -> list[tuple[str, str]]:
    """Every error with the line and column where it stands: among forty lines "is empty" alone would say nothing."""
    return [(path, f"{_place(path)}{text}") for path, text in errors]


def named(errors: Errors) -> list[tuple[str, str]]:
    """The same where there is only one line: each error with its column."""
    columns = [(path, COLUMNS.get(path.split(".")[-1]), text) for path, text in errors]
    return [(path, f"{_(column)}: {text}" if column else text) for path, column, text in columns]


def _place(path: str) -> str:
    number = [*path.split("."), ""][1]
    if not number.isdigit():
        return ""
    line, column = _("Vagt %(number)s", number=int(number) + 1), COLUMNS.get(path.split(".")[-1])
    return f"{line}, {_(column)}: " if column else f"{line}: "


def audience_options(kept: Json) -> list[tuple[str, str]]:
    """Everybody, or the members of an association of mine; and what the shift has already, whatever it is."""
    who = me()
    options = {"all": _("Alle")}
    for one in who.associations if who else []:
        options[f"association {one['id']}"] = _("Kun medlemmer af %(name)s", name=one["name"])
    options["cause"] = _("Kun dem, der er med i den fælles sag")
    if kept.get("audience") == "association":
        now = f"{kept['audience']} {kept['audience_id']}"
        options.setdefault(now, _("Kun %(name)s", name=kept.get("audience_name") or _("en forening")))
    return list(options.items())


def contact_options(kept: Json) -> list[tuple[str, str]]:
    """Nobody, myself, or who it is already."""
    who, now = me(), kept.get("contact_id")
    options = {"": _("Ingen bestemt")}
    if who:
        options[who.id] = _("Mig (%(name)s)", name=who.name)
    if now and now not in options:
        options[now] = names_of([now]).get(now) or _("En kollega")
    return list(options.items())
