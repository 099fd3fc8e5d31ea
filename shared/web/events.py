"""GET /events: what a service tells the others, and which events it reacts to; read from its own table of reactions."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from flask import Flask

from shared.contracts import REGISTRY
from shared.contracts.base import UPCASTERS
from shared.web.auth import public


def init_events(app: Flask, service: str) -> None:
    @cache
    def description() -> dict[str, list[str]]:
        # Not before it is asked for: the reactions bring a Kafka library along, which a web process has no use for.
        module = f"services.{service}.reactions"
        room = import_module(module) if find_spec(module) else None
        reactions = {*getattr(room, "COPIES", ()), *getattr(room, "REACTIONS", ())}
        return {
            "publishes": sorted(
                event.event_type for event in REGISTRY.values() if event.publisher == service and event not in UPCASTERS
            ),
            "reacts_to": sorted(event.event_type for event in reactions),
        }

    @app.get("/events")
    @public
    def events() -> dict[str, list[str]]:
        return description()
