"""The front page: what one can do here, and what comes next for me."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.session import me

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
def show() -> str:
    coming = []
    if me():
        try:
            coming = api().bookings.list(view="mine", page_size=3)["items"]
        except Problem:
            coming = []
    return render_template("front/show.html", coming=coming)
