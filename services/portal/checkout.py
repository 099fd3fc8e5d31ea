"""From the basket to a wish that bookings can answer, and its answer line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from services.portal.answers import Problem
from services.portal.basket import Basket
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.period import days_errors
from shared import clock

Json = dict[str, Any]


@dataclass
class Answer:
    """What bookings says: of each line, and of the whole."""

    ok: bool = False
    lines: list[Json] = field(default_factory=list)
    errors: Errors = field(default_factory=Errors)

    def summed_up(self) -> Errors:
        """For the top of the page, where each must name the thing that it concerns."""
        errors = Errors()
        for path, text in self.errors:
            parts = path.split(".")
            of_line = parts[0] == "lines" and parts[-1] != "lines" and int(parts[1]) < len(self.lines)
            name = self.lines[int(parts[1])]["name"] if of_line else ""
            errors.add(path, text if name in text else f"{name}: {text}")
        return errors

    @classmethod
    def of_check(cls, document: Json) -> Answer:
        errors = Errors()
        for reason in document["reasons"]:
            errors.add(reason.get("field") or "", reason["text"])
        for number, line in enumerate(document["lines"]):
            for reason in line["reasons"]:
                errors.add(_path(number, reason.get("field") or ""), reason["text"])
        return cls(document["ok"], document["lines"], errors)

    @classmethod
    def of_refusal(cls, problem: Problem) -> Answer:
        return cls(False, problem.document.get("lines", []), Errors.of(problem))


def _path(number: int, path: str) -> str:
    return path if path.startswith("lines.") else f"lines.{number}.{path}".rstrip(".")


@dataclass
class Offered:
    """The slots for fetching and bringing back, and the chosen ones: the person's if they are offered."""

    pickup: list[datetime] = field(default_factory=list)
    giveback: list[datetime] = field(default_factory=list)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    errors: Errors = field(default_factory=Errors)


def slots(basket: Basket) -> Offered:
    """Nothing is fetched where there are only facilities, and nothing offered before days are chosen."""
    if not basket.days or not basket.depot_ids:
        return Offered()
    first, last = (one.isoformat() for one in basket.days)
    try:
        answer = api().bookings.slots(first, last, basket.depot_ids)
    except Problem as problem:
        return Offered(errors=days_errors(problem))
    pickup, giveback = (_instants(answer[name]) for name in ("pickup", "return"))
    suggested = answer.get("suggested") or {}
    return Offered(
        pickup,
        giveback,
        basket.pickup if basket.pickup in pickup else instant_in(suggested, "starts_at"),
        basket.giveback if basket.giveback in giveback else instant_in(suggested, "ends_at"),
    )


def _instants(texts: list[str]) -> list[datetime]:
    return [clock.local(datetime.fromisoformat(text)) for text in texts]


def instant_in(values: Mapping[str, Any], name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(values.get(name) or "")
    except ValueError:
        return None
    return clock.local(moment) if moment.tzinfo else None


def details(basket: Basket) -> Json:
    """What the person says of the whole booking."""
    return {name: getattr(basket, name) for name in ("purpose", "place_of_use", "open_to_all", "terms_accepted")}


def unsaid(said: Json) -> Errors:
    """The form's empty fields: /bookings/check leaves them out, and nobody should meet them only when sending."""
    texts = {
        "purpose": _("Skriv, hvad det skal bruges til."),
        "place_of_use": _("Skriv, hvor det skal bruges."),
        "terms_accepted": _("Sæt hak ved, at du passer på tingene."),
    }
    errors = Errors()
    for name, text in texts.items():
        if not said[name]:
            errors.add(name, text)
    return errors


def wish(basket: Basket, offered: Offered, said: Json | None = None) -> Json:
    """The body of /bookings and /bookings/check."""
    times = {"starts_at": offered.starts_at, "ends_at": offered.ends_at}
    return {
        **(said or {}),
        **{name: at.isoformat() for name, at in times.items() if at},
        "lines": [line.as_request() for line in basket.lines],
    }


def ask(basket: Basket, offered: Offered) -> Answer:
    if not basket:
        return Answer()
    try:
        return Answer.of_check(api().bookings.check(wish(basket, offered)))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return Answer.of_refusal(problem)
