"""One shift as its coordinator sees it: the crew to tap on a phone, who is in line, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from services.portal import crew as crews
from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.staff import names_of
from services.portal.team import team_only

blueprint = Blueprint("team_shift", __name__, url_prefix="/hold/vagter/<uuid:shift_id>")

Json = dict[str, Any]


@blueprint.get("")
@team_only
def show(shift_id: UUID) -> Any:
    return _page(api().volunteers.crew(str(shift_id)))


@blueprint.post("")
@team_only
def act(shift_id: UUID) -> Any:
    button, crew = forms.text("do"), api().volunteers.crew(str(shift_id))
    if (answer := crews.press(button, [crew])) is not None:
        return _answered(shift_id, answer)
    deed = DEEDS.get(button.split(" ")[0])
    if deed is None:
        return redirect(url_for(".show", shift_id=shift_id), 303)
    try:
        deed(crew["shift"])
    except Problem as problem:
        if problem.status not in crews.TO_SAY:
            raise
        return _page(crew, Errors.of(problem), problem.status)
    if button == "delete":
        return redirect(url_for("plan.show"), 303)
    return redirect(url_for(".show", shift_id=shift_id), 303)


def _answered(shift_id: UUID, answer: crews.Answer) -> Any:
    """A number stands on the pages that answer; it is in no address, and kept nowhere but there."""
    if answer.said:
        flash(answer.said, "success")
    if answer.errors or answer.phones:
        return _page(api().volunteers.crew(str(shift_id)), answer.errors, 409, phones=answer.phones)
    return redirect(url_for(".show", shift_id=shift_id, _anchor=answer.anchor), 303)


def _walk_in(shift: Json) -> None:
    body: Json = {"role_id": forms.text("role_id"), "email": forms.text("email") or None}
    seat = api().volunteers.walk_in(shift["id"], body, key=forms.key())
    flash(_("%(name)s er skrevet på holdet.", name=_named(shift["id"], seat) or _("Gæsten")), "success")


def _named(shift_id: str, seat: Json) -> str:
    """Whom the e-mail belonged to: the answer tells the seat, the crew's list tells names."""
    if seat.get("name") or not seat.get("person_id"):
        return seat.get("name") or ""
    crew = api().volunteers.crew(shift_id)
    return next((one["name"] for one in crew["seats"] if one["id"] == seat["id"]), "") or ""


def _publish(shift: Json) -> None:
    api().volunteers.publish([shift["id"]])
    flash(_("Vagten er udgivet. Nu kan frivillige tage den."), "success")


def _close(shift: Json) -> None:
    api().volunteers.close(shift["id"], forms.version())
    flash(_("Vagten er lukket for tilmelding. Holdet er uændret."), "success")


def _reopen(shift: Json) -> None:
    api().volunteers.reopen(shift["id"], forms.version())
    flash(_("Vagten er åben for tilmelding igen."), "success")


def _delete(shift: Json) -> None:
    api().volunteers.delete_draft(shift["id"], forms.version())
    flash(_("Kladden er slettet."), "success")


def _release_waiting(shift: Json) -> None:
    sign_up_id = forms.text("do").removeprefix("unlist ")
    api().volunteers.release(shift["id"], {"sign_up_id": sign_up_id, "reason": ""})
    flash(_("Personen er taget af ventelisten og får besked."), "success")


DEEDS = {
    "walk-in": _walk_in,
    "publish": _publish,
    "close": _close,
    "reopen": _reopen,
    "delete": _delete,
    "unlist": _release_waiting,
}


def _page(crew: Json, errors: Errors | None = None, status: int = 200, phones: dict[str, str] | None = None) -> Any:
    shift = api().volunteers.shift(crew["shift"]["id"])
    text = render_template(
        "team/shift.html",
        crew=crew,
        shift={**shift, **crew["shift"]},
        roles=crews.by_role(crew),
        can_attend=crews.can_attend(crew),
        phones=phones or {},
        errors=errors or Errors(),
        contact=names_of([shift["contact_id"]]).get(shift["contact_id"] or ""),
    )
    return text, crews.status(status) if errors else 200


@blueprint.get("/plakat")
@team_only
def poster(shift_id: UUID) -> Any:
    """To hang up where the shift begins: the volunteers scan it and are checked in."""
    crew = api().volunteers.crew(str(shift_id))
    path = f"/vagter/{shift_id}/her?kode={crew['check_in_code']}"
    address = str(current_app.extensions["kommunity_settings"].portal_url).rstrip("/") + path
    code = Markup(segno.make(address, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True))  # noqa: S704
    return render_template("team/poster.html", shift=crew["shift"], code=code, address=request.host + path)
