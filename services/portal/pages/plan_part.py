"""One shift of a series, this and later ones, or all: changed together, seen on the sheet before anything is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from services.portal import cells, forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.forms import Errors
from services.portal.plan_sheet import page
from services.portal.plan_sheet.buttons import press
from services.portal.plan_sheet.line import MORE, Line
from services.portal.plan_sheet.sheet import Json, Sheet, line_cell
from services.portal.plan_sheet.words import words
from services.portal.team import team_only

blueprint = Blueprint("plan_part", __name__, url_prefix="/hold/vagter/<uuid:shift_id>/serie")

SCOPES = ("one", "following", "all")
CHANGED_TOGETHER = ("title", "place", "area", "starts", "ends", "roles", *MORE, "organiser_id", "audience_id")


@blueprint.get("")
@team_only
def part_of_series(shift_id: UUID) -> Any:
    return _part_form(_own_line(shift_id), Errors(), "following", "0")


@blueprint.post("")
@team_only
def preview_part(shift_id: UUID) -> Any:
    """Only what was changed is asked for: the other shifts keep their own."""
    now, sheet = _own_line(shift_id), Sheet.typed(request.form)
    typed = sheet.lines[0] if sheet.lines else now
    typed.cells["day"] = now.cells["day"]
    if (focus := press(sheet, forms.text("do"), page.usual())) is not None:
        return _part_form(typed, Errors(), forms.text("scope"), forms.text("days"), focus=focus)
    errors = typed.errors("rows.0")
    days, scope = forms.text("days") or "0", forms.text("scope")
    if not days.removeprefix("-").isdigit() or len(days) > 4:
        errors.add("days", _("Skriv et helt antal dage, fx 1 eller -7."))
    if scope not in SCOPES:
        errors.add("scope", _("Vælg, hvilke vagter det gælder."))
    if errors:
        return _part_form(typed, errors, scope, days, 422)
    try:
        changes = {**_differences(now.body(), typed.body()), **({"days": int(days)} if int(days) else {})}
        rows = api().volunteers.plan_series_rows({"shift_id": str(shift_id), "scope": scope, "changes": changes})
    except Problem as problem:
        if problem.status not in page.TO_CORRECT:
            raise
        return _part_form(typed, _part_errors(problem, typed), scope, days, problem.status)
    return page.check(Sheet.of(rows), heading=_("Ret serien: %(title)s", title=now.cells["title"]))


def _differences(now: Json, wanted: Json) -> Json:
    return {name: wanted[name] for name in CHANGED_TOGETHER if wanted[name] != now[name]}


def _own_line(shift_id: UUID) -> Line:
    shift = api().volunteers.shift(str(shift_id))
    if not shift["series_id"]:
        abort(404)
    on = as_day(shift["starts_at"]).isoformat()
    rows = api().volunteers.plan(**{"from": on, "to": on})
    found = next((row for row in rows if row["id"] == str(shift_id)), None)
    return Line.of(found) if found else abort(404)


def _part_errors(problem: Problem, line: Line) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        head, *rest = (reason.get("field") or "").split(".")
        within = ".".join(["rows.0", *line_cell(line, rest)]) if head == "changes" and rest[:1] != ["days"] else head
        errors.add("days" if rest[:1] == ["days"] else within, reason["text"])
    return errors


def _part_form(line: Line, errors: Errors, scope: str, days: str, status: int = 200, focus: str = "") -> Any:
    text = render_template(
        "team/part.html",
        sheet=Sheet([line]),
        line=line,
        errors=errors,
        scope=scope,
        days=days,
        focus=focus,
        places=page.places(),
        requirements=cells.known_requirements(),
        address=request.path,
        **words(),
    )
    return text, status
