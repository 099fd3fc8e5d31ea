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

blueprint = Blueprint("team_cancel", __name__, url_prefix="/hold/aflys")

Json = dict[str, Any]

MOST = 100


@blueprint.get("")
@team_only
def ask() -> Any:
    return _page(_shifts(request.args.getlist("vagt")), Errors())


@blueprint.post("")
@team_only
def cancel() -> Any:
    """One after the other where it must be; what was done before a refusal is done, and not asked for again."""
    shifts = _shifts(request.form.getlist("vagt"))
    drafts = [one for one in shifts if one["state"] == "draft"]
    others = [one for one in shifts if one["state"] != "draft"]
    reason, errors = forms.text("reason"), Errors()
    if others and not reason:
        errors.add("reason", _("Skriv hvorfor. De tilmeldte får det at læse."))
        return _page(shifts, errors, 422)
    try:
        if others:
            api().volunteers.cancel_shifts([one["id"] for one in others], reason)
        for one in drafts:
            api().volunteers.delete_draft(one["id"], one["version"])
    except Problem as problem:
        if problem.status not in (403, 404, 409, 412, 422):
            raise
        return _page(shifts, _errors(problem), problem.status)
    if others:
        text = ngettext(
            "%(num)d vagt er aflyst. Holdet får besked.", "%(num)d vagter er aflyst. Holdene får besked.", len(others)
        )
        flash(text, "success")
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


def _errors(problem: Problem) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        errors.add("reason" if reason.get("field") == "reason" else "", reason["text"])
    return errors


def _back() -> str:
    return own_address(request.values.get("tilbage"), "/hold/plan")


def _page(shifts: list[Json], errors: Errors, status: int = 200) -> Any:
    told = sum(one["taken"] + one["waiting"] for one in shifts)
    only_drafts = all(one["state"] == "draft" for one in shifts)
    text = render_template(
        "team/cancel.html", shifts=shifts, told=told, only_drafts=only_drafts, back=_back(), errors=errors
    )
    return text, status
