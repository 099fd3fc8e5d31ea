"""Hold og vagter: what comes, where hands are missing, and which hours wait for a yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template

from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.team import my_scope, team_only
from shared import clock

blueprint = Blueprint("team", __name__)

Json = dict[str, Any]

A_WEEK = timedelta(days=6)
A_YEAR = timedelta(days=365)
MOST_DRAFTS = 500


@blueprint.get("/hold")
@team_only
def show() -> str:
    today, scope = clock.today(), my_scope()
    coming = api().volunteers.plan(**{"from": today.isoformat(), "to": (today + A_WEEK).isoformat(), **scope.query})
    drafts = api().volunteers.plan(
        **{"from": today.isoformat(), "to": (today + A_YEAR).isoformat(), "state": "draft", **scope.query}
    )
    waiting = api().volunteers.hours(view="to_confirm", **scope.query)
    return render_template(
        "team/overview.html",
        scope=scope,
        days=_by_day([row for row in coming if row["state"] in ("published", "closed", "held")]),
        short=[one for one in api().volunteers.understaffed() if _is_mine(one, scope.organiser_id)],
        drafts=drafts,
        draft_days=sorted(as_day(row["day"]) for row in drafts),
        hours=waiting["total"],
    )


def _is_mine(shift: Json, organiser_id: str) -> bool:
    return not organiser_id or shift.get("organiser_id") == organiser_id


def _by_day(rows: list[Json]) -> list[tuple[str, list[Json]]]:
    days: dict[str, list[Json]] = {}
    for row in sorted(rows, key=lambda one: (one["day"], one["starts"])):
        days.setdefault(row["day"], []).append(row)
    return list(days.items())
