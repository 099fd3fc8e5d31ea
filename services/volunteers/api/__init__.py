"""The HTTP edge of volunteers."""

from services.volunteers.api import shifts
from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = [
    shifts.blueprint,
]
