"""Timer: what the volunteers gave, to confirm or to ask about; and the month as a table for a spreadsheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from services.portal import forms, spreadsheet
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.team import asked_month, my_scope, team_only

blueprint = Blueprint("team_hours", __name__, url_prefix="/hold/timer")

Json = dict[str, Any]

MOST_AT_ONCE = 200
OPEN = ("proposed", "reported")


@blueprint.get("")
@team_only
def show() -> Any:
    return _page(Errors())


@blueprint.post("")
@team_only
def confirm() -> Any:
    """Each seat comes with the version that was seen: hours that changed since are looked at again."""
    chosen = [one.partition(" ") for one in request.form.getlist("hours")][:MOST_AT_ONCE]
    if not chosen:
        errors = Errors()
        errors.add("hours", _("Sæt kryds ved de timer, du vil bekræfte."))
        return _page(errors, 422)
    versions = [int(version) if version.isdigit() else 0 for _seat, _space, version in chosen]
    try:
        done = api().volunteers.confirm_hours([seat_id for seat_id, _space, _version in chosen], versions)
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        errors = Errors()
        for reason in problem.reasons:
            errors.add("hours", reason["text"])
        return _page(errors, problem.status)
    flash(ngettext("%(num)d er bekræftet.", "%(num)d er bekræftet.", done["confirmed"]), "success")
    return redirect(_address(), 303)


@blueprint.post("/<uuid:seat_id>")
@team_only
def ask(seat_id: UUID) -> Any:
    text = forms.text("text")
    errors = Errors()
    if not text:
        errors.add(f"{seat_id}.text", _("Skriv, hvad du vil spørge om."))
        return _page(errors, 422)
    try:
        api().volunteers.question_hours(str(seat_id), text, forms.version())
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        for reason in problem.reasons:
            errors.add(f"{seat_id}.text", reason["text"])
        return _page(errors, problem.status)
    flash(_("Spørgsmålet er sendt. Timerne venter på svar."), "success")
    return redirect(_address(), 303)


@blueprint.get("/eksport.csv")
@team_only
def export() -> Response:
    month = asked_month()
    rows = [
        (
            one["name"],
            _person(one["person_id"]),
            one["month"],
            one["area"],
            one["organiser"],
            one["shifts"],
            one["minutes"] / 60,
        )
        for one in api().volunteers.export_hours(month)
    ]
    heading = (_("Navn"), _("Person-id"), _("Måned"), _("Område"), _("Arrangør"), _("Vagter"), _("Timer"))
    return spreadsheet.download(f"timer-{month}.csv", spreadsheet.table(heading, sorted(rows)))


def _person(person_id: str) -> str:
    """Tells two of one name apart, the same every month. The letter keeps a spreadsheet from reading 12E45678."""
    return f"P{person_id[-8:].upper()}"


def _view() -> str:
    return "all" if request.values.get("vis") == "alle" else "to_confirm"


def _address() -> str:
    month = request.values.get("maaned")
    return url_for(".show", vis="alle" if _view() == "all" else None, maaned=month)


def _page(errors: Errors, status: int = 200) -> Any:
    """What waits is shown whatever its month; all hours by month."""
    view = _view()
    query = {"view": view, **my_scope().query, **({"month": asked_month()} if view == "all" else {})}
    found = api().volunteers.hours(**query)
    month = date.fromisoformat(f"{asked_month()}-01")
    text = render_template(
        "team/hours.html",
        found=found,
        rows=found["items"],
        open=[row for row in found["items"] if row["state"] in OPEN],
        view=view,
        month=month,
        before=month - timedelta(days=1),
        after=(month + timedelta(days=32)).replace(day=1),
        chosen=request.form.getlist("hours") if request.method == "POST" and "text" not in request.form else None,
        errors=errors,
    )
    return text, status
