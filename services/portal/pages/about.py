"""About, accessibility, privacy, and where developers find what they need."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

blueprint = Blueprint("about", __name__)


@blueprint.get("/om")
def about() -> str:
    return render_template("about/about.html")


@blueprint.get("/was")
def accessibility() -> str:
    return render_template("about/accessibility.html")


@blueprint.get("/privatliv")
def privacy() -> str:
    return render_template("about/privacy.html")


@blueprint.get("/udviklere")
def developers() -> str:
    config = current_app.extensions["kommunity_settings"]
    services = ("accounts", "inventory", "bookings", "volunteers", "notifications")
    return render_template(
        "about/developers.html",
        services=[(name, getattr(config, f"{name}_url")) for name in services],
    )
