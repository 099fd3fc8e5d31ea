"""One shift on the sheet: its cells as they were typed, and what it is to the volunteers service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from services.portal import cells
from services.portal.formats import dato
from services.portal.forms import Errors

Json = dict[str, Any]

CELLS = ("day", "starts", "ends", "title", "place", "area")
ROLE_CELLS = ("name", "capacity", "minimum", "requirements")
CONTACT = ("contact_name", "contact_phone", "contact_email")
TEXTS = ("description", "organiser", "insurance", "cause", "meeting_point", "bring", *CONTACT)
NUMBERS = ("minimum_age", "child_minimum_age", "check_hours")
MORE = (*TEXTS, *NUMBERS, "children_welcome", "audience", "contact_id")

USUAL_ROLE = "Frivillig"
USUAL: Json = {
    "minimum_age": 0,
    "children_welcome": True,
    "child_minimum_age": 0,
    "check_hours": 48,
    "audience": "all",
}


@dataclass
class RoleLine:
    cells: dict[str, str]
    id: str = ""

    @classmethod
    def of(cls, role: Json) -> RoleLine:
        typed = {
            "name": role["name"],
            "capacity": str(role["capacity"]),
            "minimum": str(role["minimum"]),
            "requirements": cells.requirement_words(role.get("requirements") or []),
        }
        return cls(typed, role.get("id") or "")

    @property
    def is_blank(self) -> bool:
        return not self.id and not any(self.cells.values())

    def body(self) -> Json:
        capacity = cells.number(self.cells["capacity"]) or 0
        typed = self.cells["minimum"]
        role: Json = {
            "name": self.cells["name"] or USUAL_ROLE,
            "capacity": capacity,
            "minimum": (cells.number(typed) or 0) if typed else min(1, capacity),
            "requirements": cells.requirements(self.cells["requirements"])[0],
        }
        return {**role, "id": self.id} if self.id else role

    def errors(self) -> Iterator[tuple[str, str]]:
        if cells.number(self.cells["capacity"]) is None:
            yield "capacity", _("Skriv, hvor mange pladser der er: et helt tal fra 1 til 500.")
        if self.cells["minimum"] and cells.number(self.cells["minimum"]) is None:
            yield "minimum", _("Skriv det mindste antal som et helt tal, fx 2.")
        for word in cells.requirements(self.cells["requirements"])[1]:
            words = ", ".join(cells.known_requirements())
            yield "requirements", _("Vi kender ikke kravet “%(word)s”. Skriv et af: %(words)s.", word=word, words=words)


@dataclass
class Line:
    """`kept` holds what is in no cell: id, version, state, and the details of a line that is folded up."""

    cells: dict[str, str]
    roles: list[RoleLine]
    kept: Json
    is_open: bool = False

    @classmethod
    def of(cls, row: Json) -> Line:
        typed = {name: row.get(name) or "" for name in CELLS}
        if typed["day"]:
            typed["day"] = dato(typed["day"])
        for name in ("starts", "ends"):
            typed[name] = typed[name][:5].replace(":", ".")
        kept = {name: value for name, value in row.items() if name not in (*CELLS, "roles")}
        line = cls(typed, [RoleLine.of(role) for role in row["roles"]], kept)
        line.stands_here()
        return line

    @classmethod
    def blank(cls, kept: Json, **typed: str) -> Line:
        return cls({**dict.fromkeys(CELLS, ""), **typed}, [RoleLine(dict.fromkeys(ROLE_CELLS, ""))], {**USUAL, **kept})

    @property
    def id(self) -> str:
        return str(self.kept.get("id") or "")

    @property
    def state(self) -> str:
        return str(self.kept.get("state") or "draft") if self.id else "new"

    @property
    def is_blank(self) -> bool:
        """Nothing of its own is typed yet: the day and place of a new line came from the line above."""
        typed = [self.cells["title"], self.cells["starts"], self.cells["ends"]]
        return not self.id and not any(typed) and all(role.is_blank for role in self.roles)

    def stands_here(self) -> None:
        """Remember place and area: where the place alone is changed, the area follows it."""
        self.kept["stood"] = [self.cells["place"], self.cells["area"]]

    @property
    def has_left_its_area(self) -> bool:
        stood, now = self.kept.get("stood"), [self.cells["place"], self.cells["area"]]
        return isinstance(stood, list) and stood != now and stood[1:] == now[1:]

    @property
    def day(self) -> date | None:
        return cells.day(self.cells["day"])

    @property
    def taken(self) -> int:
        """How many are in, or have an offer."""
        counts = self.kept.get("sign_ups") or {}
        return sum(counts.get(name, 0) for name in ("confirmed", "offered")) if isinstance(counts, dict) else counts

    @property
    def kept_text(self) -> str:
        return json.dumps(self.kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def tidy(self) -> None:
        """Days and times as everybody writes them, where they can be read."""
        if self.day:
            self.cells["day"] = dato(self.day)
        for name in ("starts", "ends"):
            self.cells[name] = (cells.wall(self.cells[name]) or self.cells[name]).replace(":", ".")

    def copy(self) -> Line:
        """The same work once more: a new shift, without people."""
        kept = {name: value for name, value in self.kept.items() if name in (*MORE, "organiser_id", "audience_id")}
        roles = [RoleLine(dict(role.cells)) for role in self.roles]
        made = Line(dict(self.cells), roles, kept, self.is_open)
        made.stands_here()
        return made

    def body(self) -> Json:
        on = self.day
        ids = {name: self.kept[name] for name in ("id", "version") if self.kept.get(name)}
        return {
            **ids,
            **{name: self.cells[name] for name in ("title", "place", "area")},
            "day": on.isoformat() if on else "",
            "starts": cells.wall(self.cells["starts"]) or "",
            "ends": cells.wall(self.cells["ends"]) or "",
            "roles": [role.body() for role in self.roles if not role.is_blank or len(self.roles) == 1],
            **self._more(),
        }

    def _more(self) -> Json:
        audience = self.kept.get("audience") or "all"
        more: Json = {name: str(self.kept.get(name) or "") for name in TEXTS}
        more |= {name: cells.number(self._number(name)) or 0 for name in NUMBERS}
        more["children_welcome"] = bool(self.kept.get("children_welcome", True))
        more["audience"] = audience
        more["audience_id"] = self.kept.get("audience_id") if audience == "association" else None
        for name in ("contact_id", "organiser_id"):
            more[name] = self.kept.get(name) or None
        return more

    def errors(self, path: str, with_day: bool = True) -> Errors:
        """What cannot be read, at its cell. The rules are the service's."""
        errors = Errors()
        if with_day and not self.day:
            errors.add(f"{path}.day", _("Skriv dagen som 14.08.2027 eller bare 14.8."))
        for name in ("starts", "ends"):
            if cells.wall(self.cells[name]) is None:
                errors.add(f"{path}.{name}", _("Skriv tiden som 17.30."))
        for number, role in enumerate(self.roles):
            if role.is_blank and len(self.roles) > 1:
                continue
            for name, text in role.errors():
                errors.add(f"{path}.roles.{number}.{name}", text)
        for name in NUMBERS:
            if cells.number(self._number(name)) is None:
                errors.add(f"{path}.{name}", _("Skriv et helt tal, fx 15."))
        return errors

    def _number(self, name: str) -> str:
        typed = self.kept.get(name)
        return str(USUAL[name] if typed in (None, "") else typed)
