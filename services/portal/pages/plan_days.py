"""Whole days onto the sheet: copies of a day, a week or last year; or a day's own shifts on another day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from services.portal import cells, forms, period
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import dage, dato
from services.portal.forms import Errors
from services.portal.plan_sheet import page
from services.portal.plan_sheet.sheet import Json, Sheet
from services.portal.team import asked_day, my_scope, team_only
from shared import clock

blueprint = Blueprint("plan_days", __name__, url_prefix="/hold")

SAME_WEEKDAY_NEXT_YEAR = timedelta(days=364)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
LONG_AGO = timedelta(days=56)


@blueprint.get("/kopi")
@team_only
def copy() -> Any:
    first = asked_day("fra")
    last = asked_day("til", first)
    target = period.day(request.args.get("nyt")) or ""
    return _days_form("team/copy.html", Errors(), fra=first, til=last, nyt=target, ways=_ways(first))


@blueprint.post("/kopi")
@team_only
def preview_copy() -> Any:
    first = cells.day(forms.text("fra"))
    last = cells.day(forms.text("til")) if forms.text("til") else first
    target = cells.day(forms.text("nyt")) if forms.text("nyt") else first and last and _proposed(first, last)
    errors = _missing({"fra": first, "til": last, "nyt": target})
    ways = _ways(first or clock.today())
    if errors or not (first and last and target):
        return _days_form("team/copy.html", errors, 422, ways=ways)
    body = {"from": first.isoformat(), "to": last.isoformat(), "target": target.isoformat(), **_filter()}
    try:
        found = api().volunteers.plan_copy(body)
    except Problem as problem:
        return _days_form("team/copy.html", _day_errors(problem), problem.status, ways=ways)
    rows, there = found["rows"], found.get("there", [])
    if not rows:
        return _days_form("team/copy.html", _nothing_to_copy(len(there), target), 422, ways=ways)
    title = _("Kopi af %(days)s", days=dage(first, last))
    return page.check(Sheet.of(rows), heading=title, there=there, alike=found.get("alike", []))


def _nothing_to_copy(number_there: int, target: date) -> Errors:
    errors = Errors()
    if number_there:
        text = ngettext(
            "Vagten findes allerede fra %(day)s. Vælg en anden dag.",
            "Alle %(num)d vagter findes allerede fra %(day)s. Vælg en anden dag.",
            number_there,
            day=dato(target),
        )
        errors.add("nyt", text)
    else:
        errors.add("fra", _("Der er ingen vagter at kopiere i de dage."))
    return errors


def _proposed(first: date, last: date) -> date:
    """Never in the past, and on the same weekday: next year for what is over long ago, else one of the next weeks – or,
    for one day, the day after.
    """
    if first < clock.today() - LONG_AGO:
        return _ahead(first, SAME_WEEKDAY_NEXT_YEAR)
    return _ahead(first, WEEK * ((last - first).days // 7 + 1) if last > first else DAY)


def _ahead(first: date, step: timedelta) -> date:
    """So many whole steps after `first` that it is still to come; one at the least."""
    return first + step * max(1, (clock.today() - first) // step + 1)


def _ways(around: date) -> list[tuple[str, str]]:
    """Three usual copies, as links that fill in the form: address and text."""
    monday = around - timedelta(days=around.weekday())
    then = around - SAME_WEEKDAY_NEXT_YEAR
    last_monday = then - timedelta(days=then.weekday())
    copies = [
        (_("En dag til dagen efter"), around, around, around + DAY),
        (_("En uge til ugen efter"), monday, monday + timedelta(days=6), monday + WEEK),
        (_("Samme uge sidste år til i år"), last_monday, last_monday + timedelta(days=6), monday),
    ]
    return [
        (url_for(".copy", fra=first.isoformat(), til=last.isoformat(), nyt=target.isoformat()), text)
        for text, first, last, target in copies
    ]


@blueprint.get("/flyt")
@team_only
def move() -> Any:
    first = asked_day("fra")
    return _days_form("team/move.html", Errors(), fra=first, nyt=period.day(request.args.get("nyt")) or "")


@blueprint.post("/flyt")
@team_only
def preview_move() -> Any:
    first, target = cells.day(forms.text("fra")), cells.day(forms.text("nyt"))
    errors = _missing({"fra": first, "nyt": target})
    if first and first == target:
        errors.add("nyt", _("Vælg en anden dag end den, vagterne ligger på."))
    if errors or not (first and target):
        return _days_form("team/move.html", errors, 422)
    try:
        rows = api().volunteers.plan_move({"from": first.isoformat(), "to": target.isoformat(), **_filter()})
    except Problem as problem:
        return _days_form("team/move.html", _day_errors(problem), problem.status)
    if not rows:
        errors.add("fra", _("Der er ingen vagter at flytte den dag."))
        return _days_form("team/move.html", errors, 422)
    return page.check(Sheet.of(rows), heading=_("Flyt %(day)s", day=dage(first, first)))


def _missing(days: dict[str, date | None]) -> Errors:
    errors = Errors()
    for name, found in days.items():
        if not found:
            errors.add(name, _("Vælg en dato."))
    return errors


def _day_errors(problem: Problem) -> Errors:
    """The service's reasons at our fields; what is no matter of the form goes on to its page."""
    if problem.status not in page.TO_CORRECT:
        raise problem
    names = {"from": "fra", "to": "nyt" if request.path.endswith("flyt") else "til", "target": "nyt", "area": "omraade"}
    errors = Errors()
    for reason in problem.reasons:
        errors.add(names.get(reason.get("field") or "", ""), reason["text"])
    return errors


def _filter() -> Json:
    area, place = forms.text("omraade"), forms.text("sted")
    return {**my_scope().query, **({"area": area} if area else {}), **({"place": place} if place else {})}


def _days_form(template: str, errors: Errors, status: int = 200, **more: Any) -> Any:
    typed = {name: request.form.get(name) for name in ("fra", "til", "nyt") if name in request.form}
    return render_template(template, errors=errors, places=page.places(), **{**more, **typed}), status
