"""Wires the volunteers service together."""

from __future__ import annotations

from typing import Any

from flask import Flask

from services.volunteers.api import BLUEPRINTS
from shared.settings import Settings
from shared.web import create_service


def create_app(config: Settings | None = None, **parts: Any) -> Flask:
    return create_service("volunteers", BLUEPRINTS, config, **parts)
