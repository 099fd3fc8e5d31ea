"""The basket and the period: ids and numbers in the signed session cookie, nothing on the server."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask, g, session

from shared import clock

MOST_LINES = 30
LONGEST_PURPOSE = 300  # as in the form: a cookie holds 4 kB
LONGEST_PLACE = 200
MOST_OF_ONE = 1_000_000_000  # more digits would only fill the cookie


@dataclass
class Line:
    """So many of a material, or a facility from–to (its own instants)."""

    resource_id: str
    quantity: int = 1
    depot_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def is_facility(self) -> bool:
        return self.starts_at is not None

    def as_request(self) -> dict[str, Any]:
        if self.starts_at and self.ends_at:
            times = {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}
            return {"resource_id": self.resource_id, **times}
        return {"resource_id": self.resource_id, "quantity": self.quantity}


@dataclass
class Basket:
    """`first` and `last` are the days of use; `pickup` and `giveback` the chosen slots; the rest is said of it all."""

    first: date | None = None
    last: date | None = None
    pickup: datetime | None = None
    giveback: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    purpose: str = ""
    place_of_use: str = ""
    open_to_all: bool = False
    terms_accepted: bool = False

    def __len__(self) -> int:
        return len(self.lines)

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def days(self) -> tuple[date, date] | None:
        return (self.first, self.last) if self.first and self.last else None

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MOST_LINES

    @property
    def depot_ids(self) -> list[str]:
        return sorted({line.depot_id for line in self.lines if line.depot_id})

    def set_days(self, first: date | None, last: date | None) -> None:
        if (first, last) != (self.first, self.last):
            self.first, self.last = first, last
            self.pickup = self.giveback = None

    def say(self, form: Mapping[str, str]) -> None:
        """What the form holds of the whole booking. A stranger's form has no such fields and changes nothing."""
        if "purpose" in form:
            self.purpose = form["purpose"].strip()[:LONGEST_PURPOSE]
            self.place_of_use = form.get("place_of_use", "").strip()[:LONGEST_PLACE]
            self.open_to_all = bool(form.get("open_to_all"))
            self.terms_accepted = bool(form.get("terms_accepted"))

    def put(self, line: Line) -> bool:
        """Add a line, or to the line of the same material. False if the basket is full."""
        same = next((one for one in self.lines if one.resource_id == line.resource_id and not one.is_facility), None)
        if same and not line.is_facility:
            same.quantity = min(same.quantity + line.quantity, MOST_OF_ONE)
            return True
        if self.is_full:
            return False
        self.lines.append(line)
        return True

    def dump(self) -> dict[str, Any]:
        """Short enough for a cookie: raw ids in base64, each depot once, instants in minutes."""
        depots = self.depot_ids
        return {
            "days": [day.isoformat() for day in self.days or ()],
            "slots": [_minutes(self.pickup), _minutes(self.giveback)],
            "depots": [_short(depot) for depot in depots],
            "lines": [_dump_line(line, depots) for line in self.lines],
            "said": [self.purpose, self.place_of_use, int(self.open_to_all), int(self.terms_accepted)],
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> Basket:
        first, last = [date.fromisoformat(day) for day in kept["days"]] or (None, None)
        pickup, giveback = (_instant(minutes) for minutes in kept["slots"])
        depots = [_long(depot) for depot in kept["depots"]]
        purpose, place, is_open, accepted = kept.get("said", ("", "", 0, 0))
        lines = [_load_line(line, depots) for line in kept["lines"]]
        return cls(first, last, pickup, giveback, lines, purpose, place, bool(is_open), bool(accepted))


def _dump_line(line: Line, depots: list[str]) -> list[Any]:
    if line.is_facility:
        return [_short(line.resource_id), _minutes(line.starts_at), _minutes(line.ends_at)]
    where = [depots.index(line.depot_id)] if line.depot_id else []
    return [_short(line.resource_id), line.quantity, *where]


def _load_line(kept: list[Any], depots: list[str]) -> Line:
    resource_id = _long(kept[0])
    if len(kept) == 3 and kept[2] > len(depots):
        return Line(resource_id, starts_at=_instant(kept[1]), ends_at=_instant(kept[2]))
    return Line(resource_id, kept[1], depots[kept[2]] if len(kept) == 3 else "")


def _short(identifier: str) -> str:
    return base64.urlsafe_b64encode(UUID(identifier).bytes).decode().rstrip("=")


def _long(short: str) -> str:
    return str(UUID(bytes=base64.urlsafe_b64decode(short + "==")))


def _minutes(moment: datetime | None) -> int:
    return int(moment.timestamp() // 60) if moment else 0


def _instant(minutes: int) -> datetime | None:
    return datetime.fromtimestamp(minutes * 60, clock.COPENHAGEN) if minutes else None


def basket() -> Basket:
    if "basket" not in g:
        try:
            g.basket = Basket.load(session["basket"])
        except (KeyError, ValueError, TypeError, IndexError):
            g.basket = Basket()
    known: Basket = g.basket
    return known


def keep() -> None:
    session["basket"] = basket().dump()


def empty_basket() -> None:
    session.pop("basket", None)
    g.pop("basket", None)


def init_app(app: Flask) -> None:
    @app.context_processor
    def shown() -> dict[str, Any]:
        return {"basket": basket()}
