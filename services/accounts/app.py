"""Wires accounts together."""

from __future__ import annotations

from typing import Any

from flask import Flask

from services.accounts import seeds
from services.accounts.api import BLUEPRINTS
from services.accounts.api.keys import SigningKey
from shared.settings import Settings, settings
from shared.web import create_service


def create_app(config: Settings | None = None, **parts: Any) -> Flask:
    config = config or settings()
    signing_key = SigningKey.load(config)
    demo = None if config.is_production else seeds.DEMO_LOGINS
    app = create_service("accounts", BLUEPRINTS, config, **{"keys": signing_key, "DEMO_LOGINS": demo, **parts})
    app.extensions["kommunity_signing_key"] = signing_key
    return app
