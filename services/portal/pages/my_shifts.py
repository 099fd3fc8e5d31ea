"""Mine vagter: offers, what comes, what was; and one of them, with all that can be done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.formats import instant
from services.portal.forms import Errors
from services.portal.pages.feeds import feeds_of_mine
from services.portal.pages.shifts import group
from services.portal.security import own_address
from services.portal.session import me, sign_in_needed
from shared import clock

blueprint = Blueprint("my_shifts", __name__, url_prefix="/mine-vagter")

Json = dict[str, Any]

PAST_SHOWN = 10
ALIVE = ("waiting", "offered", "confirmed")


@blueprint.get("")
@sign_in_needed
def mine() -> str:
    coming = _coming()
    past = api().volunteers.sign_ups("past")
    swaps = [one for one in api().volunteers.swaps() if one["state"] == "asked"]
    return render_template(
        "my_shifts/mine.html",
        offers=[one for one in coming if one["state"] == "offered"],
        coming=[one for one in coming if one["state"] != "offered"],
        swaps=swaps,
        past=past[:PAST_SHOWN],
        held=len(past),
        months=api().volunteers.hours(view="mine")["months"],
        feeds=feeds_of_mine(),
        preferences=api().volunteers.preferences(),
        this_month=clock.today().strftime("%Y-%m"),
    )


def _coming() -> list[Json]:
    """Mine, and those of the association that I act for."""
    own = api().volunteers.sign_ups("coming")
    if not group():
        return own
    known = {one["id"] for one in own}
    others = [one for one in api().volunteers.sign_ups("coming", for_group=True) if one["id"] not in known]
    return sorted([*own, *others], key=lambda one: str(one["shift"]["starts_at"]))


@blueprint.post("/spoerg-mig")
@sign_in_needed
def prefer() -> Any:
    """Whether one may be asked when a crew is too small."""
    wanted = bool(request.form.get("may_be_asked"))
    api().volunteers.prefer({"may_be_asked": wanted}, forms.version())
    flash(_("Gemt."), "success")
    return redirect("/mine-vagter")


@blueprint.get("/<uuid:sign_up_id>")
@sign_in_needed
def show(sign_up_id: UUID) -> str:
    return _page(api().volunteers.my_sign_up(str(sign_up_id)), Errors())


def _page(sign_up: Json, errors: Errors, reasons: list[Json] | None = None) -> str:
    return render_template(
        "my_shifts/show.html",
        sign_up=sign_up,
        shift=sign_up["shift"],
        errors=errors,
        reasons=reasons or [],
        is_new="ny" in request.args and sign_up["state"] in ALIVE,
        speaks_for=_speaks_for(sign_up),
        named_seat=_named_seat(sign_up),
    )


def _named_seat(sign_up: Json) -> Json | None:
    """The group's place on which others wrote my name, as long as I may take it away."""
    if not sign_up["association_id"] or sign_up["state"] != "confirmed" or _speaks_for(sign_up):
        return None
    if instant(sign_up["shift"]["ends_at"]) <= clock.now():
        return None
    return next((seat for seat in sign_up["seats"] if seat["attendance"] == "expected"), None)


def _speaks_for(sign_up: Json) -> bool:
    """May she name the group's people?"""
    who = me()
    association = who.association(sign_up["association_id"]) if who else None
    return bool(association and set(association["roles"]) & {"chair", "booker"})


@blueprint.get("/<uuid:sign_up_id>/afbud")
@sign_in_needed
def ask_to_cancel(sign_up_id: UUID) -> Any:
    sign_up = api().volunteers.my_sign_up(str(sign_up_id))
    if not sign_up["may_cancel"]:
        return redirect(url_for(".show", sign_up_id=sign_up_id))
    return render_template("my_shifts/cancel.html", sign_up=sign_up, errors=Errors())


@blueprint.post("/<uuid:sign_up_id>/afbud")
@sign_in_needed
def cancel(sign_up_id: UUID) -> Any:
    try:
        api().volunteers.cancel(str(sign_up_id), forms.text("reason"), forms.version())
    except Problem as problem:
        return _refused(str(sign_up_id), problem)
    if request.form.get("undo"):
        flash(_("Fortrudt. Du er ikke skrevet på vagten længere."), "success")
        return redirect(own_address(session.get("shifts_seen"), "/vagter"), 303)
    flash(_("Du har meldt afbud. Tak, fordi du sagde til – vi finder en anden."), "success")
    return redirect("/mine-vagter", 303)


@blueprint.post("/<uuid:sign_up_id>/ja")
@sign_in_needed
def accept(sign_up_id: UUID) -> Any:
    try:
        api().volunteers.accept(str(sign_up_id), forms.version())
    except Problem as problem:
        return _refused(str(sign_up_id), problem)
    return redirect(url_for(".show", sign_up_id=sign_up_id, ny="ja"), 303)


@blueprint.post("/<uuid:sign_up_id>/nej")
@sign_in_needed
def decline(sign_up_id: UUID) -> Any:
    try:
        api().volunteers.decline(str(sign_up_id), forms.version())
    except Problem as problem:
        return _refused(str(sign_up_id), problem)
    flash(_("Du har sagt nej tak. Den næste på listen får tilbuddet."), "success")
    return redirect("/mine-vagter", 303)


@blueprint.post("/<uuid:sign_up_id>/pladser/<uuid:seat_id>")
@sign_in_needed
def name_seat(sign_up_id: UUID, seat_id: UUID) -> Any:
    """Who comes on one of the group's places; an empty field takes the name away."""
    email = forms.text("email")
    try:
        api().volunteers.name_seat(str(sign_up_id), str(seat_id), email or None)
    except Problem as problem:
        return _refused(str(sign_up_id), problem, field=f"email-{seat_id}")
    if request.form.get("do") == "leave":
        flash(_("Dit navn er taget af pladsen. Tak, fordi du sagde til."), "success")
        return redirect("/mine-vagter", 303)
    flash(
        _("Gemt. Den, der kommer, har fået besked.") if email else _("Navnet er taget væk, og personen får besked."),
        "success",
    )
    return redirect(url_for(".show", sign_up_id=sign_up_id, _anchor="hold"), 303)


def _refused(sign_up_id: str, problem: Problem, field: str = "") -> Any:
    """Show it as it is now, and all reasons why it could not be changed."""
    if problem.status not in (409, 412, 422):
        raise problem
    errors = Errors()
    for reason in problem.reasons:
        errors.add(field, reason["text"])
    reasons = [] if field else problem.reasons
    return _page(api().volunteers.my_sign_up(sign_up_id), errors if field else Errors(), reasons), problem.status
