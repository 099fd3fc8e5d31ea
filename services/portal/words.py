"""The words for states: one tag each, icon and text, the same on every page."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

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

ROLES = {
    "chair": N_("formand"),
    "signatory": N_("tegningsberettiget"),
    "booker": N_("booker"),
    "depot_staff": N_("depotmedarbejder"),
    "facility_manager": N_("ansvarlig for lokaler"),
    "volunteer_coordinator": N_("koordinator for frivillige"),
    "administrator": N_("administrator"),
}

HISTORY = {
    "requested": N_("Bookingen blev sendt."),
    "approved": N_("Bookingen blev bekræftet."),
    "line-approved": N_("{name} blev godkendt."),
    "line-refused": N_("{name} blev afvist."),
    "refused": N_("Bookingen blev afvist."),
    "cancelled": N_("Bookingen blev aflyst."),
    "reduced": N_("{name}: antallet blev sat ned til {quantity}."),
    "dropped": N_("{name} blev taget ud."),
    "handed-out": N_("Depotet udleverede: {summary}"),
    "returned": N_("Depotet tog imod: {summary}"),
    "at-risk": N_("Bookingen er i fare: der er ikke nok længere."),
    "secured": N_("Der er nok igen. Bookingen er ikke længere i fare."),
    "overdue": N_("Tiden for aflevering er gået, og ikke alt er kommet tilbage."),
}

KINDS = {"booking": BOOKING, "handover": HANDOVER, "free": FREE, "message": MESSAGE}


def word(kind: str, state: str) -> Word:
    return KINDS[kind].get(state, Word(state, "info", "none"))


def happened(event: dict[str, Any]) -> str:
    """One event of a booking's history as a sentence; what it names and does not know is left out."""
    text = HISTORY.get(event["what"])
    params = defaultdict(str, event.get("params") or {})
    return gettext(text).format_map(params).strip() if text else str(event["what"])


def options(values: list[str]) -> list[tuple[str, str]]:
    """Choices of a select: each value, and the same in the reader's language."""
    return [(value, gettext(value)) for value in values]


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(options=options, role_word=lambda role: gettext(ROLES.get(role, role)))
    app.jinja_env.globals.update(word=word, happened=happened, field_id=field_id)
