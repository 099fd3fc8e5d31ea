"""The HTTP edge of volunteers."""

from services.volunteers.api import crew, feeds, hours, letters, links, mine, shifts, sign_ups, statistics, swaps
from shared.web.blueprint import Blueprint

BLUEPRINTS: list[Blueprint] = [
    crew.blueprint,
    feeds.blueprint,
    hours.blueprint,
    letters.blueprint,
    links.blueprint,
    mine.blueprint,
    shifts.blueprint,
    sign_ups.blueprint,
    statistics.blueprint,
    swaps.blueprint,
]
