"""Min profil: my data, my language, and whom I act for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import refresh

from services.portal import forms
from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.session import act_for, me, remember, sign_in_needed

blueprint = Blueprint("profile", __name__, url_prefix="/profil")


@blueprint.get("")
@sign_in_needed
def show() -> str:
    """Asked anew, so that the version is the one that a change is made to."""
    remember(api().accounts.me())
    return render_template("profile/show.html", errors=Errors())


@blueprint.post("")
@sign_in_needed
def change() -> Any:
    changes = {name: forms.text(name) for name in ("name", "phone", "language") if name in request.form}
    try:
        remember(api().accounts.change_me(changes, forms.version()))
    except Problem as problem:
        if problem.status not in (409, 412, 422):
            raise
        return render_template("profile/show.html", errors=Errors.of(problem)), problem.status
    if changes.get("language"):
        session["language"] = changes["language"]
        refresh()
    flash(_("Gemt."), "success")
    return redirect("/profil")


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
