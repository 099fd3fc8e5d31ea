"""A plan is a table of rows, one for each shift, in Danish wall time: what a coordinator edits and sees checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.volunteers.domain import walls
from shared.qualifications import QUALIFICATIONS

MOST_ROWS = 500
SCOPES = (ONE, FOLLOWING, EVERY) = ("one", "following", "all")  # of a series
KINDS_OF_AUDIENCE = (ALL, ASSOCIATION, CAUSE) = ("all", "association", "cause")


@dataclass(frozen=True)
class RoleRow:
    name: str
    capacity: int
    minimum: int = 0
    requirements: tuple[str, ...] = ()
    id: UUID | None = None

    def __str__(self) -> str:
        """3 × Kiosk (1, trailerkort): places, name, the fewest that it takes, and what it asks for."""
        asked = [QUALIFICATIONS.get(slug, (slug, True))[0] for slug in self.requirements]
        return f"{self.capacity} × {self.name} ({', '.join([str(self.minimum), *asked])})"


@dataclass(frozen=True)
class Row:
    """Without an id it is a new shift; with one, `version` is the one that the coordinator saw.

    It ends on the next day where `ends` is not after `starts`. `title`, `day` … are what forms and tables call them.
    """

    title: str
    place: str
    area: str
    day: date
    starts: time
    ends: time
    roles: tuple[RoleRow, ...]
    organiser: str
    insurance: str
    description: str = ""
    minimum_age: int = 0
    children_welcome: bool = True
    child_minimum_age: int = 0
    organiser_id: UUID | None = None
    contact_id: UUID | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    meeting_point: str = ""
    bring: str = ""
    audience: str = ALL
    audience_id: UUID | None = None
    cause: str = ""
    check_hours: int = 48
    id: UUID | None = None
    version: int | None = None

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Half-open, in UTC."""
        return walls.instants(self.day, self.starts, self.ends)


@dataclass(frozen=True)
class Change:
    field: str
    old: Any
    new: Any


TIME = frozenset({"day", "starts", "ends"})
NOT_COMPARED = frozenset({"id", "version", "roles"})
COMPARED = tuple(field.name for field in fields(Row) if field.name not in NOT_COMPARED)


def changes_between(old: Row, new: Row) -> list[Change]:
    """What would be different, field by field, and role by role."""
    changed = [
        Change(name, getattr(old, name), getattr(new, name))
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    ]
    return changed + list(_role_changes(old.roles, new.roles))


def _role_changes(old: tuple[RoleRow, ...], new: tuple[RoleRow, ...]) -> Iterator[Change]:
    pairs = [(role, earlier(role, old)) for role in new]
    for role, before in pairs:
        if before is None or role_facts(before) != role_facts(role):
            yield Change("roles", str(before) if before else "", str(role))
    kept = {before.id for _, before in pairs if before}
    yield from (Change("roles", str(role), "") for role in old if role.id not in kept)


def role_facts(role: RoleRow) -> tuple[Any, ...]:
    return role.name, role.capacity, role.minimum, sorted(role.requirements)


def earlier(role: RoleRow, roles: tuple[RoleRow, ...]) -> RoleRow | None:
    """The same role as it is stored: by its id, or by its name where a row comes without."""
    if role.id is not None:
        return next((one for one in roles if one.id == role.id), None)
    return next((one for one in roles if one.name.casefold() == role.name.casefold()), None)
