"""Lager: what each depot owns, how it moved, and how it is corrected; what broke, and which bookings it hits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.staff import chosen_depot, my_depots, names_of, staff_only
from shared.actors import DEPOT_STAFF
from shared.errors import N_

blueprint = Blueprint("stock", __name__)

Json = dict[str, Any]

# What staff choose → the cause, and whether it adds or takes away.
WHAT_HAPPENED = {
    "broken": ("broken", -1, N_("Noget er gået i stykker")),
    "missing": ("missing", -1, N_("Noget mangler")),
    "found": ("found", 1, N_("Noget, der manglede, er fundet")),
    "repaired": ("repaired", 1, N_("Noget er repareret")),
    "more": ("correction", 1, N_("Optalt: vi har flere, end der står")),
    "fewer": ("correction", -1, N_("Optalt: vi har færre, end der står")),
}
CAUSES = {
    "correction": N_("Rettelse"),
    "broken": N_("I stykker"),
    "missing": N_("Mangler"),
    "found": N_("Fundet"),
    "repaired": N_("Repareret"),
    "consumed": N_("Brugt op"),
    "import": N_("Import"),
}
UNIT_STATES = {"usable": N_("klar"), "broken": N_("i stykker"), "missing": N_("mangler"), "retired": N_("udgået")}


@blueprint.get("/lager")
@staff_only(DEPOT_STAFF)
def show() -> str:
    depots = my_depots()
    depot = chosen_depot(depots)
    words = request.args.get("q", "").strip()
    query = {"depot_id": depot["id"], **({"q": words} if words else {})} if depot else {}
    items = api().inventory.stock(**query) if depot else []
    return render_template("stock/show.html", depots=depots, depot=depot, words=words, items=items)


@blueprint.get("/lager/<uuid:resource_id>")
@staff_only(DEPOT_STAFF)
def material(resource_id: UUID) -> Any:
    return _material(str(resource_id), Errors())


@blueprint.post("/lager/<uuid:resource_id>")
@staff_only(DEPOT_STAFF)
def correct(resource_id: UUID) -> Any:
    errors, body = _correction()
    if errors:
        return _material(str(resource_id), errors, 422)
    try:
        item = api().inventory.correct_stock(str(resource_id), body, key=forms.key(), version=forms.version())
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        return _material(str(resource_id), Errors.of(problem), problem.status)
    flash(_("Lageret er rettet. Der er nu %(total)s, der kan lånes ud.", total=item["total"]), "success")
    return redirect(url_for(".material", resource_id=resource_id), 303)


def _correction() -> tuple[Errors, Json]:
    """The form as a correction. Chosen numbers say by themselves how many."""
    errors = Errors()
    units = request.form.getlist("unit_ids")
    typed = forms.text("change")
    if forms.text("what") not in WHAT_HAPPENED:
        errors.add("cause", _("Vælg, hvad der er sket."))
    if not units and not (typed.isascii() and typed.isdigit() and len(typed) < 10 and int(typed)):
        errors.add("change", _("Skriv et helt tal, mindst 1."))
    if errors:
        return errors, {}
    cause, sign, _text = WHAT_HAPPENED[forms.text("what")]
    body: Json = {"cause": cause, "change": sign * (len(units) or int(typed)), "reason": forms.text("reason")}
    return errors, {**body, "unit_ids": units} if units else body


def _material(resource_id: str, errors: Errors, status: int = 200) -> Any:
    inventory = api().inventory
    resource = inventory.resource(resource_id)
    items = inventory.stock(depot_id=resource["depot_id"])
    movements = inventory.stock_movements(resource_id)
    page = render_template(
        "stock/material.html",
        resource=resource,
        item=next(one for one in items if one["id"] == resource_id),
        movements=movements,
        errors=errors,
        what_happened=[(value, _(text)) for value, (_cause, _sign, text) in WHAT_HAPPENED.items()],
        causes=CAUSES,
        unit_states=UNIT_STATES,
        names=names_of(one["staff_id"] for one in movements),
    )
    return page, status


@blueprint.get("/lager/konflikter")
@staff_only(DEPOT_STAFF)
def conflicts() -> str:
    depots = my_depots()
    depot = chosen_depot(depots)
    found = api().bookings.conflicts(depot_id=depot["id"])["conflicts"] if depot else []
    names = names_of(booking["person_id"] for booking in found)
    return render_template("stock/conflicts.html", depots=depots, depot=depot, bookings=found, names=names)


@blueprint.get("/mangelrapporter")
@staff_only(DEPOT_STAFF)
def shortages() -> str:
    depots = my_depots()
    depot = chosen_depot(depots)
    found = api().inventory.shortages(depot_id=depot["id"]) if depot else []
    names = names_of(one["staff_id"] for one in found)
    return render_template("stock/shortages.html", depots=depots, depot=depot, shortages=found, names=names)
