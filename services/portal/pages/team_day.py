"""Dagens hold: the crews of a day, for the phone in one hand – and on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal import crew as crews
from services.portal import forms
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.team import asked_day, my_scope, team_only

blueprint = Blueprint("team_day", __name__, url_prefix="/hold/dag")

Json = dict[str, Any]


@blueprint.get("")
@team_only
def show() -> Any:
    return _page(_crews())


@blueprint.post("")
@team_only
def act() -> Any:
    found = _crews()
    answer = crews.press(forms.text("do"), found) or crews.Answer()
    if answer.said:
        flash(answer.said, "success")
    if answer.errors or answer.phones:
        return _page(_crews(), answer.errors, answer.phones, 409)
    return redirect(url_for(".show", dag=asked_day("dag"), sted=_place() or None, _anchor=answer.anchor), 303)


def _crews() -> list[Json]:
    query = {"day": asked_day("dag").isoformat(), **my_scope().query}
    return api().volunteers.crews(**query, **({"place": _place()} if _place() else {}))


def _place() -> str:
    return request.args.get("sted", "").strip()


def _page(
    found: list[Json], errors: Errors | None = None, phones: dict[str, str] | None = None, status: int = 200
) -> Any:
    day = asked_day("dag")
    everywhere = api().volunteers.crews(day=day.isoformat(), **my_scope().query) if _place() else found
    text = render_template(
        "team/day.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        crews=found,
        place=_place(),
        places=sorted({one["shift"]["place"] for one in everywhere}),
        by_role=crews.by_role,
        can_attend=crews.can_attend,
        errors=errors or Errors(),
        phones=phones or {},
    )
    return text, crews.status(status) if errors else 200
