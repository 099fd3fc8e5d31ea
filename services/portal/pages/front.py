"""The front page: what one can do here, and what comes next for me."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.pages.bookings import is_ahead
from services.portal.session import me

blueprint = Blueprint("front", __name__)

MOST_LOOKED_AT = 20
NEXT_SHOWN = 3


@blueprint.get("/")
def show() -> str:
    return render_template("front/show.html", coming=_coming(), shifts=_shifts(), doors=_doors())


def _coming() -> list[dict[str, Any]]:
    """The next three; the front page is there also while bookings is away."""
    if not me():
        return []
    try:
        found = api().bookings.list(view="mine", page_size=MOST_LOOKED_AT)["items"]
    except (Problem, SignedOut):
        return []
    return [one for one in found if is_ahead(one)][:NEXT_SHOWN]


def _shifts() -> list[dict[str, Any]]:
    """My next shifts, offers before all; or none while volunteers is away."""
    if not me():
        return []
    try:
        found = api().volunteers.sign_ups("coming")
    except (Problem, SignedOut):
        return []
    return sorted(found, key=lambda one: (one["state"] != "offered", one["shift"]["starts_at"]))[:NEXT_SHOWN]


def _doors() -> list[tuple[str, str, str, str]]:
    return [
        ("/find?slags=material", "telt", _("Lån materiel"), _("Borde, stole, telte, scene, lyd og redskaber.")),
        (
            "/find?slags=facility",
            "hal",
            _("Book lokaler og pladser"),
            _("Haller, sale, mødelokaler og pladsen ved havnen."),
        ),
        ("/vagter", "hjaelp", _("Tag en vagt"), _("Giv en hånd med, når der er brug for dig. Du vælger selv hvornår.")),
    ]
