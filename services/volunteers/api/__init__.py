"""The HTTP edge of volunteers."""

from services.volunteers.api import (
    crew,
    feeds,
    hours,
    imports,
    letters,
    links,
    mine,
    plan,
    proposals,
    shift_states,
    shifts,
    sign_ups,
    statistics,
    swaps,
    templates,
)
from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = [
    crew.blueprint,
    feeds.blueprint,
    hours.blueprint,
    imports.blueprint,
    letters.blueprint,
    links.blueprint,
    mine.blueprint,
    plan.blueprint,
    proposals.blueprint,
    shift_states.blueprint,
    shifts.blueprint,
    sign_ups.blueprint,
    statistics.blueprint,
    swaps.blueprint,
    templates.blueprint,
]
