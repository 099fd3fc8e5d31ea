"""What stops a row of a plan, and what a coordinator should only know of: always everything at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.volunteers.domain import walls
from services.volunteers.domain.eligibility import FULL_AGE
from services.volunteers.domain.holidays import SchoolBreak, public_holiday, school_holiday
from services.volunteers.domain.plans import ASSOCIATION, CAUSE, TIME, RoleRow, Row, earlier
from services.volunteers.domain.series import NOT, Pattern
from shared.errors import N_, Reason
from shared.qualifications import QUALIFICATIONS

MOST_PLACES, MOST_ROLES = 500, 20
PHONE, EMAIL = re.compile(r"\+?[0-9](?: ?[0-9]){4,17}"), re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
FURTHEST = timedelta(days=3 * 366)
NIGHT, LONGEST_NIGHT = timedelta(hours=12), timedelta(hours=16)  # into the next day: looks like a slip; is one


Contacts = Mapping[UUID, Collection[UUID]] | None


@dataclass(frozen=True)
class Ground:
    """What the rules must know of the town and of who plans.

    `organisers`: whose shifts she plans; None: all. `contacts`: whom she may name on the shifts of each; None: anybody.
    """

    now: datetime
    places: Mapping[str, tuple[str, str]]  # by the name in small letters: name and area
    areas: frozenset[str]
    associations: Mapping[UUID, str]
    organisers: frozenset[UUID] | None
    breaks: Sequence[SchoolBreak]
    contacts: Contacts
    series: Pattern | None = None  # that the new rows came from


@dataclass(frozen=True)
class Stored:
    """The shift of a row as it is. `taken` and `used` by role: places taken, and whether anybody ever signed up."""

    row: Row
    state: str
    starts_at: datetime
    ends_at: datetime
    taken: Mapping[UUID, int]
    used: frozenset[UUID]


def period_of(row: Row, stored: Stored | None) -> tuple[datetime, datetime]:
    """Where the wall times stay, so do the instants: the hour that comes twice is told apart by nothing else."""
    if stored and all(getattr(stored.row, name) == getattr(row, name) for name in TIME):
        return stored.starts_at, stored.ends_at
    return row.period


def problems_of(row: Row, stored: Stored | None, ground: Ground) -> list[Reason]:
    """All that stops this row by itself; `stored` is None for a new shift."""
    return [reason for rule in RULES for reason in rule(row, stored, ground)]


def _all_filled_in(row: Row, _stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    for name in ("title", "place", "organiser", "insurance"):
        if not getattr(row, name).strip():
            yield Reason("missing-value", N_("Feltet er tomt. Skriv noget."), name)
    if not row.roles:
        yield Reason("missing-value", N_("En vagt skal have mindst én rolle med pladser."), "roles")


def _possible_time(row: Row, stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    starts_at, _ = period_of(row, stored)
    for name, day in (("starts", row.day), ("ends", walls.ends_on(row.day, row.starts, row.ends))):
        if not walls.exists(day, getattr(row, name)):
            text = N_("Klokken springer en time frem den nat, så det tidspunkt findes ikke. Skriv en time senere.")
            yield Reason("no-such-time", text, name)
    if stored and starts_at == stored.starts_at:
        return
    if starts_at <= ground.now:
        yield Reason("past", N_("Tidspunktet er passeret. Vælg et senere."), "day")
    elif starts_at - ground.now > FURTHEST:
        yield Reason("too-far", N_("Dagen er mere end tre år væk. Vælg en tidligere."), "day")


def _ends_after_start(row: Row, _stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    """An end that is no later than the start is meant for the next day, or is a slip."""
    if row.ends <= row.starts and hours_into_next_day(row) > LONGEST_NIGHT:
        text = N_("Slut ligger før start. Ret en af dem, eller del vagten, hvis den går hen over natten.")
        yield Reason("ends-before-start", text, "ends")


def hours_into_next_day(row: Row) -> timedelta:
    """How long it lasts by the clock on the wall, into the next day."""
    return datetime.combine(row.day + walls.ONE_DAY, row.ends) - datetime.combine(row.day, row.starts)


def _still_open(_row: Row, stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    if stored is None:
        return
    if stored.state in ("held", "cancelled"):
        yield Reason("shift-ended", N_("Vagten er afholdt eller aflyst og kan ikke ændres. Lav en ny."))
    elif stored.starts_at <= ground.now:
        yield Reason("shift-started", N_("Vagten er begyndt og kan ikke ændres mere."))


def _known_area(row: Row, _stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    if row.area not in ground.areas:
        text = N_("Området “{area}” kendes ikke. Vælg et fra listen, eller opret stedet først.")
        yield Reason("unknown-area", text, "area", {"area": row.area})


def _sane_numbers(row: Row, _stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    bounds = {"minimum_age": (0, 99), "child_minimum_age": (0, FULL_AGE - 1), "check_hours": (0, 720)}
    yield from _out_of_bounds(row, bounds)
    if len(row.roles) > MOST_ROLES:
        yield Reason("too-many-roles", N_("Højst {most} roller på en vagt."), "roles", {"most": MOST_ROLES})


def _out_of_bounds(what: Any, bounds: Mapping[str, tuple[int, int]]) -> Iterator[Reason]:
    for name, (least, most) in bounds.items():
        if not least <= getattr(what, name) <= most:
            text = N_("Skriv et tal mellem {least} og {most}.")
            yield Reason("out-of-range", text, name, {"least": least, "most": most})


def _right_roles(row: Row, stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    names: set[str] = set()
    for number, role in enumerate(row.roles):
        wrong = list(_of_role(role, names))
        if role.capacity >= _taken(role, stored):
            wrong += _out_of_bounds(role, {"capacity": (1, MOST_PLACES)})
        yield from (reason.at(f"roles.{number}") for reason in wrong)
        names.add(role.name.casefold())


def _taken(role: RoleRow, stored: Stored | None) -> int:
    """How many places of the role are taken: fewer than that are refused for that reason alone."""
    before = earlier(role, stored.row.roles) if stored else None
    return stored.taken.get(before.id, 0) if stored and before and before.id else 0


def _of_role(role: RoleRow, names: set[str]) -> Iterator[Reason]:
    if not role.name.strip():
        yield Reason("missing-value", N_("Feltet er tomt. Skriv noget."), "name")
    elif role.name.casefold() in names:
        text = N_("Rollen står der to gange. Læg pladserne sammen, eller giv den ene et andet navn.")
        yield Reason("repeated-role", text, "name")
    if role.capacity >= 1 and not 0 <= role.minimum <= role.capacity:
        text = N_("Minimum skal være mellem 0 og antallet af pladser.")
        yield Reason("minimum-above-capacity", text, "minimum")
    for slug in role.requirements:
        if slug not in QUALIFICATIONS:
            text = N_("Kravet “{requirement}” kendes ikke. Vælg et fra listen.")
            yield Reason("unknown-requirement", text, "requirements", {"requirement": slug})


def _roles_that_are_taken(row: Row, stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    """Nobody loses a place because a number was changed."""
    if stored is None:
        return
    kept = {}
    for number, role in enumerate(row.roles):
        before = earlier(role, stored.row.roles)
        if before is not None and before.id is not None:
            kept[before.id] = before
            taken = stored.taken.get(before.id, 0)
            if role.capacity < taken:
                text = N_("{taken} pladser er taget. Skriv mindst {taken}, eller giv nogen fri først.")
                yield Reason("capacity-below-taken", text, f"roles.{number}.capacity", {"taken": taken})
        elif role.id is not None:
            text = N_("Rollen findes ikke mere. Hent vagten igen.")
            yield Reason("unknown-role", text, f"roles.{number}.name")
    for role in stored.row.roles:
        if role.id not in kept and role.id in stored.used:
            text = N_("Der har været tilmeldte til “{name}”, så rollen kan ikke fjernes. Behold den.")
            yield Reason("role-in-use", text, "roles", {"name": role.name})


def _ones_own(row: Row, _stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    if ground.organisers is not None and row.organiser_id not in ground.organisers:
        text = N_("Du kan kun planlægge vagter, som din egen forening er arrangør af. Vælg din forening.")
        yield Reason("not-yours", text, "organiser")
    elif row.organiser_id is not None and row.organiser_id not in ground.associations:
        yield Reason("unknown-organiser", N_("Foreningen kendes ikke. Vælg en fra listen."), "organiser")


def may_be_contact(row: Row, contacts: Contacts) -> bool:
    """That the shift is another's is told by another rule."""
    allowed = contacts.get(row.organiser_id) if contacts and row.organiser_id else None
    return row.contact_id is None or allowed is None or row.contact_id in allowed


def _right_contact(row: Row, stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    """A volunteer calls this person: nobody else's name is given away for it."""
    if stored is not None and row.contact_id == stored.row.contact_id:
        return
    if not may_be_contact(row, ground.contacts):
        text = N_("Vælg dig selv, eller en der tegner eller booker for foreningen.")
        yield Reason("not-a-contact", text, "contact_id")


def _reachable(row: Row, _stored: Stored | None, _ground: Ground) -> Iterator[Reason]:
    if row.contact_phone and not PHONE.fullmatch(row.contact_phone):
        yield Reason("bad-phone", N_("Skriv et telefonnummer som 12 34 56 78 eller +45 12 34 56 78."), "contact_phone")
    if row.contact_email and not EMAIL.fullmatch(row.contact_email):
        yield Reason("bad-email", N_("Skriv en e-mail som navn@eksempel.dk."), "contact_email")


def _right_audience(row: Row, _stored: Stored | None, ground: Ground) -> Iterator[Reason]:
    if row.audience == ASSOCIATION and row.audience_id not in ground.associations:
        text = N_("Vælg, hvilken forenings medlemmer vagten er for.")
        yield Reason("audience-missing", text, "audience")
    if row.audience == CAUSE and not row.cause:
        yield Reason("audience-missing", N_("Skriv, hvilken sag vagten hører til."), "cause")


Rule = Callable[[Row, Stored | None, Ground], Iterator[Reason]]
RULES: tuple[Rule, ...] = (
    _still_open,
    _all_filled_in,
    _possible_time,
    _ends_after_start,
    _known_area,
    _sane_numbers,
    _right_roles,
    _roles_that_are_taken,
    _ones_own,
    _right_contact,
    _reachable,
    _right_audience,
)


def _holidays(row: Row, ground: Ground) -> Iterator[Reason]:
    """What a series was asked to have is news to nobody."""
    rule = ground.series if row.id is None else None
    if not (rule and rule.on_public_holidays) and (name := public_holiday(row.day)):
        yield Reason("public-holiday", N_("Helligdag: {name}."), "day", {"name": name})
    if not (rule and rule.in_school_holidays != NOT) and (name := school_holiday(row.day, ground.breaks)):
        yield Reason("school-holiday", N_("Skoleferie: {name}."), "day", {"name": name})


def told_of(row: Row, ground: Ground) -> Iterator[Reason]:
    """What is worth a thought, and stops nothing."""
    yield from _holidays(row, ground)
    for field, day in (("starts", row.day), ("ends", walls.ends_on(row.day, row.starts, row.ends))):
        if walls.occurs_twice(day, getattr(row, field)):
            text = N_("Klokken stilles tilbage den nat, så tidspunktet kommer to gange. Det første gælder.")
            yield Reason("time-occurs-twice", text, field)
    if row.ends <= row.starts and (lasts := hours_into_next_day(row)) > NIGHT:
        text = N_("Slutter næste dag kl. {ends}, {hours} timer senere.")
        params = {"ends": f"{row.ends:%H.%M}", "hours": round(lasts / timedelta(hours=1))}
        yield Reason("ends-next-day", text, "ends", params)
    place, area = ground.places.get(row.place.strip().lower(), (row.place, ""))
    if row.place.strip() and not area:
        text = N_("“{place}” er et nyt sted. Er det stavet rigtigt?")
        yield Reason("unknown-place", text, "place", {"place": row.place})
    elif row.area != area:
        text = N_("{place} ligger i {area}. Er området rigtigt?")
        yield Reason("other-area", text, "area", {"place": place, "area": area})
