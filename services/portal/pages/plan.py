"""Planen: the shifts of some days on one sheet – typed, copied, checked, and only then saved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from services.portal import forms, period
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.forms import Errors
from services.portal.plan_sheet import page
from services.portal.plan_sheet.buttons import new_line, press
from services.portal.plan_sheet.line import Line
from services.portal.plan_sheet.sheet import Json, Sheet
from services.portal.team import asked_day, my_scope, team_only
from shared import clock

blueprint = Blueprint("plan", __name__)

A_FORTNIGHT = timedelta(days=13)
TYPED_IN = ("draft", "published", "closed")


@blueprint.get("/hold/plan")
@team_only
def show() -> Any:
    first, last = _days()
    rows = api().volunteers.plan(**_query(first, last))
    wanted = request.args.get("vagt")
    shown = [row for row in rows if wanted in (None, row["id"]) and _is_ahead(row)]
    return page.show(Sheet.of(shown), Errors(), left_out=len(rows) - len(shown) if not wanted else 0, **_window())


def _is_ahead(row: Json) -> bool:
    """Only what has not begun can still be planned."""
    starts = period.moment(period.day(row["day"]), row["starts"][:5])
    return row["state"] in TYPED_IN and starts is not None and starts > clock.now()


@blueprint.post("/hold/plan")
@team_only
def act() -> Any:
    sheet, button = Sheet.typed(request.form), forms.text("do") or "check"
    focus = press(sheet, button, page.usual())
    if focus is not None:
        return page.show(sheet, Errors(), focus=focus, **_window())
    deed = DEEDS.get(button.split(".")[0], _check)
    return deed(sheet)


def _check(sheet: Sheet) -> Any:
    return page.check(sheet, **_window())


def _save(sheet: Sheet, publish: bool = False) -> Any:
    """Only what was checked is saved: who typed on since then sees first what comes of it."""
    if forms.text("checked") != sheet.fingerprint:
        notice = _("Du har rettet noget, siden du så sammenstød. Se det igennem igen, og gem så.")
        return page.check(sheet, notice, **_window())
    try:
        report = page.save(sheet, forms.key(), publish)
    except Problem as problem:
        if problem.status not in page.TO_CORRECT:
            raise
        return _refused(sheet, problem)
    days = sorted(line.day for line in sheet.filled if line.day)
    flash(_said(report["counts"], publish), "success")
    if report["told"]:
        flash(ngettext("%(num)d person får besked.", "%(num)d personer får besked.", report["told"]), "info")
    return redirect(url_for(".show", fra=days[0].isoformat(), til=days[-1].isoformat()), 303)


def _refused(sheet: Sheet, problem: Problem) -> Any:
    """The check says more than the refusal, unless what was refused is no matter of the plan."""
    if problem.slug != "plan-refused":
        return page.show(sheet, sheet.errors_of(problem), status=problem.status, **_window())
    text, _status = page.check(sheet, **_window())
    return text, problem.status


def _publish(sheet: Sheet) -> Any:
    return _save(sheet, publish=True)


def _said(counts: Json, publish: bool) -> str:
    number = counts["added"] + counts["changed"]
    if publish:
        return ngettext("%(num)d vagt er gemt og udgivet.", "%(num)d vagter er gemt og udgivet.", number)
    return ngettext("%(num)d vagt er gemt.", "%(num)d vagter er gemt.", number)


def _end(sheet: Sheet) -> Any:
    """Lead on to the page that cancels – when nothing typed would be lost on the way."""
    errors = Errors()
    if not sheet.chosen:
        errors.add("", _("Sæt kryds ved de vagter, du vil aflyse eller slette."))
    elif (left := sheet.errors()) or _is_changed(sheet):
        errors.extend(left)
        errors.add("", _("Du har rettet noget, der ikke er gemt endnu. Gem det først, og aflys bagefter."))
    if errors:
        return page.show(sheet, errors, status=422, **_window())
    return redirect(url_for("team_cancel.ask", vagt=sheet.chosen, tilbage=page.sheet_address()), 303)


def _is_changed(sheet: Sheet) -> bool:
    counts = api().volunteers.check_plan(sheet.body())["counts"] if sheet.filled else {}
    return any(counts.get(name) for name in ("added", "changed", "refused"))


def _keep_template(sheet: Sheet) -> Any:
    """One line as a template, under the name typed beside its button."""
    number = forms.text("do").removeprefix("template.")
    line = sheet.lines[int(number)] if number.isdigit() and int(number) < len(sheet.lines) else None
    if line is None:
        return _check(sheet)
    path = f"rows.{number}"
    name = forms.text(f"{path}.template") or line.cells["title"]
    errors = line.errors(path, with_day=False)
    if not name:
        errors.add(f"{path}.template", _("Skriv et navn til skabelonen."))
    if not errors:
        try:
            row = {key: value for key, value in line.body().items() if key not in ("id", "version", "day")}
            api().volunteers.keep_template({"name": name, "row": row})
            return page.show(sheet, errors, notice=_("Skabelonen “%(name)s” er gemt.", name=name), **_window())
        except Problem as problem:
            if problem.status not in page.TO_CORRECT:
                raise
            errors.extend(_row_errors(problem, path))
    return page.show(sheet, errors, status=422, **_window())


def _row_errors(problem: Problem, path: str) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        field = (reason.get("field") or "").removeprefix("row").strip(".")
        errors.add(f"{path}.{field or 'template'}", reason["text"])
    return errors


def _fetch(sheet: Sheet) -> Any:
    """One line as it is stored now; what is typed in the others stays."""
    number = forms.text("do").removeprefix("fetch.")
    if number.isdigit() and int(number) < len(sheet.lines) and (shift_id := sheet.lines[int(number)].id):
        on = as_day(api().volunteers.shift(shift_id)["starts_at"]).isoformat()
        rows = api().volunteers.plan(**{"from": on, "to": on})
        sheet.lines[int(number)] = next((Line.of(row) for row in rows if row["id"] == shift_id), Line.blank({}))
    return page.show(sheet, Errors(), focus=f"rows.{number}.title", **_window())


def _from_template(sheet: Sheet) -> Any:
    found = next((one for one in api().volunteers.templates() if one["id"] == forms.text("template")), None)
    if found is None:
        return page.show(sheet, Errors(), **_window())
    above = [line for line in sheet.lines if not line.is_blank]
    made = Line.of({**page.usual(), **found["row"], "day": ""})
    made.cells["day"] = above[-1].cells["day"] if above else new_line(None, {}).cells["day"]
    sheet.lines = [*above, made]
    return page.show(sheet, Errors(), focus=f"rows.{len(above)}.day", **_window())


DEEDS = {
    "save": _save,
    "publish": _publish,
    "end": _end,
    "fetch": _fetch,
    "template": _keep_template,
    "use-template": _from_template,
}


def _days() -> tuple[date, date]:
    """From ?fra= to ?til=; a fortnight from today where they are not given."""
    first = asked_day("fra")
    return first, max(first, asked_day("til", first + A_FORTNIGHT))


def _query(first: date, last: date) -> Json:
    area = request.args.get("omraade", "").strip()
    state = request.args.get("tilstand", "")
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        **my_scope().query,
        **({"area": area} if area else {}),
        **({"state": state} if state in TYPED_IN else {}),
    }


def _window() -> Json:
    first, last = _days()
    return {"first": first, "last": last, "area": request.args.get("omraade", ""), "today": clock.today()}
