"""Depotet i dag: what is fetched, what comes back, and what is late, by time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from services.portal.clients import api
from services.portal.staff import chosen_depot, my_depots, names_of, staff_only
from shared import clock
from shared.actors import DEPOT_STAFF

blueprint = Blueprint("depot", __name__, url_prefix="/depot")

Json = dict[str, Any]

VIEWS = ("fetch", "return", "overdue")


@blueprint.get("")
@staff_only(DEPOT_STAFF)
def today() -> str:
    depots = my_depots()
    depot = chosen_depot(depots)
    day = request.args.get("dato", clock.today(), type=date.fromisoformat)
    words = request.args.get("q", "").strip()
    found = {view: _handovers(depot, day, view, words) for view in VIEWS} if depot else {}
    return render_template(
        "depot/today.html",
        depots=depots,
        depot=depot,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        words=words,
        found=found,
        names=names_of(one["person_id"] for rows in found.values() for one in rows if not one["association_id"]),
    )


def _handovers(depot: Json, day: date, view: str, words: str) -> list[Json]:
    rows = api().inventory.handovers(depot_id=depot["id"], date=day.isoformat(), view=view)
    return [row for row in rows if _matches(row, words)]


def _matches(row: Json, words: str) -> bool:
    text = f"{row['number']} {row['association_name'] or ''} {row['lines_summary']}".casefold()
    return all(word in text for word in words.casefold().split())
