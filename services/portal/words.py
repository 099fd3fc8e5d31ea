"""The words for states: one tag each, icon and text, the same on every page."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask
from flask_babel import gettext

from services.portal.forms import field_id
from shared.errors import N_


class Word(NamedTuple):
    text: str
    icon: str
    tone: str  # info, success, warning, error or none


BOOKING = {
    "waiting": Word(N_("Afventer godkendelse"), "hourglass", "warning"),
    "confirmed": Word(N_("Bekræftet"), "check", "success"),
    "partly_out": Word(N_("Delvist udleveret"), "truck", "info"),
    "out": Word(N_("Udleveret"), "truck", "info"),
    "partly_back": Word(N_("Delvist afleveret"), "reply", "info"),
    "back": Word(N_("Afleveret"), "download-done", "success"),
    "missing": Word(N_("Mangler"), "error", "error"),
    "overdue": Word(N_("For sent"), "time", "error"),
    "at_risk": Word(N_("I fare"), "warning", "error"),
    "refused": Word(N_("Afvist"), "close", "error"),
    "cancelled": Word(N_("Aflyst"), "close", "none"),
}

HANDOVER = {
    "planned": Word(N_("Klar til udlevering"), "assignment", "info"),
    "partly_out": BOOKING["partly_out"],
    "out": BOOKING["out"],
    "partly_back": BOOKING["partly_back"],
    "back": BOOKING["back"],
    "cancelled": BOOKING["cancelled"],
}

APPROVAL = {"passed": Word(N_("Tiden er gået"), "time", "warning")}

FREE = {
    "free": Word(N_("Ledig"), "check", "success"),
    "few": Word(N_("Få tilbage"), "hourglass", "warning"),
    "none": Word(N_("Optaget"), "close", "error"),
    "closed": Word(N_("Lukket"), "lock", "none"),
}

MESSAGE = {
    "waiting": Word(N_("På vej"), "hourglass", "info"),
    "sent": Word(N_("Sendt"), "check", "success"),
    "delayed": Word(N_("Forsinket"), "time", "warning"),
    "failed": Word(N_("Kunne ikke sendes"), "error", "error"),
}

SHIFT = {
    "draft": Word(N_("Kladde"), "edit", "none"),
    "published": Word(N_("Udgivet"), "check", "success"),
    "open": Word(N_("Ledig"), "check", "success"),
    "few": Word(N_("Få pladser"), "hourglass", "warning"),
    "full": Word(N_("Fuld – venteliste"), "persons", "none"),
    "closed": Word(N_("Lukket for tilmelding"), "lock", "none"),
    "held": Word(N_("Afholdt"), "check", "none"),
    "cancelled": Word(N_("Aflyst"), "close", "error"),
}

SIGN_UP = {
    "confirmed": Word(N_("Du er med"), "success", "success"),
    "waiting": Word(N_("Du er på ventelisten"), "hourglass", "info"),
    "offered": Word(N_("Tilbud til dig"), "star", "warning"),
    "declined": Word(N_("Du sagde nej tak"), "close", "none"),
    "lapsed": Word(N_("Tilbuddet udløb"), "time", "none"),
    "cancelled": Word(N_("Du meldte afbud"), "close", "none"),
    "released": Word(N_("Du er taget af vagten"), "close", "warning"),
}

ATTENDANCE = {
    "expected": Word(N_("Ventes"), "hourglass", "none"),
    "present": Word(N_("Mødt"), "check", "success"),
    "late": Word(N_("Kom senere"), "time", "warning"),
    "absent": Word(N_("Udeblevet"), "close", "error"),
}

SWAP = {
    "asked": Word(N_("Venter på svar"), "hourglass", "info"),
    "agreed": Word(N_("Byttet"), "sync", "success"),
    "declined": Word(N_("Nej tak"), "close", "none"),
    "lapsed": Word(N_("Ikke aktuelt mere"), "close", "none"),
}

HOURS = {
    "missing": Word(N_("Ikke noteret"), "help", "warning"),
    "proposed": Word(N_("Foreslået"), "hourglass", "none"),
    "reported": Word(N_("Venter på bekræftelse"), "hourglass", "info"),
    "questioned": Word(N_("Spørgsmål til dig"), "chat", "warning"),
    "confirmed": BOOKING["confirmed"],
}

LETTER = {
    "waiting": Word(N_("Venter"), "hourglass", "warning"),
    "requested": Word(N_("Prøves igen nu"), "sync", "info"),
    "failed": Word(N_("Fejlede igen"), "error", "error"),
    "replayed": Word(N_("Anvendt"), "check", "success"),
    "discarded": Word(N_("Kasseret"), "delete", "none"),
}

ROLES = {
    "chair": N_("formand"),
    "signatory": N_("tegningsberettiget"),
    "booker": N_("booker"),
    "member": N_("medlem"),
    "depot_staff": N_("depotmedarbejder"),
    "facility_manager": N_("ansvarlig for lokaler"),
    "volunteer_coordinator": N_("koordinator for frivillige"),
    "administrator": N_("administrator"),
}

# Words of the municipality's own tables. One that is not here is shown as the municipality wrote it.
TABLE_WORDS = (
    *(N_("stk"), N_("spand"), N_("m³"), N_("trailerkursus"), N_("maskinkursus"), N_("Kommunen")),
    *(N_("Borde og bænke"), N_("Telte"), N_("Scene og lyd"), N_("El"), N_("Afspærring"), N_("Renhold"), N_("Pynt")),
    *(N_("Køretøjer"), N_("Grønne områder"), N_("hal"), N_("gymnastiksal"), N_("svømmesal"), N_("sal")),
    *(N_("mødelokale"), N_("udendørs plads"), N_("skolehave"), N_("legeplads")),
    *(N_("kommunens forsikring"), N_("foreningens forsikring"), N_("institutionens forsikring")),
)

KINDS = {
    "booking": BOOKING,
    "handover": HANDOVER,
    "approval": APPROVAL,
    "free": FREE,
    "message": MESSAGE,
    "shift": SHIFT,
    "sign_up": SIGN_UP,
    "attendance": ATTENDANCE,
    "swap": SWAP,
    "hours": HOURS,
    "letter": LETTER,
}


# What the only role of a shift is called where nobody gave it a name: it says nothing that the shift does not.
PLAIN_ROLE = N_("Frivillig")


def word(kind: str, state: str) -> Word:
    return KINDS[kind].get(state, Word(state, "info", "none"))


def options(values: list[str]) -> list[tuple[str, str]]:
    """Choices of a select: each value, and the same in the reader's language."""
    return [(value, gettext(value)) for value in values]


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(options=options, role_word=lambda role: gettext(ROLES.get(role, role)))
    app.jinja_env.globals.update(word=word, field_id=field_id, PLAIN_ROLE=PLAIN_ROLE)
