"""What the sheet's own buttons do: everything that needs no service. Each returns the field that is typed in next."""

from __future__ import annotations

from collections.abc import Callable

from services.portal.plan_sheet.line import MORE, ROLE_CELLS, Line, RoleLine
from services.portal.plan_sheet.sheet import MOST_LINES, Json, Sheet

INHERITED = ("day", "place", "area")


def press(sheet: Sheet, button: str, usual: Json) -> str | None:
    """Carry out "copy.3" and the like. None: it is no button of the sheet itself."""
    verb, *where = button.split(".")
    act = BUTTONS.get(verb)
    numbers = [int(one) for one in where if one.isdigit()]
    if act is None or len(numbers) != len(where) or not _exists(sheet, numbers):
        return None
    return act(sheet, usual, *numbers)


def _exists(sheet: Sheet, numbers: list[int]) -> bool:
    if numbers and numbers[0] >= len(sheet.lines):
        return False
    return len(numbers) < 2 or numbers[1] < len(sheet.lines[numbers[0]].roles)


def add(sheet: Sheet, usual: Json) -> str:
    """A new line goes on where the last one is: the same day and place, the same organiser and insurance."""
    if len(sheet.lines) >= MOST_LINES:
        return f"rows.{MOST_LINES - 1}.title"
    sheet.lines.append(new_line(sheet.lines[-1] if sheet.lines else None, usual))
    return f"rows.{len(sheet.lines) - 1}.{'title' if sheet.lines[-1].cells['day'] else 'day'}"


def new_line(above: Line | None, usual: Json) -> Line:
    if above is None:
        return Line.blank(usual)
    kept = {name: value for name, value in above.copy().kept.items() if name not in ("description", "bring")}
    line = Line.blank(kept, **{name: above.cells[name] for name in INHERITED})
    line.stands_here()
    return line


def copy(sheet: Sheet, usual: Json, number: int) -> str:
    sheet.lines.insert(number + 1, sheet.lines[number].copy())
    return f"rows.{number + 1}.day"


def drop(sheet: Sheet, usual: Json, number: int) -> str:
    del sheet.lines[number]
    if not sheet.lines:
        sheet.lines.append(Line.blank(usual))
    return f"rows.{min(number, len(sheet.lines) - 1)}.title"


def role(sheet: Sheet, usual: Json, number: int) -> str:
    sheet.lines[number].roles.append(RoleLine(dict.fromkeys(ROLE_CELLS, "")))
    return f"rows.{number}.roles.{len(sheet.lines[number].roles) - 1}.name"


def unrole(sheet: Sheet, usual: Json, number: int, which: int) -> str:
    if len(sheet.lines[number].roles) > 1:
        del sheet.lines[number].roles[which]
    return f"rows.{number}.roles.0.name"


def more(sheet: Sheet, usual: Json, number: int) -> str:
    line = sheet.lines[number]
    line.is_open = not line.is_open
    return f"rows.{number}.{'description' if line.is_open else 'title'}"


def spread(sheet: Sheet, usual: Json, number: int) -> str:
    """The details of one line for all: forty shifts get their insurance at once."""
    kept = sheet.lines[number].kept
    details = {name: kept.get(name) for name in (*MORE, "organiser_id", "audience_id") if name in kept}
    for line in sheet.lines:
        line.kept |= details
    return f"rows.{number}.description"


BUTTONS: dict[str, Callable[..., str]] = {
    "add": add,
    "copy": copy,
    "drop": drop,
    "role": role,
    "unrole": unrole,
    "more": more,
    "spread": spread,
}
