"""About, accessibility, privacy, and what developers need: the events and the services' descriptions."""

from __future__ import annotations

import dataclasses

from flask import Blueprint, current_app, render_template

from shared.contracts import REGISTRY, topic_of

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
    services = ("accounts", "inventory", "bookings", "notifications")
    events = [
        {
            "type": event.event_type,
            "topic": topic_of(event.publisher),
            "key": event.key_field,
            "text": (event.__doc__ or "").strip() if not (event.__doc__ or "").startswith(f"{event.__name__}(") else "",
            "fields": [(field.name, str(field.type)) for field in dataclasses.fields(event)],
        }
        for event in REGISTRY.values()
    ]
    return render_template(
        "about/developers.html",
        events=sorted(events, key=lambda event: str(event["type"])),
        services=[(name, getattr(config, f"{name}_url")) for name in services],
    )
