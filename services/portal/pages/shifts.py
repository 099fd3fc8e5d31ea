"""Vagter: which there are, day by day, which one may take and why not the others; and one tap to take one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from services.portal import forms, login
from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.forms import Errors
from services.portal.login import current_login
from services.portal.period import day
from services.portal.session import acting_for
from services.portal.staff import names_of
from shared import clock

blueprint = Blueprint("shifts", __name__, url_prefix="/vagter")

Json = dict[str, Any]

DAYS = 14
AT_FIELDS = ("places", "child_age")
PAGE_SIZE = 50
# Our words in the address, the service's in the call.
FILTERS = {
    "omraade": "area",
    "tid": "when",
    "opgave": "role",
    "laengde": "length",
    "sag": "cause_id",
    "arrangoer": "organiser",
    "vis": "only",
}


@blueprint.get("")
def show() -> str:
    session["shifts_seen"] = request.full_path.rstrip("?")
    asked = day(request.args.get("fra"))
    first = max(asked or clock.today(), clock.today())
    found = _find(first)
    if not asked and not found["total"] and found.get("next_day"):
        first = as_day(found["next_day"])
        found = _find(first)
    mine_too = [one for one in found["items"] if one["may"] or one["mine"]]
    return render_template(
        "shifts/list.html",
        found=found,
        first=first,
        last=first + timedelta(days=DAYS - 1),
        days=by_day(mine_too),
        others=[one for one in found["items"] if one not in mine_too],
        chosen={name: request.args.get(name, "") for name in FILTERS},
        causes=[(one["id"], one["name"]) for one in found["facets"]["causes"]],
        feed=_feed(found["facets"]),
        page_address=lambda page: address(side=page),
        address=address,
    )


def _find(first: date) -> Json:
    query = {ours: request.args[name] for name, ours in FILTERS.items() if request.args.get(name)}
    page = request.args.get("side", 1, type=int)
    found: Json = api().volunteers.shifts(
        **query, **{"from": first.isoformat(), "days": DAYS, "page": page, "page_size": PAGE_SIZE}
    )
    return found


def address(**changes: Any) -> str:
    """This list with other choices."""
    given = {name: value for name, value in request.args.items() if name != "side"} | changes
    query = urlencode({name: str(value) for name, value in given.items() if value})
    return "/vagter" + (f"?{query}" if query else "")


def by_day(shifts: list[Json]) -> list[tuple[date, list[Json]]]:
    return [(on, list(those)) for on, those in groupby(shifts, key=lambda one: as_day(one["starts_at"]))]


def _feed(facets: Json) -> Json | None:
    """The calendar that the choices make: of one cause, organiser or area."""
    cause = next((one for one in facets["causes"] if one["id"] == request.args.get("sag")), None)
    if cause:
        return {"kind": "cause", "subject": cause["id"], "name": cause["name"]}
    for name, kind in (("arrangoer", "organiser"), ("omraade", "area")):
        if chosen := request.args.get(name):
            return {"kind": kind, "subject": chosen, "name": chosen}
    return None


@blueprint.get("/<uuid:shift_id>")
def one(shift_id: UUID) -> str:
    return _page(api().volunteers.shift(str(shift_id)), Errors())


def _page(shift: Json, errors: Errors, reasons: list[Json] | None = None) -> str:
    return render_template(
        "shifts/show.html",
        shift=shift,
        errors=errors,
        refused=reasons or [],
        chosen_role=request.values.get("rolle") or request.form.get("role_id", ""),
        contact=names_of([shift["contact_id"]]).get(shift["contact_id"] or "") if current_login() else "",
        group=group(),
        for_group=_for_group(),
    )


def group() -> Json | None:
    """The association for which places can be taken now."""
    chosen = acting_for()
    return chosen if chosen and set(chosen["roles"]) & {"chair", "booker"} else None


@blueprint.post("/<uuid:shift_id>/tilmeld")
def take(shift_id: UUID) -> Any:
    """Take a place, or a place in line. Who is not logged in does that first, and then has one tap left."""
    try:
        if current_login() is None:
            raise SignedOut
        made = api().volunteers.sign_up(str(shift_id), _wish(), forms.key(), for_group=_for_group())
    except SignedOut:
        login.sign_out()
        flash(_("Log ind, så er du der næsten. Du kommer tilbage til vagten."), "info")
        back = url_for(".one", shift_id=shift_id, rolle=forms.text("role_id"))
        return redirect(url_for("sign_in.form", next=back))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return _refused(str(shift_id), problem)
    return redirect(url_for("my_shifts.show", sign_up_id=made["id"], ny="ja"), 303)


def _for_group() -> bool:
    return "places" in request.form


def _wish() -> Json:
    """A place is asked for, not one in line, unless the button said so: nobody waits by surprise."""
    wish: Json = {"role_id": forms.text("role_id"), "accept_waiting": request.form.get("do") == "wait"}
    if request.form.get("with_child"):
        wish |= {"with_child": True, "child_age": request.form.get("child_age", type=int)}
    if _for_group():
        wish["places"] = request.form.get("places", 0, type=int)
    return wish


def _refused(shift_id: str, problem: Problem) -> Any:
    """The shift as it is now, with all reasons. Those of a field stand at the field too."""
    errors = Errors()
    for reason in problem.reasons:
        if reason.get("field") in AT_FIELDS:
            errors.add(reason["field"], reason["text"])
    return _page(api().volunteers.shift(shift_id), errors, problem.reasons), problem.status
