"""Medlemmer: who is in an association, with which role, and who is invited; for its chair and signatories."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.session import anew, me, sign_in_needed
from shared.actors import BOOKER, CHAIR, MEMBER, MEMBER_ROLES, SIGNATORY

blueprint = Blueprint("members", __name__, url_prefix="/foreninger/<uuid:association_id>")

Json = dict[str, Any]

EVERYDAY_ROLES = (MEMBER, BOOKER)


@blueprint.get("/medlemmer")
@sign_in_needed
def show(association_id: UUID) -> str:
    return _page(_led(association_id), Errors())


@blueprint.post("/medlemmer")
@sign_in_needed
def invite(association_id: UUID) -> Any:
    association = _led(association_id)
    try:
        made = api().accounts.invite(
            association["id"], {"email": forms.text("email"), "role": forms.text("role")}, forms.key()
        )
    except Problem as problem:
        return _refused(association, problem)
    text = _("%(email)s er inviteret. Er der en konto med den e-mail, får personen en mail og svarer selv.", **made)
    flash(text, "success")
    return redirect(url_for(".show", association_id=association_id), 303)


@blueprint.post("/medlemmer/<uuid:membership_id>")
@sign_in_needed
def change(association_id: UUID, membership_id: UUID) -> Any:
    """Another role, or none."""
    association, wanted = _led(association_id), forms.text("do")
    try:
        if wanted == "end":
            api().accounts.end_membership(association["id"], str(membership_id))
        else:
            api().accounts.change_membership(association["id"], str(membership_id), wanted)
    except Problem as problem:
        return _refused(association, problem)
    flash(_("Gemt."), "success")
    anew()
    is_still_mine = association["id"] in {one["id"] for one in _led_by_me()}
    return redirect(url_for(".show", association_id=association_id) if is_still_mine else "/profil", 303)


@blueprint.post("/invitationer/<uuid:invitation_id>")
@sign_in_needed
def withdraw(association_id: UUID, invitation_id: UUID) -> Any:
    association = _led(association_id)
    try:
        api().accounts.withdraw_invitation(association["id"], str(invitation_id))
        flash(_("Invitationen er trukket tilbage."), "success")
    except Problem as problem:
        if problem.status != 404:
            return _refused(association, problem)
        flash(_("Invitationen er allerede besvaret."), "info")
    return redirect(url_for(".show", association_id=association_id), 303)


def _led_by_me() -> list[Json]:
    who = me()
    return [one for one in (who.associations if who else []) if {CHAIR, SIGNATORY} & set(one["roles"])]


def _led(association_id: UUID) -> Json:
    """Accounts decides what may be seen and done; this only spares others an empty page."""
    found = next((one for one in _led_by_me() if one["id"] == str(association_id)), None)
    return found or abort(403)


def _refused(association: Json, problem: Problem) -> Any:
    if problem.status not in (403, 404, 409, 422):
        raise problem
    return _page(association, Errors.of(problem)), problem.status


def _page(association: Json, errors: Errors) -> str:
    mine = MEMBER_ROLES if CHAIR in association["roles"] else EVERYDAY_ROLES
    return render_template(
        "members/show.html",
        association=association,
        people=_people(api().accounts.members(association["id"])),
        invitations=api().accounts.invitations(association["id"]),
        changeable=mine,
        offered=[role for role in (*EVERYDAY_ROLES, SIGNATORY, CHAIR) if role in mine],
        chosen=request.form.get("role") or MEMBER,
        errors=errors,
    )


def _people(memberships: list[Json]) -> list[Json]:
    """One entry for each person, with her roles in the order of their weight."""
    by_name = sorted(memberships, key=lambda one: (one["name"].casefold(), one["person_id"]))
    return [
        {
            "name": held[0]["name"],
            "id": person_id,
            "held": sorted(held, key=lambda one: MEMBER_ROLES.index(one["role"])),
        }
        for person_id, rows in groupby(by_name, key=lambda one: str(one["person_id"]))
        if (held := list(rows))
    ]
