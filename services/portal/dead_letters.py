"""What the pages and the menu know of all services' dead letters; a service that is away is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app

from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.clients.catalogue import SERVICES

Json = dict[str, Any]

MOST_OF_EACH = 200
COUNT_KEPT_S = 30
COUNTED = "kommunity_dead_letters"


class Gathered(NamedTuple):
    """Newest first, each with its `service`, the newest of each service; `total` counts the others too."""

    letters: list[Json]
    total: int
    silent: list[str]


class Silent(NamedTuple):
    """Stands where a service's answer would stand."""

    service: str


def gather(services: Iterable[str], query: Json) -> Gathered:
    answers = {service: ask(service, lambda one: api().dead_letters.of(one, **query)) for service in services}
    told = {service: found for service, found in answers.items() if not isinstance(found, Silent)}
    letters = [{**letter, "service": service} for service, found in told.items() for letter in found["items"]]
    for letter in letters:
        letter["word"] = _word(letter)
    return Gathered(
        letters=sorted(letters, key=lambda one: str(one["parked_at"]), reverse=True),
        total=sum(found["total"] for found in told.values()),
        silent=[service for service in answers if service not in told],
    )


def ask(service: str, question: Callable[[str], Json]) -> Json | Silent:
    """The service's answer; its "no" is raised."""
    try:
        return question(service)
    except Problem as problem:
        if problem.status < 500 and problem.status != 404:
            raise
        return Silent(service)


def letter_of(service: str, letter_id: int) -> Json:
    letter = api().dead_letters.letter(service, letter_id)
    return {**letter, "service": service, "word": _word(letter)}


def _word(letter: Json) -> str:
    """Its state, and apart from the others the one that was tried again in vain."""
    return "failed" if letter["state"] == "waiting" and letter["settled_at"] else str(letter["state"])


def people_in(letters: Iterable[Json]) -> set[str]:
    """Who settled them, but for those who did it on the command line."""
    return {one["settled_by"] for one in letters if _is_id(one["settled_by"])}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def unsettled_now() -> int:
    """For the menu: counted at most every 30 s, by one visitor while the others see the number of before."""
    at, number = current_app.extensions.get(COUNTED, (0.0, 0))
    if at and time.monotonic() - at < COUNT_KEPT_S:
        return int(number)
    current_app.extensions[COUNTED] = (time.monotonic(), number)
    number = sum(_unsettled(service) for service in SERVICES)
    current_app.extensions[COUNTED] = (time.monotonic(), number)
    return number


def _unsettled(service: str) -> int:
    try:
        return api().dead_letters.unsettled(service)
    except (Problem, SignedOut):
        return 0


def count_anew() -> None:
    current_app.extensions.pop(COUNTED, None)
