"""Which numbered units may be handed out, taken back or set aside; a unit keeps its number for life."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.inventory.domain.handovers import Entry
from services.inventory.domain.stock import Cause
from shared.errors import N_, Reason

USABLE, BROKEN, MISSING, RETIRED = "usable", "broken", "missing", "retired"
# The state that a unit must be in before a correction, and the one it has afterwards.
TRANSITIONS = {
    Cause.BROKEN: (USABLE, BROKEN),
    Cause.MISSING: (USABLE, MISSING),
    Cause.FOUND: (MISSING, USABLE),
    Cause.REPAIRED: (BROKEN, USABLE),
}


@dataclass(frozen=True)
class UnitFacts:
    """A unit as the desk sees it: `line_id` has it out now, `reserved_for` is another booking's number."""

    number: int
    state: str
    line_id: UUID | None = None
    reserved_for: str = ""


def transition(cause: Cause, change: int) -> tuple[str, str]:
    """From which state to which a unit goes; a correction takes units out of the stock, or back into it."""
    if cause in TRANSITIONS:
        return TRANSITIONS[cause]
    return (USABLE, RETIRED) if change < 0 else (RETIRED, USABLE)


def with_units(entry: Entry, candidates: Sequence[UUID]) -> Entry:
    """The entry with units chosen from `candidates`, in order, where staff named none."""
    free = [unit_id for unit_id in candidates if unit_id not in entry.all_unit_ids]
    whole = entry.unit_ids or tuple(free[: entry.quantity])
    free = [unit_id for unit_id in free if unit_id not in whole]
    broken = entry.broken_unit_ids or tuple(free[: entry.broken])
    free = [unit_id for unit_id in free if unit_id not in broken]
    missing = entry.missing_unit_ids or tuple(free[: entry.missing])
    return replace(entry, unit_ids=whole, broken_unit_ids=broken, missing_unit_ids=missing)


def against_choice(entry: Entry, name: str, named_before: Collection[UUID] = ()) -> Iterator[Reason]:
    """As many units as pieces, each named once, also over several lines."""
    for field, chosen, wanted in (
        ("unit_ids", entry.unit_ids, entry.quantity),
        ("broken_unit_ids", entry.broken_unit_ids, entry.broken),
        ("missing_unit_ids", entry.missing_unit_ids, entry.missing),
    ):
        if len(chosen) != wanted:
            text = N_("{name}: der skal vælges {wanted} numre, og du har valgt {chosen}. Vælg igen.")
            yield Reason("choose-units", text, field, {"wanted": wanted, "chosen": len(chosen), "name": name})
    if len(set(entry.all_unit_ids).difference(named_before)) < len(entry.all_unit_ids):
        yield Reason("repeated-unit", N_("Det samme nummer er valgt to gange. Vælg hvert nummer én gang."), "unit_ids")


def against_numbers(entry: Entry, name: str) -> Iterator[Reason]:
    """Nobody can choose units of a material that has none."""
    for field, chosen in (
        ("unit_ids", entry.unit_ids),
        ("broken_unit_ids", entry.broken_unit_ids),
        ("missing_unit_ids", entry.missing_unit_ids),
    ):
        if chosen:
            yield no_units(name, field)


def no_units(name: str, field: str = "unit_ids") -> Reason:
    return Reason("no-units", N_("{name} har ingen numre. Fjern de valgte numre."), field, {"name": name})


def against_units_leaving(
    entry: Entry, units: Mapping[UUID, UnitFacts], set_aside: Collection[UUID], name: str
) -> Iterator[Reason]:
    """Why these units cannot leave the shelf. What is set aside for this very loan is never another's."""
    for unit_id in entry.all_unit_ids:
        unit = units.get(unit_id)
        if unit is None:
            yield _not_of_this_kind(name)
        elif unit.state != USABLE:
            text = N_("{name} nr. {number} er ikke klar til udlån. Vælg et andet nummer.")
            yield _about("unit-not-usable", text, unit, name)
        elif unit.line_id is not None:
            text = N_("{name} nr. {number} er allerede ude. Vælg et andet nummer.")
            yield _about("unit-out", text, unit, name)
        elif unit.reserved_for and unit_id not in set_aside:
            text = N_("{name} nr. {number} er lagt til side til booking {booking}. Vælg et andet nummer.")
            yield _about("reserved-for-another", text, unit, name, booking=unit.reserved_for)


def against_units_coming_back(
    entry: Entry, units: Mapping[UUID, UnitFacts], line_id: UUID, name: str
) -> Iterator[Reason]:
    for unit_id in entry.all_unit_ids:
        unit = units.get(unit_id)
        if unit is None:
            yield _not_of_this_kind(name)
        elif unit.line_id != line_id:
            text = N_("{name} nr. {number} er ikke ude med dette lån. Vælg et af dem, der er.")
            yield _about("unit-not-out", text, unit, name)


def against_unit_correction(
    units: Mapping[UUID, UnitFacts], chosen: Sequence[UUID], cause: Cause, change: int, name: str
) -> Iterator[Reason]:
    """Corrections name their units; only new ones have no name yet."""
    if not chosen and cause is Cause.CORRECTION and change > 0:
        return
    if len(set(chosen)) != abs(change):
        text = N_("{name}: der skal vælges {wanted} numre, og du har valgt {chosen}. Vælg igen.")
        params = {"wanted": abs(change), "chosen": len(set(chosen)), "name": name}
        yield Reason("choose-units", text, "unit_ids", params)
    before, _ = transition(cause, change)
    for unit_id in chosen:
        unit = units.get(unit_id)
        if unit is None:
            yield _not_of_this_kind(name)
        elif unit.state != before or unit.line_id is not None:
            text = N_(
                "{name} nr. {number} kan ikke rettes sådan, som det står nu. Vælg et andet nummer eller en årsag."
            )
            yield _about("unit-in-wrong-state", text, unit, name)


def to_revive(units: Mapping[UUID, UnitFacts], count: int) -> list[UUID]:
    """The lowest retired numbers come back into use before new numbers are made."""
    retired = [unit_id for unit_id, unit in units.items() if unit.state == RETIRED]
    return sorted(retired, key=lambda unit_id: units[unit_id].number)[:count]


def to_retire(units: Mapping[UUID, UnitFacts], count: int) -> list[UUID]:
    """The highest numbers on the shelf leave first."""
    idle = [unit_id for unit_id, unit in units.items() if unit.state == USABLE and unit.line_id is None]
    return sorted(idle, key=lambda unit_id: units[unit_id].number, reverse=True)[:count]


def _not_of_this_kind(name: str) -> Reason:
    text = N_("Et af numrene hører ikke til {name}. Vælg et nummer fra listen.")
    return Reason("unknown-unit", text, "unit_ids", {"name": name})


def _about(slug: str, text: str, unit: UnitFacts, name: str, **params: str) -> Reason:
    return Reason(slug, text, "unit_ids", {"name": name, "number": unit.number, **params})
