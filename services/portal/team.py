"""What the coordinators' pages share: who may see them, whose shifts they are about, and names of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from flask import abort, request

from services.portal import period
from services.portal.session import acting_for, me, sign_in_needed
from services.portal.staff import names_of
from shared import clock
from shared.actors import BOOKER, CHAIR, VOLUNTEER_COORDINATOR

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]


class Scope(NamedTuple):
    """Whose shifts: of one association, or (without an id) all that the services let the person see."""

    organiser_id: str
    organiser: str

    @property
    def query(self) -> dict[str, str]:
        return {"organiser_id": self.organiser_id} if self.organiser_id else {}


def team_only(view: View) -> View:
    """A page for those who plan shifts. The services decide what may be seen; this only spares others an empty page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not may_plan():
            abort(403)
        return view(*args, **kwargs)

    return sign_in_needed(guarded)  # type: ignore[return-value]


def may_plan() -> bool:
    who = me()
    return bool(who and (who.may(VOLUNTEER_COORDINATOR) or any(_plans_for(one) for one in who.associations)))


def plans_now() -> bool:
    """For the menu: as a coordinator of the municipality, or right now for an association that she plans for."""
    who = me()
    return bool(who and (who.may(VOLUNTEER_COORDINATOR) or _plans_for(acting_for())))


def _plans_for(association: Json | None) -> bool:
    return bool(association and {CHAIR, BOOKER} & set(association.get("roles", [])))


def my_scope() -> Scope:
    """The association that she acts for; else all, or for who has no such role the association that she plans for."""
    who, association = me(), acting_for()
    if not _plans_for(association) and who and not who.may(VOLUNTEER_COORDINATOR):
        association = next((one for one in who.associations if _plans_for(one)), None)
    if association and _plans_for(association):
        return Scope(association["id"], association["name"])
    return Scope("", "")


def names_in(things: Iterable[Json]) -> dict[str, str]:
    """Names by person id: those that came with the answer, and for the rest those that accounts tells."""
    found = {one["person_id"]: one["name"] for one in things if one.get("person_id") and one.get("name")}
    missing = {one["person_id"] for one in things if one.get("person_id")} - found.keys()
    return {**names_of(missing), **found}


def asked_day(name: str, otherwise: date | None = None) -> date:
    """The day in the address, else today (or `otherwise`)."""
    return period.day(request.args.get(name)) or otherwise or clock.today()


def asked_month() -> str:
    """2027-08, from the address; else this month."""
    found = period.day(f"{request.args.get('maaned', '')}-01")
    return f"{found or clock.today():%Y-%m}"
