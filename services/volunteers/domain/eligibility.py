"""Who may take what: every rule about one person and one role, and always all reasons at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared.clock import local
from shared.errors import N_, Reason
from shared.qualifications import CHILD_PROTECTION, QUALIFICATIONS

FULL_AGE = 18


class Wanted(NamedTuple):
    """A role on a shift, as far as the rules ask. audience: all, association or cause.

    `children_welcome`, from `child_minimum_age` on: together with an adult.
    """

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    minimum_age: int
    requirements: tuple[str, ...]
    audience: str = "all"
    audience_id: UUID | None = None
    audience_name: str = ""
    children_welcome: bool = True
    child_minimum_age: int = 0


@dataclass(frozen=True)
class Engagement:
    """A place that somebody has already: nobody is in two places at once."""

    shift_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Facts:
    """What is known of one person. `qualifications`: slug → last good day, None for always."""

    born_on: date | None
    qualifications: Mapping[str, date | None]
    associations: frozenset[UUID]
    causes: frozenset[UUID]
    engagements: tuple[Engagement, ...]


NOTHING_KNOWN = Facts(None, {}, frozenset(), frozenset(), ())


def reasons_against(wanted: Wanted, facts: Facts) -> list[Reason]:
    """All reasons why this person may not take this role; none: she may."""
    return [reason for rule in RULES for reason in rule(wanted, facts)]


def age_on(born_on: date, day: date) -> int:
    """Full years; who is born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _old_enough(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    if not wanted.minimum_age:
        return
    params = {"age": wanted.minimum_age}
    if facts.born_on is None:
        text = N_("Du skal være mindst {age} år, og vi kender ikke din alder. Skriv din fødselsdato på din profil.")
        yield Reason("age-unknown", text, None, params)
    elif (age := age_on(facts.born_on, local(wanted.starts_at).date())) < wanted.minimum_age:
        text = N_("Du skal være fyldt {age} år den dag. Find en vagt uden den grænse.")
        if _may_come_along(wanted, age):
            text = N_("Du skal være fyldt {age} år den dag. Find en vagt uden den grænse, eller kom med en voksen.")
        yield Reason("too-young", text, None, params)


def _may_come_along(wanted: Wanted, age: int) -> bool:
    return wanted.children_welcome and wanted.child_minimum_age <= age < FULL_AGE


def _qualified(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    """A proof must be good on the day of the work, not only today."""
    last_day = local(wanted.ends_at).date()
    for requirement in wanted.requirements:
        params = {"requirement": QUALIFICATIONS.get(requirement, (requirement, True))[0]}
        if requirement not in facts.qualifications:
            yield Reason(f"missing-{requirement}", _missing(requirement), None, params)
        elif (until := facts.qualifications[requirement]) and until < last_day:
            text = N_("Kræver: {requirement}. Dit bevis gælder kun til {until}. Forny det, og ret det på din profil.")
            yield Reason(f"expired-{requirement}", text, None, {**params, "until": until})


def _missing(requirement: str) -> str:
    if requirement == CHILD_PROTECTION:
        return N_("Kræver, at du har erklæret børneattest. Gør det på din profil.")
    return N_("Kræver: {requirement}. Har du det, så skriv det på din profil.")


def _invited(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    if wanted.audience == "association" and wanted.audience_id not in facts.associations:
        text = N_("Vagten er kun for {audience}. Bed foreningen om at skrive dig op som medlem.")
        yield Reason("members-only", text, None, {"audience": wanted.audience_name})
    if wanted.audience == "cause" and wanted.audience_id not in facts.causes:
        text = N_("Vagten er kun for dem, der er med i {audience}. Tag først en af sagens åbne vagter.")
        yield Reason("participants-only", text, None, {"audience": wanted.audience_name})


def _not_elsewhere(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    for other in facts.engagements:
        if other.shift_id == wanted.shift_id or not _overlap(wanted, other):
            continue
        text = N_("Du er allerede med i “{title}” {starts_at}–{ends_at}. Meld afbud dér, hvis du hellere vil det her.")
        params = {"title": other.title, "starts_at": other.starts_at, "ends_at": f"{local(other.ends_at):%H.%M}"}
        yield Reason("overlap", text, None, params)


def _overlap(one: Wanted | Engagement, other: Wanted | Engagement) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


RULES: tuple[Callable[[Wanted, Facts], Iterator[Reason]], ...] = (_old_enough, _qualified, _invited, _not_elsewhere)
