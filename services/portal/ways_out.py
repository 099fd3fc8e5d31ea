"""What helps against a reason: the page of the portal where it can be put right."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Flask

from services.portal.session import me
from shared.errors import N_
from shared.qualifications import QUALIFICATIONS


class Way(NamedTuple):
    path: str
    text: str


TO_PROFILE = N_("Gå til din profil")

WAYS = {
    "age-unknown": Way("/profil#born_on", TO_PROFILE),
    "adult-unknown": Way("/profil#born_on", TO_PROFILE),
    "overlap": Way("/mine-vagter", N_("Se dine vagter")),
    "already-signed-up": Way("/mine-vagter", N_("Se dine vagter")),
    **{f"missing-{slug}": Way("/profil#beviser", TO_PROFILE) for slug in QUALIFICATIONS},
    **{f"expired-{slug}": Way("/profil#beviser", TO_PROFILE) for slug in QUALIFICATIONS},
}


def way_out(reason: dict[str, Any]) -> Way | None:
    """None where nothing on our pages helps."""
    return WAYS.get(reason["slug"])


def association_name(association_id: str) -> str:
    """One of mine, by its id; "" for others."""
    who = me()
    found = who.association(association_id) if who else None
    return str(found["name"]) if found else ""


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(way_out=way_out, association_name=association_name)
