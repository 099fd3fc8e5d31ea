"""Find og lån: what there is, what is free in the period, where it is fetched."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from services.portal.answers import Problem
from services.portal.basket import Basket, basket
from services.portal.clients import api
from services.portal.period import days_errors, take_days

blueprint = Blueprint("find", __name__)

PAGE_SIZE = 24
NOTHING: dict[str, Any] = {
    "items": [],
    "total": 0,
    "page": 1,
    "page_size": PAGE_SIZE,
    "facets": {"places": [], "categories": []},
}
# Our words in the address, the service's in the call.
FILTERS = {"q": "q", "sted": "place", "kategori": "category", "slags": "kind", "sort": "sort"}


@blueprint.get("/find")
def show() -> str:
    errors = take_days(request.args)
    try:
        found = api().bookings.search(**_query(basket()))
    except Problem as problem:
        errors.extend(days_errors(problem))
        found = NOTHING
    return render_template(
        "find/show.html",
        errors=errors,
        found=found,
        chosen={name: request.args.get(name, "") for name in (*FILTERS, "ledige")},
        address=_address,
    )


def _query(chosen: Basket) -> dict[str, Any]:
    query: dict[str, Any] = {ours: request.args[name] for name, ours in FILTERS.items() if request.args.get(name)}
    if chosen.days:
        query["from"], query["to"] = (day.isoformat() for day in chosen.days)
        if request.args.get("ledige"):
            query["only_free"] = "true"
    return {**query, "page": request.args.get("side", 1, type=int), "page_size": PAGE_SIZE}


def _address(page: int) -> str:
    given = {name: value for name, value in request.args.items() if value and name != "side"}
    return "/find?" + urlencode({**given, "side": page})
