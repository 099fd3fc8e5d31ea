"""The HTTP edge of volunteers."""

from services.volunteers.api import letters, shifts, sign_ups
from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = [
    letters.blueprint,
    shifts.blueprint,
    sign_ups.blueprint,
]
