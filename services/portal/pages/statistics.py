"""Statistik: how full shifts were, who stayed away, who came back, and the hours – each a plot and its table."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any

from flask import Blueprint, render_template

from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.team import asked_day, team_only
from shared import clock

blueprint = Blueprint("statistics", __name__, url_prefix="/hold/statistik")

Json = dict[str, Any]


@blueprint.get("")
@team_only
def show() -> Any:
    """A year, unless other days are asked for."""
    today = clock.today()
    first = asked_day("fra", date(today.year - 1, today.month, 1))
    last = asked_day("til", today)
    errors, found = Errors(), None
    try:
        found = api().volunteers.statistics(first.isoformat(), last.isoformat())
    except Problem as problem:
        if problem.status != 422:
            raise
        for reason in problem.reasons:
            errors.add({"from": "fra", "to": "til"}.get(reason.get("field") or "", ""), reason["text"])
    text = render_template(
        "team/statistics.html", first=first, last=last, found=found, errors=errors, axis_top=axis_top
    )
    return text, 422 if errors else 200


def axis_top(values: list[float | None], least: int = 4) -> int:
    """A round number above all values that four steps divide."""
    highest = max([least, *(value for value in values if value is not None)])
    step = 10 ** max(0, len(str(ceil(highest))) - 2) * 4
    return ceil(highest / step) * step
