"""The one clock. It can be moved in demo and test systems, for all processes at once, by a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_file: Path | None = None


def use_file(path: Path | None) -> None:
    """Let a file with an offset in seconds move this process's clock (demo and tests only)."""
    global _file
    _file = path


def offset() -> timedelta:
    if _file is None:
        return timedelta(0)
    try:
        return timedelta(seconds=float(_file.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta(0)


def move_to(moment: datetime) -> None:
    """Make `now()` go on from `moment` in every process that shares the clock file."""
    if _file is None:
        raise RuntimeError("No clock file is set: KOMMUNITY_CLOCK_FILE names one in demo and test systems.")
    temporary = _file.with_suffix(".new")
    temporary.write_text(str((moment - datetime.now(UTC)).total_seconds()))
    temporary.replace(_file)


def reset() -> None:
    if _file is not None:
        _file.unlink(missing_ok=True)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC) + offset()


def today() -> date:
    """The date on the wall in Denmark."""
    return now().astimezone(COPENHAGEN).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Danish clock."""
    return moment.astimezone(COPENHAGEN)


def at(day: date, wall: time) -> datetime:
    """The instant at which a Danish clock shows `wall` on `day`, in UTC."""
    return datetime.combine(day, wall, COPENHAGEN).astimezone(UTC)
