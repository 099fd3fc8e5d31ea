"""Bytte: ask a named other to take one's place, and answer when one is asked. Rules are asked when both agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import klokken, ugedag
from services.portal.forms import Errors
from services.portal.session import sign_in_needed

blueprint = Blueprint("swaps", __name__)

Json = dict[str, Any]

AHEAD = {"days": 62, "page_size": 100}


@blueprint.get("/mine-vagter/<uuid:sign_up_id>/byt")
@sign_in_needed
def ask(sign_up_id: UUID) -> Any:
    sign_up = api().volunteers.my_sign_up(str(sign_up_id))
    if not sign_up["may_cancel"] or sign_up["state"] != "confirmed" or sign_up["swap"]:
        return redirect(url_for("my_shifts.show", sign_up_id=sign_up_id))
    return _form(sign_up, Errors())


def _form(sign_up: Json, errors: Errors) -> str:
    return render_template("swaps/ask.html", sign_up=sign_up, errors=errors, shifts=_in_exchange(sign_up))


def _in_exchange(sign_up: Json) -> list[tuple[str, str]]:
    """The shifts ahead, for who wants another in return: whether the other one is on it, the service knows."""
    coming = api().volunteers.shifts(**AHEAD)["items"]
    return [
        (one["id"], f"{ugedag(one['starts_at'])} {klokken(one['starts_at'], one['ends_at'])}: {one['title']}")
        for one in coming
        if one["id"] != sign_up["shift_id"] and not one["mine"]
    ]


@blueprint.post("/mine-vagter/<uuid:sign_up_id>/byt")
@sign_in_needed
def send(sign_up_id: UUID) -> Any:
    body = {"email": forms.text("email")}
    if request.form.get("in_exchange_shift_id"):
        body["in_exchange_shift_id"] = forms.text("in_exchange_shift_id")
    try:
        api().volunteers.ask_to_swap(str(sign_up_id), body, forms.key())
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return _form(api().volunteers.my_sign_up(str(sign_up_id)), Errors.of(problem)), problem.status
    flash(_("Har adressen en konto, får personen besked nu. Du har vagten, indtil den anden siger ja."), "success")
    return redirect(url_for("my_shifts.show", sign_up_id=sign_up_id), 303)


@blueprint.get("/bytte/<uuid:swap_id>")
@sign_in_needed
def show(swap_id: UUID) -> str:
    return _page(str(swap_id), [])


def _page(swap_id: str, reasons: list[Json]) -> str:
    swap = next((one for one in api().volunteers.swaps() if one["id"] == swap_id), None)
    if swap is None:
        abort(404)
    return render_template("swaps/show.html", swap=swap, reasons=reasons)


@blueprint.post("/bytte/<uuid:swap_id>")
@sign_in_needed
def answer(swap_id: UUID) -> Any:
    """Yes or no of who was asked; or the question is taken back by who asked."""
    said = request.form.get("do")
    try:
        if said == "withdraw":
            api().volunteers.withdraw_swap(str(swap_id))
        else:
            api().volunteers.answer_swap(str(swap_id), said == "agree")
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(str(swap_id), problem.reasons), 409
    flash(_told(said), "success")
    return redirect("/mine-vagter", 303)


def _told(said: str | None) -> str:
    if said == "agree":
        return str(_("I har byttet. Vagten står under dine vagter nu."))
    return str(_("Spørgsmålet er trukket tilbage.") if said == "withdraw" else _("Du har sagt nej tak."))
