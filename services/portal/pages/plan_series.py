"""A series: from a rule to shifts on the sheet, each skipped day with its reason. And the templates to start from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import cells, forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.plan_sheet import page
from services.portal.plan_sheet.buttons import press
from services.portal.plan_sheet.line import Line
from services.portal.plan_sheet.sheet import Json, Sheet, line_cell
from services.portal.plan_sheet.words import words
from services.portal.team import team_only

blueprint = Blueprint("plan_series", __name__, url_prefix="/hold")


@blueprint.get("/serie")
@team_only
def series() -> Any:
    """A blank form, or one filled in from a template."""
    wanted = request.args.get("skabelon")
    found = next((one for one in api().volunteers.templates() if one["id"] == wanted), None) if wanted else None
    line = Line.of({**page.usual(), **found["row"], "day": ""}) if found else Line.blank(page.usual())
    return _series_form(Sheet([line]), Errors(), {})


@blueprint.post("/serie")
@team_only
def preview_series() -> Any:
    sheet = Sheet.typed(request.form)
    sheet.lines = sheet.lines[:1] or [Line.blank(page.usual())]
    if (focus := press(sheet, forms.text("do"), page.usual())) is not None:
        return _series_form(sheet, Errors(), _typed_rule(), focus=focus)
    rule = _typed_rule()
    errors = sheet.lines[0].errors("rows.0", with_day=False)
    errors.extend(_rule_errors(rule))
    if errors:
        return _series_form(sheet, errors, rule, 422)
    row = {name: value for name, value in sheet.lines[0].body().items() if name not in ("id", "version", "day")}
    try:
        made = api().volunteers.plan_series({"row": row, "series": rule})
    except Problem as problem:
        if problem.status not in page.TO_CORRECT:
            raise
        return _series_form(sheet, _series_errors(problem, sheet.lines[0]), rule, problem.status)
    if not made["rows"]:
        errors.add("series.weekdays", _("Ingen dage passer. Vælg flere ugedage, eller lad serien gælde i ferier."))
        return _series_form(sheet, errors, rule, 422)
    title = _("Ny serie: %(title)s", title=sheet.lines[0].cells["title"])
    return page.check(Sheet.of(made["rows"], rule), heading=title, skipped=made["skipped"])


def _typed_rule() -> Json:
    return {
        "weekdays": sorted(
            int(one) for one in request.form.getlist("series.weekdays") if one.isdigit() and int(one) < 7
        ),
        "every_weeks": request.form.get("series.every_weeks", 1, type=int),
        "first_day": _iso(forms.text("series.first_day")),
        "last_day": _iso(forms.text("series.last_day")),
        "in_school_holidays": forms.text("series.in_school_holidays") or "also",
        "on_public_holidays": "series.on_public_holidays" in request.form,
    }


def _iso(text: str) -> str:
    found = cells.day(text) if text else None
    return found.isoformat() if found else ""


def _rule_errors(rule: Json) -> Errors:
    errors = Errors()
    if not rule["weekdays"]:
        errors.add("series.weekdays", _("Vælg mindst én ugedag."))
    for name in ("first_day", "last_day"):
        if not rule[name]:
            errors.add(f"series.{name}", _("Vælg en dato."))
    if rule["last_day"] and rule["last_day"] < rule["first_day"]:
        errors.add("series.last_day", _("Sidste dag ligger før den første. Ret en af dem."))
    return errors


def _series_errors(problem: Problem, line: Line) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        head, *rest = (reason.get("field") or "").split(".")
        if head == "row":
            errors.add(".".join(["rows.0", *line_cell(line, rest)]), reason["text"])
        else:
            errors.add(".".join([head, *rest]), reason["text"])
    return errors


def _series_form(sheet: Sheet, errors: Errors, rule: Json, status: int = 200, focus: str = "") -> Any:
    text = render_template(
        "team/series.html",
        sheet=sheet,
        line=sheet.lines[0],
        errors=errors,
        rule=rule,
        focus=focus,
        places=page.places(),
        requirements=cells.known_requirements(),
        templates=api().volunteers.templates(),
        address=url_for(".series"),
        **words(),
    )
    return text, status


@blueprint.get("/skabeloner")
@team_only
def templates() -> Any:
    return render_template("team/templates.html", templates=api().volunteers.templates())


@blueprint.post("/skabeloner/<uuid:template_id>/slet")
@team_only
def drop_template(template_id: UUID) -> Any:
    api().volunteers.drop_template(str(template_id))
    flash(_("Skabelonen er slettet."), "success")
    return redirect(url_for(".templates"), 303)
