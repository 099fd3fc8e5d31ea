"""Depotet i dag: what is fetched, what comes back, and what is late, by time; and any handover by its number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.portal.clients import api
from services.portal.staff import chosen_depot, my_depots, names_of, staff_only
from shared import clock
from shared.actors import DEPOT_STAFF

blueprint = Blueprint("depot", __name__, url_prefix="/depot")

Json = dict[str, Any]

VIEWS = ("fetch", "return", "overdue")


@blueprint.get("")
@staff_only(DEPOT_STAFF)
def today() -> Any:
    depots = my_depots()
    depot = chosen_depot(depots)
    words = request.args.get("q", "").strip()[:100]
    if depot and words:
        return _search(words, depots, depot)
    day = _day()
    views = {view: _on_day(depot, day, view) for view in VIEWS} if depot else {}
    return render_template(
        "depot/today.html",
        depots=depots,
        depot=depot,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        views=views,
        names=_names(*views.values()),
    )


def _search(words: str, depots: list[Json], depot: Json) -> Any:
    """On whatever day, at all depots of hers. A number that was scanned leads straight to its handover."""
    found = api().inventory.handovers(q=words)
    if len(found) == 1 and found[0]["number"] == words:
        return redirect(url_for("handovers.show", handover_id=found[0]["id"]))
    return render_template(
        "depot/found.html", depots=depots, depot=depot, words=words, day=clock.today(), found=found, names=_names(found)
    )


def _on_day(depot: Json, day: date, view: str) -> list[Json]:
    return api().inventory.handovers(depot_id=depot["id"], date=day.isoformat(), view=view)


def _day() -> date:
    day = request.args.get("dato", clock.today(), type=date.fromisoformat)
    return day if 2000 <= day.year < 2100 else clock.today()


def _names(*lists: list[Json]) -> dict[str, str]:
    return names_of(one["person_id"] for rows in lists for one in rows if not one["association_id"])
