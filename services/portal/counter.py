"""What staff type at the depot's desk: read from the form, shown again as typed, and sent on to inventory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services.portal.answers import Problem
from services.portal.forms import Errors

Json = dict[str, Any]

HAND_OUT, TAKE_BACK = STEPS = ("udlever", "tag-imod")
COUNTS = {HAND_OUT: ("quantity", "broken"), TAKE_BACK: ("quantity", "broken", "missing")}
UNIT_IDS = {"quantity": "unit_ids", "broken": "broken_unit_ids", "missing": "missing_unit_ids"}


@dataclass
class Entry:
    """One line of the pick list: counts as texts, or for numbered units what happens to each ("quantity", …)."""

    line: Json
    step: str
    typed: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def id(self) -> str:
        return str(self.line["id"])

    @property
    def is_numbered(self) -> bool:
        return bool(self.line["kind"] == "numbered")

    @property
    def open(self) -> int:
        """How many are still to be handed out, or to come back."""
        if self.step == TAKE_BACK:
            return int(self.line["outstanding"])
        return max(0, self.line["quantity"] - self.line["handed_out"] - self.line["broken_at_hand_out"])

    @property
    def offered_units(self) -> list[Json]:
        """The units set aside for this booking come first."""
        if self.step == TAKE_BACK:
            return list(self.line["units_out"])
        aside = set(self.line["unit_ids"])
        return sorted(self.line["available_units"], key=lambda unit: (unit["id"] not in aside, unit["number"]))

    def count(self, name: str) -> int:
        if self.is_numbered:
            return list(self.units.values()).count(name)
        text = self.typed.get(name, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def is_number(self, name: str) -> bool:
        text = self.typed.get(name, "").strip()
        return not text or (text.isascii() and text.isdigit() and len(text) < 10)

    @property
    def pieces(self) -> int:
        return sum(self.count(name) for name in COUNTS[self.step])

    @property
    def left(self) -> int:
        return max(0, self.open - self.pieces)

    def body(self) -> Json:
        body: Json = {"line_id": self.id, **{name: self.count(name) for name in COUNTS[self.step]}}
        for name in COUNTS[self.step]:
            chosen = [unit for unit, fate in self.units.items() if fate == name]
            if chosen:
                body[UNIT_IDS[name]] = chosen
        return {**body, "note": self.note} if self.note else body


@dataclass
class Sheet:
    """The whole form of one step at the desk."""

    step: str
    entries: list[Entry]
    version: int
    seen: int
    note: str = ""
    rest: str = ""

    @classmethod
    def blank(cls, handover: Json, step: str) -> Sheet:
        entries = [Entry(line, step) for line in handover["lines"]]
        return cls(step, entries, handover["version"], len(handover["steps"]))

    @classmethod
    def typed(cls, handover: Json, step: str, form: MultiDict[str, str]) -> Sheet:
        """As it came from the browser. Reads nothing but the form, so that the same form always says the same."""
        entries = [_entry(line, step, form) for line in handover["lines"]]
        version, seen = (form.get(name, 0, type=int) for name in ("version", "steps"))
        return cls(step, entries, version, seen, form.get("note", "").strip(), form.get("rest", ""))

    @property
    def shown(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.open or entry.pieces]

    @property
    def filled(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.pieces]

    def total(self, name: str) -> int:
        return sum(entry.count(name) for entry in self.entries)

    @property
    def left(self) -> int:
        return sum(entry.left for entry in self.entries)

    @property
    def remaining(self) -> list[Json]:
        """What is left of each material: unlike things are not added up."""
        return [{"quantity": entry.left, "name": entry.line["name"]} for entry in self.entries if entry.left]

    @property
    def moving(self) -> int:
        """How many materials go out, or come back whole."""
        return sum(1 for entry in self.entries if entry.count("quantity"))

    def errors(self) -> Errors:
        errors = Errors()
        for entry in self.entries:
            for name in COUNTS[self.step]:
                if not entry.is_number(name):
                    errors.add(f"{name}-{entry.id}", _("Skriv et helt tal, fx 40."))
        if not errors and not self.filled:
            text = _("Skriv, hvor mange der udleveres, eller tryk på “Alle”.")
            if self.step == TAKE_BACK:
                text = _("Skriv, hvor mange der er kommet tilbage, eller tryk på “Alle”.")
            errors.add("sheet", text)
        return errors

    def body(self) -> Json:
        body: Json = {"lines": [entry.body() for entry in self.filled]}
        if self.note:
            body["note"] = self.note
        if self.rest == "drop":
            body["complete"] = True
        return body

    def errors_of(self, problem: Problem) -> Errors:
        """The service's reasons at our own fields: its lines.2.quantity is the third line that was sent."""
        errors = Errors()
        for reason in problem.reasons:
            errors.add(self._field(reason.get("field") or ""), reason["text"])
        if not errors:
            errors.add("sheet", _("En del af Kommunity svarer ikke lige nu. Prøv igen om et øjeblik."))
        return errors

    def _field(self, path: str) -> str:
        head, index, name = [*path.split("."), "", ""][:3]
        if head != "lines" or not index.isdigit() or int(index) >= len(self.filled):
            return "note" if head == "note" else "sheet"
        entry = self.filled[int(index)]
        return f"{name if name in COUNTS[self.step] and not entry.is_numbered else 'quantity'}-{entry.id}"

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Everything typed, for the page that asks to confirm it."""
        yield from (("version", str(self.version)), ("steps", str(self.seen)), ("note", self.note))
        for entry in self.filled:
            yield from ((f"{name}-{entry.id}", text) for name, text in entry.typed.items() if text)
            yield from ((f"unit-{entry.id}-{unit}", fate) for unit, fate in entry.units.items())
            yield (f"note-{entry.id}", entry.note)


def _entry(line: Json, step: str, form: MultiDict[str, str]) -> Entry:
    prefix = f"unit-{line['id']}-"
    return Entry(
        line,
        step,
        typed={name: form.get(f"{name}-{line['id']}", "").strip() for name in COUNTS[step]},
        units={
            name.removeprefix(prefix): fate
            for name, fate in form.items()
            if name.startswith(prefix) and fate in COUNTS[step]
        },
        note=form.get(f"note-{line['id']}", "").strip(),
    )
