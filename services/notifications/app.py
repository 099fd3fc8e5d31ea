"""The notifications service's web process."""

from __future__ import annotations

from typing import Any

from flask import Flask

from services.notifications import api
from shared.settings import Settings
from shared.web import create_service


def create_app(config: Settings | None = None, **parts: Any) -> Flask:
    return create_service("notifications", [api.blueprint], config, **parts)
