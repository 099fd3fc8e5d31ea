"""Aflys: says who will be told, asks for the reason that they get, and only then cancels. Drafts are deleted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.security import own_address
from services.portal.team import team_only
from shared import clock

blueprint = Blueprint("team_cancel", __name__, url_prefix="/hold/aflys")

Json = dict[str, Any]

MOST = 100
CREWS_LOOKED_AT = 20
SCOPES = ("one", "following", "all")


@blueprint.get("")
@team_only
def ask() -> Any:
    shifts = _shifts(request.args.getlist("vagt"))
    if not shifts:
        flash(_("Den er aflyst eller afholdt og kan ikke aflyses mere."), "info")
        return redirect(_back())
    return _page(shifts, Errors())


@blueprint.post("")
@team_only
def cancel() -> Any:
    """One after the other where it must be; what was done before a refusal is done, and not asked for again."""
    shifts = _shifts(request.form.getlist("vagt"))
    drafts = [one for one in shifts if one["state"] == "draft"]
    others = [one for one in shifts if one["state"] != "draft"]
    reason, scope, errors = forms.text("reason"), forms.text("scope"), Errors()
    scope = scope if scope in SCOPES and len(others) == 1 else "one"
    done: Json = {"ids": [], "told": 0}
    if others and not reason:
        errors.add("reason", _("Skriv hvorfor. De tilmeldte får det at læse."))
        return _page(shifts, errors, 422)
    try:
        if others:
            done = api().volunteers.cancel_shifts([one["id"] for one in others], reason, scope)
        for one in drafts:
            api().volunteers.delete_draft(one["id"], one["version"])
    except Problem as problem:
        if problem.status not in (403, 404, 409, 412, 422):
            raise
        return _page(shifts, _errors(problem), problem.status)
    if others:
        flash(ngettext("%(num)d vagt er aflyst.", "%(num)d vagter er aflyst.", len(done["ids"])), "success")
        flash(ngettext("%(num)d person får besked.", "%(num)d personer får besked.", done["told"]), "info")
    if drafts:
        flash(ngettext("%(num)d kladde er slettet.", "%(num)d kladder er slettet.", len(drafts)), "success")
    return redirect(_back(), 303)


def _shifts(ids: list[str]) -> list[Json]:
    """Those that can still be cancelled, the earliest first."""
    if not ids or len(ids) > MOST:
        abort(404 if not ids else 413)
    found = [api().volunteers.shift(one) for one in dict.fromkeys(ids)]
    alive = [one for one in found if one["state"] not in ("cancelled", "held")]
    return sorted(alive, key=lambda one: str(one["starts_at"]))


def _told(shifts: list[Json]) -> tuple[int, bool]:
    """How many different people hear of it. Where that takes too long to find out: how many at the most, and False."""
    wanted = [one for one in shifts if one["taken"] or one["waiting"]]
    if len(wanted) > CREWS_LOOKED_AT:
        return sum(one["taken"] + one["waiting"] for one in wanted), False
    crews = [api().volunteers.crew(one["id"]) for one in wanted]
    rows = [row for crew in crews for row in (*crew["seats"], *crew["waiting"])]
    return len({row[name] for row in rows for name in ("person_id", "signed_up_by") if row.get(name)}), True


def _scopes(shifts: list[Json]) -> list[tuple[str, str]]:
    """The choices for one shift of a series, each with how many shifts it ends; none for all others."""
    if len(shifts) != 1 or not shifts[0]["series_id"] or shifts[0]["state"] == "draft":
        return []
    first = shifts[0]
    rows = [row for row in api().volunteers.plan(series_id=first["series_id"]) if _can_end(row, first["id"])]
    own = next((_begin(row) for row in rows if row["id"] == first["id"]), ("", ""))
    counts = {"one": 1, "following": sum(_begin(row) >= own for row in rows), "all": len(rows)}
    names = {"one": _("Kun denne"), "following": _("Denne og de følgende"), "all": _("Hele serien")}
    return [(scope, f"{names[scope]} ({_number_of(counts[scope])})") for scope in SCOPES]


def _number_of(shifts: int) -> str:
    return ngettext("%(num)d vagt", "%(num)d vagter", shifts)


def _begin(row: Json) -> tuple[str, str]:
    return row["day"], row["starts"]


def _can_end(row: Json, always: str) -> bool:
    return row["id"] == always or (row["state"] in ("published", "closed") and row["day"] >= clock.today().isoformat())


def _errors(problem: Problem) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        errors.add("reason" if reason.get("field") == "reason" else "", reason["text"])
    return errors


def _back() -> str:
    return own_address(request.values.get("tilbage"), "/hold/plan")


def _page(shifts: list[Json], errors: Errors, status: int = 200) -> Any:
    told, is_exact = _told(shifts)
    only_drafts = all(one["state"] == "draft" for one in shifts)
    text = render_template(
        "team/cancel.html",
        shifts=shifts,
        told=told,
        is_exact=is_exact,
        scopes=_scopes(shifts),
        only_drafts=only_drafts,
        back=_back(),
        errors=errors,
    )
    return text, status
