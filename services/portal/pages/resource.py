"""One thing or place: facts, rules in words, a month's availability, and into the basket."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import basket as kept
from services.portal.answers import Problem
from services.portal.basket import MOST_LINES, MOST_OF_ONE, Line, basket
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.period import day, moment, take_days
from shared import clock

blueprint = Blueprint("resource", __name__, url_prefix="/ting")


@blueprint.get("/<uuid:resource_id>")
def show(resource_id: UUID) -> str:
    return _page(str(resource_id), take_days(request.args))


@blueprint.post("/<uuid:resource_id>")
def put(resource_id: UUID) -> Any:
    """Into the basket. What can be had is said there, line by line."""
    resource = api().bookings.resource(str(resource_id))
    errors = take_days(request.form)
    line = _line(resource, errors)
    if line and not errors and not basket().put(line):
        errors.add(
            "", _("Kurven er fuld: den kan have %(most)d linjer. Send den, og begynd på en ny.", most=MOST_LINES)
        )
    if errors or not line:
        return _page(str(resource_id), errors), 422
    kept.keep()
    flash(_("%(name)s ligger i kurven.", name=resource["name"]), "success")
    return redirect(url_for("basket.show"))


def _line(resource: dict[str, Any], errors: Errors) -> Line | None:
    if resource["kind"] == "facility":
        return _facility_line(resource, errors)
    if not basket().days:
        errors.add("fra", _("Vælg de dage, du skal bruge det."))
    quantity = request.form.get("antal", 0, type=int)
    if quantity < 1:
        errors.add("antal", _("Skriv, hvor mange du skal bruge: 1 eller flere."))
    return Line(resource["id"], min(quantity, MOST_OF_ONE), resource.get("depot_id") or "")


def _facility_line(resource: dict[str, Any], errors: Errors) -> Line | None:
    on = day(request.form.get("dag"))
    starts, ends = (moment(on, request.form.get(name, "")) for name in ("start", "slut"))
    for name, found in (("dag", on), ("start", starts or not on), ("slut", ends or not on)):
        if not found:
            errors.add(name, _("Vælg dag.") if name == "dag" else _("Skriv klokkeslæt, fx 17.30."))
    if starts and ends and ends <= starts:
        errors.add("slut", _("Sluttiden skal ligge efter starttiden."))
    if errors or not on:
        return None
    chosen = basket()
    if not chosen.days:
        chosen.set_days(on, on)
    return Line(resource["id"], starts_at=starts, ends_at=ends)


def _page(resource_id: str, errors: Errors) -> str:
    bookings = api().bookings
    month = _month()
    resource = bookings.resource(resource_id)
    return render_template(
        "resource/show.html",
        errors=errors,
        resource=resource,
        now=_in_period(resource),
        facts=_facts(resource_id),
        weeks=_weeks(bookings.calendar(resource_id, f"{month:%Y-%m}")),
        month=month,
        months=((month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)),
    )


def _in_period(resource: dict[str, Any]) -> dict[str, Any] | None:
    """What a search for it says of the chosen days: how many are free, and the loan that it makes."""
    days = basket().days
    if not days:
        return None
    first, last = (day.isoformat() for day in days)
    try:
        found = api().bookings.search(**{"q": resource["name"], "from": first, "to": last, "page_size": 50})
    except Problem:
        return None
    return next((item for item in found["items"] if item["id"] == resource["id"]), None)


def _facts(resource_id: str) -> dict[str, Any]:
    """What inventory knows beyond what is needed for booking; the page does without if it is away."""
    try:
        return api().inventory.resource(resource_id)
    except Problem:
        return {}


def _month() -> date:
    chosen = day(request.args.get("maaned", "") + "-01") or basket().first or clock.today()
    return chosen.replace(day=1)


def _weeks(days: dict[str, Any]) -> list[list[dict[str, Any] | None]]:
    """The month's days in weeks from Monday; None where a week belongs to another month."""
    known = {one["date"]: one for one in days["days"]}
    if not known:
        abort(404)
    year, month = map(int, days["month"].split("-"))
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return [[known.get(one.isoformat()) for one in week] for week in weeks]
