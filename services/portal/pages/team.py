"""Hold og vagter: what comes, where hands are missing, and which hours wait for a yes."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template

from services.portal.clients import api
from services.portal.formats import as_day
from services.portal.team import my_scope, team_only
from shared import clock

blueprint = Blueprint("team", __name__)

Json = dict[str, Any]

SOON = timedelta(days=28)
AS_FAR_AS_ONE_PLANS = timedelta(days=3 * 366)


@blueprint.get("/hold")
@team_only
def show() -> str:
    today, scope = clock.today(), my_scope()
    coming = api().volunteers.shifts(**{"from": today.isoformat(), "days": 7, "page_size": 100, **scope.query})
    furthest = (today + AS_FAR_AS_ONE_PLANS).isoformat()
    drafts = api().volunteers.plan(**{"from": today.isoformat(), "to": furthest, "state": "draft", **scope.query})
    short = [one for one in api().volunteers.understaffed() if scope.organiser_id in ("", one["organiser_id"])]
    unnoted = [one for one in api().volunteers.unnoted() if scope.organiser_id in ("", one["organiser_id"])]
    return render_template(
        "team/overview.html",
        scope=scope,
        days=_by_day(coming["items"]),
        short=[one for one in short if as_day(one["day"]) <= today + SOON],
        short_later=[one for one in short if as_day(one["day"]) > today + SOON],
        unnoted=unnoted,
        seats_unnoted=sum(one["unnoted"] for one in unnoted),
        drafts=drafts,
        draft_days=sorted(as_day(row["day"]) for row in drafts),
        hours=api().volunteers.hours(view="to_confirm", **scope.query)["total"],
    )


def _by_day(shifts: list[Json]) -> list[tuple[str, list[Json]]]:
    """They come in the order of their start."""
    return [(day, list(of_day)) for day, of_day in groupby(shifts, lambda one: as_day(one["starts_at"]).isoformat())]
