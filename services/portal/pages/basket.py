"""The basket: one period, many lines, each with its own answer."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("basket", __name__, url_prefix="/kurv")


@blueprint.get("")
def show() -> str:
    return render_template("front/show.html")
