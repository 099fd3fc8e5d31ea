"""The code at the place, scanned with one's own phone: one button says “I am here”."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.session import sign_in_needed

blueprint = Blueprint("check_in", __name__, url_prefix="/vagter")


@blueprint.get("/<uuid:shift_id>/her")
@sign_in_needed
def show(shift_id: UUID) -> str:
    """Looking checks nobody in: a phone that opens the page ahead of its owner must not."""
    return _page(str(shift_id), done="ankommet" in request.args)


@blueprint.post("/<uuid:shift_id>/her")
@sign_in_needed
def here(shift_id: UUID) -> Any:
    try:
        api().volunteers.check_in(str(shift_id), forms.text("kode"))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return _page(str(shift_id), reasons=problem.reasons), problem.status
    return redirect(url_for(".show", shift_id=shift_id, ankommet="ja"), 303)


def _page(shift_id: str, done: bool = False, reasons: list[dict[str, Any]] | None = None) -> str:
    shift = api().volunteers.shift(shift_id)
    return render_template(
        "shifts/check_in.html", shift=shift, code=request.values.get("kode", ""), done=done, reasons=reasons or []
    )
