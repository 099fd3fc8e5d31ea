"""Inventory's web process."""

from __future__ import annotations

from typing import Any

from flask import Flask

from services.inventory.api import catalogue, handovers, imports, stock
from shared.settings import Settings
from shared.web import create_service

BLUEPRINTS = (catalogue.blueprint, stock.blueprint, handovers.blueprint, imports.blueprint)


def create_app(config: Settings | None = None, **parts: Any) -> Flask:
    return create_service("inventory", BLUEPRINTS, config, **parts)
