"""The HTTP edge of volunteers."""

from services.volunteers.api import shifts, sign_ups
from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = [
    shifts.blueprint,
    sign_ups.blueprint,
]
