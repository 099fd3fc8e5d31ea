"""Which services there are, their rooms, and their apps, built without a database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from shared.db import Database
from shared.settings import Environment, Settings
from tests.support.tokens import LocalKeys

ROOT = Path(__file__).parents[2]
PORTAL = "portal"
SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/app.py") if path.parent.name != PORTAL)
SAFE = {"GET", "HEAD", "OPTIONS"}

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def folder_of(service: str) -> Path:
    return ROOT / "services" / service


def room(service: str, name: str) -> Any:
    """The module, or None where the service has no such room."""
    module = f"services.{service}.{name}"
    return import_module(module) if find_spec(module) else None


@cache
def app_of(service: str) -> Flask:
    """The service's app, in front of a database that is not there."""
    config = Settings(environment=Environment.TEST, database_url=NOWHERE)
    return room(service, "app").create_app(config, keys=LocalKeys(), database=Database(NOWHERE))


def routes_of(service: str) -> Iterator[tuple[str, Rule, Any]]:
    """Every ("POST /bookings", rule, view)."""
    app = app_of(service)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", rule, app.view_functions[rule.endpoint]
