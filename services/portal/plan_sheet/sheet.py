"""The whole sheet: read from the form, sent to volunteers, and told what volunteers answered."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from services.portal.answers import Problem
from services.portal.forms import Errors
from services.portal.plan_sheet.line import CELLS, MORE, ROLE_CELLS, Line, RoleLine

Json = dict[str, Any]
Form = MultiDict[str, str]

MOST_LINES = 500
LINE, ROLE = re.compile(r"(rows\.\w+)\.kept"), re.compile(r"((rows\.\w+)\.roles\.\w+)\.name")


@dataclass
class Sheet:
    lines: list[Line]
    rule: Json | None = None  # of the series that these lines will be
    released: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[Json], rule: Json | None = None) -> Sheet:
        return cls([Line.of(row) for row in rows], rule)

    @classmethod
    def typed(cls, form: Form) -> Sheet:
        """As it came from the browser, lines in the order in which they stood there."""
        roles: dict[str, list[RoleLine]] = {}
        for match in filter(None, map(ROLE.fullmatch, form)):
            roles.setdefault(match[2], []).append(_role(form, match[1]))
        paths = [match[1] for match in filter(None, map(LINE.fullmatch, form))][:MOST_LINES]
        lines = [_line(form, path, roles.get(path, [])) for path in paths]
        return cls(lines, _object(form.get("rule", "")) or None, form.getlist("release"), form.getlist("chosen"))

    @property
    def filled(self) -> list[Line]:
        return [line for line in self.lines if not line.is_blank]

    @property
    def has_drafts(self) -> bool:
        return any(line.state in ("new", "draft") for line in self.filled)

    @property
    def only_drafts(self) -> bool:
        return all(line.state in ("new", "draft") for line in self.filled)

    def body(self) -> Json:
        rule = {"series": self.rule} if self.rule else {}
        return {"rows": [line.body() for line in self.filled], "release": self.released, **rule}

    @property
    def fingerprint(self) -> str:
        """Of the shifts that would be saved: the same after a check means that nothing was typed since."""
        content = json.dumps([self.body()["rows"], self.rule], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:32]

    def fill_areas(self, areas: dict[str, str]) -> None:
        """A known place says by itself in which area it lies, unless another one was typed."""
        for line in self.lines:
            known = areas.get(line.cells["place"].casefold(), "")
            if known and (not line.cells["area"] or line.has_left_its_area):
                line.cells["area"] = known
                line.stands_here()

    def path(self, number: int) -> str:
        """Where the n-th line that was sent stands on the sheet."""
        wanted = self.filled[number]
        return f"rows.{next(at for at, line in enumerate(self.lines) if line is wanted)}"

    def without(self, errors: Errors) -> Sheet:
        """The lines that can be read, each where it stands."""
        lines = [Line.blank({}) if errors.under(f"rows.{number}") else line for number, line in enumerate(self.lines)]
        return Sheet(lines, self.rule, self.released)

    def errors(self) -> Errors:
        errors = Errors()
        for number, line in enumerate(self.lines):
            if not line.is_blank:
                errors.extend(line.errors(f"rows.{number}"))
        return errors

    def errors_of(self, problem: Problem) -> Errors:
        """The service's reasons at the sheet's own cells."""
        errors = Errors()
        for reason in problem.reasons:
            errors.add(self.cell(reason.get("field") or ""), reason["text"])
        return errors

    def cell(self, field: str) -> str:
        """The cell of a field in the service's words ("rows.3.ends_at"); a line itself where no cell is that field."""
        head, number, *rest = [*field.split("."), "", ""]
        if head != "rows" or not number.isdigit() or int(number) >= len(self.filled):
            return ""
        line = self.filled[int(number)]
        return ".".join([self.path(int(number)), *line_cell(line, [one for one in rest if one])])

    def problems(self, report: Json) -> Errors:
        """What stops the save, by cell; folded lines with a problem inside are opened."""
        errors = Errors()
        for row in report["rows"]:
            for problem in row["problems"]:
                within = (problem.get("field") or "").removeprefix(f"rows.{row['index']}").strip(".")
                errors.add(self.cell(f"rows.{row['index']}.{within}"), problem["text"])
        return errors

    def fold(self, errors: Errors) -> None:
        """Open the first line whose details hold an error: what is put right there can be used for all the others."""
        wrong = [number for number in range(len(self.lines)) if hidden_errors(errors, number)]
        for number, line in enumerate(self.lines):
            line.is_open = number in wrong[:1]

    def anchors(self, errors: Errors) -> dict[str, str]:
        """Where the summary leads for what stands in no cell that can be seen: to its line."""
        found = {}
        for path, _text in errors:
            _rows, number, *rest = [*path.split("."), ""]
            is_folded = number.isdigit() and int(number) < len(self.lines) and not self.lines[int(number)].is_open
            if is_folded and rest[0] in MORE:
                found[path] = f"rows-{number}"
        return found


def line_errors(errors: Errors, number: int, is_open: bool) -> dict[str, list[str]]:
    """What is said below a line, by cell: all of its errors but those that stand at the fields of its open details."""
    found: dict[str, list[str]] = {}
    for path, text in errors:
        head, *rest = path.removeprefix(f"rows.{number}").split(".")
        is_here = path.startswith(f"rows.{number}") and not head
        if is_here and not (is_open and rest[:1] and rest[0] in MORE):
            found.setdefault(path, []).append(text)
    return found


def hidden_errors(errors: Errors, number: int) -> list[str]:
    """Those in the details of a line, where nobody sees them while it is folded up."""
    return [name for name in MORE if errors.at(f"rows.{number}.{name}")]


OTHER_NAMES = {"starts_at": "starts", "ends_at": "ends", "audience_id": "audience", "organiser_id": "organiser"}


def line_cell(line: Line, path: list[str]) -> list[str]:
    """ "roles.1.capacity" → the same; a field that stands in no cell → the line itself ([])."""
    if path[:1] == ["roles"]:
        number, name = [*path[1:3], "", ""][:2]
        number = number if number.isdigit() and int(number) < len(line.roles) else "0"
        return ["roles", number, name if name in ROLE_CELLS else "name"]
    name = OTHER_NAMES.get(path[0], path[0]) if path else ""
    return [name] if name in (*CELLS, *MORE) else []


def _line(form: Form, path: str, roles: list[RoleLine]) -> Line:
    typed = {name: form.get(f"{path}.{name}", "").strip() for name in CELLS}
    kept = _object(form.get(f"{path}.kept", ""))
    is_open = f"{path}.open" in form
    roles = roles or [RoleLine(dict.fromkeys(ROLE_CELLS, ""))]
    return Line(typed, roles, {**kept, **_more(form, path, kept)} if is_open else kept, is_open)


def _role(form: Form, path: str) -> RoleLine:
    return RoleLine({name: form.get(f"{path}.{name}", "").strip() for name in ROLE_CELLS}, form.get(f"{path}.id", ""))


def _more(form: Form, path: str, kept: Json) -> Json:
    """The details of an unfolded line. "association 1234" is an audience and whose."""
    typed: Json = {name: form.get(f"{path}.{name}", "").strip().replace("\r\n", "\n") for name in MORE}
    audience, _space, audience_id = typed["audience"].partition(" ")
    if typed["organiser"] != kept.get("organiser"):
        typed["organiser_id"] = None
    return {**typed, "audience": audience or "all", "audience_id": audience_id or None}


def _object(text: str) -> Json:
    """A JSON object out of a hidden field; {} for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
