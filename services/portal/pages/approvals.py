"""Godkendelser: everything needed to decide on one page – who, what, when, why, and what else is on that week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import as_day, instant
from services.portal.forms import Errors
from services.portal.staff import names_of, staff_only
from shared import clock
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER

blueprint = Blueprint("approvals", __name__, url_prefix="/godkendelser")

Json = dict[str, Any]
Period = tuple[datetime, datetime]

managers = staff_only(FACILITY_MANAGER, DEPOT_STAFF)


@blueprint.get("")
@managers
def waiting() -> str:
    found = api().bookings.approvals()["approvals"]
    names = names_of(booking["person_id"] for booking in found)
    passed = {booking["id"] for booking in found if _has_passed(booking)}
    return render_template("approvals/waiting.html", bookings=found, names=names, passed=passed)


@blueprint.get("/<uuid:booking_id>")
@managers
def show(booking_id: UUID) -> Any:
    return _page(str(booking_id), Errors())


@blueprint.post("/<uuid:booking_id>")
@managers
def decide(booking_id: UUID) -> Any:
    decision = "refuse" if request.form.get("do") == "refuse" else "approve"
    body = {"decision": decision, "line_ids": request.form.getlist("line_ids")}
    if not body["line_ids"]:
        errors = Errors()
        errors.add("line_ids", _("Vælg mindst én linje, du vil afgøre."))
        return _page(str(booking_id), errors, 422)
    if reason := forms.text("reason"):
        body["reason"] = reason
    try:
        booking = api().bookings.decide(str(booking_id), body, forms.version())
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        return _page(str(booking_id), Errors.of(problem), problem.status)
    who = booking["association_name"] or _("låneren")
    said = _("Afvist. %(who)s får besked med din begrundelse.", who=who)
    flash(_("Godkendt. %(who)s får besked.", who=who) if decision == "approve" else said, "success")
    return redirect(url_for(".waiting"), 303)


def _page(booking_id: str, errors: Errors, status: int = 200) -> Any:
    """What waits, as it is now; after a "no" with all that was typed. Decided by a colleague meanwhile: said so."""
    bookings = api().bookings
    found = next((one for one in bookings.approvals()["approvals"] if one["id"] == booking_id), None)
    booking = found or {**bookings.get(booking_id), "decidable_line_ids": []}
    mine = [line for line in booking["lines"] if line["id"] in booking["decidable_line_ids"]]
    page = render_template(
        "approvals/decide.html",
        booking=booking,
        passed=_has_passed(booking),
        mine=mine,
        others=[line for line in booking["lines"] if line not in mine],
        weeks=[(line, list(_week(line))) for line in mine],
        chosen=request.form.getlist("line_ids") if request.method == "POST" else [line["id"] for line in mine],
        errors=errors,
        names=names_of([booking["person_id"], *(line.get("decided_by") for line in booking["lines"])]),
    )
    return page, status


def _has_passed(booking: Json) -> bool:
    """The time of something that still waits for a decision has begun."""
    lines = [line for line in booking["lines"] if line["id"] in booking["decidable_line_ids"]]
    return any(instant(line["starts_at"]) <= clock.now() for line in lines)


def _week(line: Json) -> Iterator[Json]:
    """The seven days around the line's start, as bookings' calendar has them, without this line itself."""
    monday = as_day(line["starts_at"])
    monday -= timedelta(days=monday.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    known = {
        day["date"]: day
        for month in sorted({f"{day:%Y-%m}" for day in days})
        for day in api().bookings.calendar(line["resource_id"], month)["days"]
    }
    own = (instant(line["starts_at"]), instant(line["ends_at"]))
    for day in days:
        if found := known.get(day.isoformat()):
            taken = [(instant(one["starts_at"]), instant(one["ends_at"])) for one in found["taken"]]
            hours = [_hours(period) for period in _without(own, taken)]
            yield {**found, "taken": hours, "here": _hours(own) if _covers(own, day) else ""}


def _without(own: Period, taken: list[Period]) -> Iterator[Period]:
    """The calendar joins what touches, so this line's own hours are cut out of a longer stretch."""
    for starts, ends in taken:
        for part in ((starts, min(ends, own[0])), (max(starts, own[1]), ends)):
            if part[0] < part[1]:
                yield part


def _hours(period: Period) -> str:
    return f"{period[0]:%H.%M}–{period[1]:%H.%M}"


def _covers(period: Period, day: date) -> bool:
    return period[0].date() <= day <= (period[1] - timedelta(microseconds=1)).date()
