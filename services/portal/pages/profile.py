"""Min profil: my data, my language, and whom I act for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import refresh

from services.portal import forms
from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.session import act_for, anew, me, remember, sign_in_needed

blueprint = Blueprint("profile", __name__, url_prefix="/profil")

Json = dict[str, Any]


@blueprint.get("")
@sign_in_needed
def show() -> str:
    """Asked anew, so that the version is the one that a change is made to."""
    remember(api().accounts.me())
    return _page(Errors())


def _page(errors: Errors) -> str:
    return render_template(
        "profile/show.html",
        errors=errors,
        proofs=api().accounts.qualifications(),
        invitations=api().accounts.my_invitations(),
        looks=_looks(),
        opened=_opened(),
    )


def _looks() -> list[Json]:
    """Who looked at my number; the profile is there also while volunteers is away."""
    try:
        return api().volunteers.phone_looks()
    except Problem:
        return []


def _opened() -> bool:
    """The form for a new proof stands open after it was refused."""
    return "qualification" in request.form


@blueprint.post("")
@sign_in_needed
def change() -> Any:
    changes: Json = {name: forms.text(name) for name in ("name", "phone", "language") if name in request.form}
    if "born_on" in request.form:
        changes["born_on"] = forms.text("born_on") or None
    try:
        api().accounts.change_me(changes, forms.version())
    except Problem as problem:
        return _refused(problem)
    anew()  # volunteers reads the birth date from the token
    if changes.get("language"):
        session["language"] = changes["language"]
        refresh()
    flash(_("Gemt."), "success")
    return redirect("/profil")


def _refused(problem: Problem) -> Any:
    if problem.status not in (409, 412, 422):
        raise problem
    return _page(Errors.of(problem)), problem.status


@blueprint.post("/beviser")
@sign_in_needed
def declare() -> Any:
    """Say that one has a course, licence or language, or has it anew."""
    body = {"qualification": forms.text("qualification"), "valid_until": forms.text("valid_until") or None}
    try:
        api().accounts.declare_qualification(body)
    except Problem as problem:
        return _refused(problem)
    flash(_("Gemt. Om et øjeblik kan du se de vagter, der kræver det."), "success")
    return redirect("/profil#beviser", 303)


@blueprint.post("/beviser/<qualification>/slet")
@sign_in_needed
def drop(qualification: str) -> Any:
    try:
        api().accounts.drop_qualification(qualification)
    except Problem as problem:
        if problem.status != 404:  # gone already
            raise
    flash(_("Beviset er taget væk."), "success")
    return redirect("/profil#beviser", 303)


@blueprint.post("/forening")
@sign_in_needed
def choose_association() -> Any:
    who, wanted = me(), request.form.get("association_id", "")
    if who is None:
        raise SignedOut
    if not wanted or who.association(wanted):
        act_for(wanted)
        chosen = who.association(wanted)
        name = chosen["name"] if chosen else _("dig selv")
        flash(_("Nu handler du for %(name)s.", name=name), "success")
    return redirect("/profil")


@blueprint.post("/invitationer/<uuid:invitation_id>")
@sign_in_needed
def answer_invitation(invitation_id: UUID) -> Any:
    """Yes or no to an association that asks me to be in it."""
    is_yes = forms.text("do") == "accept"
    try:
        if is_yes:
            api().accounts.accept_invitation(str(invitation_id))
        else:
            api().accounts.decline_invitation(str(invitation_id))
    except Problem as problem:
        if problem.status != 404:
            raise
        flash(_("Invitationen gælder ikke mere. Bed foreningen om en ny."), "warning")
        return redirect("/profil", 303)
    anew()
    flash(_("Du er med nu.") if is_yes else _("Du har sagt nej tak. Foreningen får det ikke at vide."), "success")
    return redirect("/profil#foreninger", 303)


@blueprint.post("/medlemskaber/<uuid:association_id>/<uuid:membership_id>/slut")
@sign_in_needed
def leave(association_id: UUID, membership_id: UUID) -> Any:
    try:
        api().accounts.end_membership(str(association_id), str(membership_id))
    except Problem as problem:
        if problem.status != 404:  # taken away already
            raise
    anew()
    flash(_("Du er meldt ud."), "success")
    return redirect("/profil#foreninger", 303)
