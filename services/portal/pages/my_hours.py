"""Mine timer: what was proposed, reported and confirmed; and a certificate to print."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.forms import Errors
from services.portal.period import day
from services.portal.session import sign_in_needed
from shared import clock

blueprint = Blueprint("my_hours", __name__, url_prefix="/mine-timer")

Json = dict[str, Any]

LONGEST = 24 * 60  # minutes


@blueprint.get("")
@sign_in_needed
def show() -> str:
    return _page(Errors())


def _page(errors: Errors) -> str:
    found = api().volunteers.hours(view="mine")
    return render_template(
        "my_hours/show.html",
        months=_by_month(found),
        errors=errors,
        first_of_year=clock.today().replace(month=1, day=1),
    )


def _by_month(found: Json) -> list[Json]:
    """The latest first, each with its rows."""
    months = sorted(found["months"], key=lambda one: str(one["month"]), reverse=True)
    return [{**one, "rows": [row for row in found["items"] if _month_of(row) == one["month"]]} for one in months]


def _month_of(row: Json) -> str:
    return f"{as_day(row['shift']['starts_at']):%Y-%m}"


@blueprint.post("/<uuid:seat_id>")
@sign_in_needed
def report(seat_id: UUID) -> Any:
    """Correct what was proposed. What was typed stays if it is refused."""
    minutes = _minutes()
    errors = Errors()
    if minutes is None or minutes > LONGEST:
        whole = _("Skriv timer og minutter som hele tal, fx 3 og 30.")
        errors.add(f"{seat_id}.hours", whole if minutes is None else _("Skriv højst 24 timer og 0 minutter."))
        return _page(errors), 422
    try:
        body = {"minutes": minutes, "note": forms.text("note")}
        api().volunteers.report_hours(str(seat_id), body, forms.version())
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        for reason in problem.reasons:
            errors.add(f"{seat_id}.{'note' if reason.get('field') == 'note' else 'hours'}", reason["text"])
        return _page(errors), problem.status
    flash(_("Gemt. Koordinatoren bekræfter dine timer."), "success")
    return redirect(f"/mine-timer#{seat_id}", 303)


def _minutes() -> int | None:
    """From the two fields; None for what is no number of hours and minutes."""
    try:
        hours, minutes = int(request.form.get("hours") or 0), int(request.form.get("minutes") or 0)
    except ValueError:
        return None
    return hours * 60 + minutes if hours >= 0 and 0 <= minutes < 60 else None


@blueprint.get("/bevis")
@sign_in_needed
def certificate() -> Any:
    """A page to print, of the hours between two days."""
    first, last = day(request.args.get("fra")), day(request.args.get("til"))
    today = clock.today()
    first, last = first or date(today.year, 1, 1), last or today
    errors = Errors()
    try:
        found = api().volunteers.certificate(first.isoformat(), last.isoformat())
    except Problem as problem:
        if problem.status != 422:
            raise
        for reason in problem.reasons:
            errors.add({"from": "fra", "to": "til"}.get(reason.get("field") or "", ""), reason["text"])
        found = None
    page = render_template("my_hours/certificate.html", first=first, last=last, found=found, errors=errors)
    return page, 422 if errors else 200
