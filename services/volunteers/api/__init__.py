"""The HTTP edge of volunteers."""

from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = []
