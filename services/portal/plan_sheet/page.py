"""The page with the sheet: checked, shown with what stands against it at the cells, and saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import cells, forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.plan_sheet.buttons import new_line
from services.portal.plan_sheet.sheet import Json, Sheet, hidden_errors, line_errors
from services.portal.plan_sheet.words import summary, words
from services.portal.session import me
from services.portal.staff import names_of
from services.portal.team import my_scope
from shared import clock
from shared.actors import VOLUNTEER_COORDINATOR

TO_CORRECT = (400, 409, 412, 422)
WINDOW = ("fra", "til", "omraade", "tilstand", "vagt")
PEOPLE_ELSEWHERE = "people-elsewhere"
OF_THE_MUNICIPALITY = "kommunens forsikring"
A_YEAR = timedelta(days=365)
NOTHING: Json = {"areas": [], "places": []}


def usual() -> Json:
    """What a coordinator's new shift starts with: her own organiser, and herself to ask."""
    scope, who = my_scope(), me()
    return {
        "insurance": _insurance_before(scope.organiser_id) if scope.organiser_id else OF_THE_MUNICIPALITY,
        "organiser": scope.organiser or "Kommunen",
        "organiser_id": scope.organiser_id or None,
        "contact_id": who.id if who else None,
    }


def _insurance_before(organiser_id: str) -> str:
    """As the association stated it on its last shift; it is asked for where there is none."""
    if "insurance_before" not in g:
        first, last = clock.today() - A_YEAR, clock.today() + A_YEAR
        rows = api().volunteers.plan(**{"from": first.isoformat(), "to": last.isoformat()}, organiser_id=organiser_id)
        g.insurance_before = next((row["insurance"] for row in reversed(rows) if row["insurance"]), "")
    return str(g.insurance_before)


def check(sheet: Sheet, notice: str = "", **more: Any) -> Any:
    """Ask what would come of the sheet, and show it. Nothing is saved."""
    more["places"] = known = places()
    sheet.fill_areas({one["name"].casefold(): one["area"] for one in known["places"]})
    for line in sheet.lines:
        line.tidy()
    errors = sheet.errors()
    if not sheet.filled:
        errors.add("rows.0.title", _("Skriv mindst én vagt."))
    if errors:
        errors.extend(_of_the_rest(sheet.without(errors)))
        sheet.fold(errors)
        return show(sheet, errors, status=422, **more)
    try:
        report = api().volunteers.check_plan(sheet.body())
    except Problem as problem:
        if problem.status not in TO_CORRECT:
            raise
        return show(sheet, sheet.errors_of(problem), status=problem.status, **more)
    errors = sheet.problems(report)
    sheet.fold(errors)
    return show(sheet, errors, report, notice=notice, **more)


def _of_the_rest(sheet: Sheet) -> Errors:
    """What stands against the lines that can be read: all is said at once."""
    if not sheet.filled:
        return Errors()
    try:
        return sheet.problems(api().volunteers.check_plan(sheet.body()))
    except Problem as problem:
        if problem.status not in TO_CORRECT:
            raise
        return sheet.errors_of(problem)


def save(sheet: Sheet, key: str, publish: bool) -> Json:
    """The report of what was saved. Raises Problem where it was not."""
    body = {**sheet.body(), "publish": publish}
    return api().volunteers.save_plan(body, key=f"{key}-{sheet.fingerprint}")


def show(sheet: Sheet, errors: Errors, report: Json | None = None, status: int = 200, **more: Any) -> Any:
    if not sheet.lines or not sheet.lines[-1].is_blank:
        sheet.lines.append(new_line(sheet.lines[-1] if sheet.lines else None, usual()))
    filled = sheet.filled
    told = {id(filled[row["index"]]): row for row in report["rows"]} if report else {}
    reports = [told.get(id(line)) for line in sheet.lines]
    page = render_template(
        "team/plan.html",
        **{
            "sheet": sheet,
            "errors": errors,
            "report": report,
            "reports": reports,
            "may_save": report is not None and _is_free(report),
            "names": names_of(_people(report)) if report else {},
            "key": request.form.get("key") or str(uuid4()),
            "requirements": cells.known_requirements(),
            "address": sheet_address(),
            "title": _("Planlæg vagter"),
            "heading": forms.text("heading"),
            "may_import": bool((who := me()) and who.may(VOLUNTEER_COORDINATOR)),
            "templates": api().volunteers.templates(),
            "focus": "",
            "blank": new_line(None, usual()),
            "no_errors": Errors(),
            **words(),
            "summary": summary(errors),
            "anchors": sheet.anchors(errors),
            "hidden_errors": lambda number: hidden_errors(errors, number),
            "line_errors": [line_errors(errors, number, line.is_open) for number, line in enumerate(sheet.lines)],
            **more,
            "places": more.get("places") or places(),
        },
    )
    return page, status


def sheet_address() -> str:
    """The sheet for the days that are looked at."""
    days = {name: request.args[name] for name in WINDOW if name in request.args} if request.blueprint == "plan" else {}
    return f"{url_for('plan.show')}{'?' if days else ''}{urlencode(days)}"


def _is_free(report: Json) -> bool:
    """Nothing stands against it but people who are to be released, and that is for the coordinator to say."""
    return all(problem["slug"] == PEOPLE_ELSEWHERE for row in report["rows"] for problem in row["problems"])


def _people(report: Json) -> set[str | None]:
    return {
        one["person_id"]
        for row in report["rows"]
        for one in (*row["stopped_by"], *row["flagged"], *row.get("losing_offers", []))
    }


def places() -> Json:
    """Known places and areas to choose from; without them one types."""
    try:
        return api().volunteers.places()
    except Problem:
        return NOTHING
