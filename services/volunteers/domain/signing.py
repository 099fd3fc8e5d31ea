"""May a party (a person, one with a child, or a group) have places of a role, now or later?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from services.volunteers.domain.eligibility import FULL_AGE, Facts, Wanted, age_on, reasons_against
from shared.clock import local
from shared.errors import N_, Reason

ALREADY = Reason("already-signed-up", N_("Du er allerede skrevet på vagten. Se den under Mine vagter."))
FULL = Reason("full", N_("Der er ikke plads nok lige nu. Skriv dig på ventelisten, eller find en anden vagt."))


@dataclass(frozen=True)
class Party:
    """Who wants places. An association names its people later; a person with two places brings a child.

    `child_age`: in whole years on the day; unknown where nobody asked, in days gone by.
    """

    places: int = 1
    association_id: UUID | None = None
    child_age: int | None = None

    @property
    def with_child(self) -> bool:
        return self.association_id is None and self.places > 1


def wish_problems(
    association_id: UUID | None, places: int, with_child: bool, child_age: int | None
) -> Iterator[Reason]:
    """What cannot be meant, whoever asks for it."""
    if association_id is None and places > 1:
        text = N_("Flere pladser er for foreninger. Vælg din forening øverst på siden, eller tag én plads.")
        yield Reason("for-associations", text, "places")
    if association_id is not None and with_child:
        text = N_("Tilmeld barnet som en af foreningens pladser, eller tilmeld dig selv uden forening.")
        yield Reason("child-in-group", text, "with_child")
    elif with_child and child_age is None:
        yield Reason("child-age-missing", N_("Skriv, hvor mange år barnet er den dag."), "child_age")
    elif with_child and child_age is not None and child_age >= FULL_AGE:
        text = N_("Den, du har med, er voksen den dag. Voksne tilmelder sig selv.")
        yield Reason("no-child", text, "child_age")


def reasons_against_party(wanted: Wanted, capacity: int, party: Party, facts: Facts) -> list[Reason]:
    """All reasons why this party may not have these places, free or not. `facts` are those of who signs up."""
    if party.association_id is None:
        reasons = [*reasons_against(wanted, facts), *_twice(wanted, facts)]
    else:
        reasons = reasons_against(*_as_group(wanted, party.association_id, facts))
    if party.with_child:
        reasons += [*_an_adult(wanted, facts), *against_child(wanted, party.child_age)]
    if party.places > capacity:
        text = N_("Opgaven har kun plads til {capacity} i alt. Skriv færre på.")
        reasons.append(Reason("party-too-large", text, "places", {"capacity": capacity}))
    return reasons


def _as_group(wanted: Wanted, association_id: UUID, facts: Facts) -> tuple[Wanted, Facts]:
    """Age, proofs and other shifts are asked of each one when she is named."""
    return (
        wanted._replace(minimum_age=0, requirements=()),
        replace(facts, associations=frozenset([association_id]), engagements=()),
    )


def _twice(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    """A group may have named her for the same shift."""
    if any(engagement.shift_id == wanted.shift_id for engagement in facts.engagements):
        yield ALREADY


def reasons_against_staying(wanted: Wanted, facts: Facts, party: Party) -> list[Reason]:
    """What speaks against one who has a place, and against the child that she has with her."""
    child = against_child(wanted, party.child_age) if party.with_child else ()
    return [*reasons_against(wanted, facts), *child]


def against_child(wanted: Wanted, child_age: int | None) -> Iterator[Reason]:
    """May a child of this age come along?"""
    if not wanted.children_welcome:
        text = N_("Man kan ikke have børn med på denne vagt. Tilmeld dig alene, eller find en anden vagt.")
        yield Reason("no-children", text, "with_child")
    elif child_age is not None and child_age < wanted.child_minimum_age:
        text = N_("Barnet skal være fyldt {age} år den dag. Tilmeld dig alene, eller find en anden vagt.")
        yield Reason("child-too-young", text, "child_age", {"age": wanted.child_minimum_age})


def _an_adult(wanted: Wanted, facts: Facts) -> Iterator[Reason]:
    params = {"age": FULL_AGE}
    if facts.born_on is None:
        text = N_("Kun en på mindst {age} år kan tage et barn med. Skriv din fødselsdato på din profil.")
        yield Reason("adult-unknown", text, "with_child", params)
    elif age_on(facts.born_on, local(wanted.starts_at).date()) < FULL_AGE:
        text = N_("Kun en på mindst {age} år kan tage et barn med. Tilmeld dig alene, eller kom med en voksen.")
        yield Reason("not-an-adult", text, "with_child", params)
