"""Judge a plan: what would be added and changed, what stops it, who would be told. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.planning.ground import ground_for, settled
from services.volunteers.commands.planning.people import Flagged, Planned, Stop, flags, stops
from services.volunteers.commands.planning.queue import LosingOffer, queue_then
from services.volunteers.domain.overlaps import Timetable, Work, other_work, same_again
from services.volunteers.domain.plan_rules import Ground, Stored, period_of, problems_of, told_of
from services.volunteers.domain.plans import TIME, Change, Row, changes_between
from services.volunteers.domain.series import Pattern
from services.volunteers.models import WITH_ROLES, Shift
from services.volunteers.models.around import planned_around
from services.volunteers.models.crew import Taking, roles_ever_used, takings_of
from services.volunteers.models.rows import row_of
from services.volunteers.models.shifts import CLOSED, DRAFT, PUBLISHED
from shared.actors import Actor
from shared.errors import N_, Reason
from shared.imports import ADDED, CHANGED, REFUSED, UNCHANGED

FELT = TIME | {"place"}  # what those who are in, offered or in line are told of
# What can make a rule break.
JUDGED = TIME | {"minimum_age", "children_welcome", "child_minimum_age", "audience", "audience_id", "cause", "roles"}


@dataclass
class RowReport:
    """What becomes of one row. `stored` is its shift as it is, None for a new one.

    `offers`: how many in line will be offered a place.
    """

    index: int
    row: Row
    starts_at: datetime
    ends_at: datetime
    stored: Stored | None = None
    changes: list[Change] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)
    clashes: list[Reason] = field(default_factory=list)
    stopped_by: list[Stop] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    losing_offers: Sequence[LosingOffer] = ()
    offers: int = 0
    people: set[UUID] = field(default_factory=set)

    @property
    def outcome(self) -> str:
        if self.problems:
            return REFUSED
        if self.row.id is None:
            return ADDED
        return CHANGED if self.changes else UNCHANGED

    @property
    def told(self) -> int:
        return len(self.people)

    @property
    def shift_id(self) -> UUID:
        if self.row.id is None:
            raise LookupError("a new shift has no id yet")
        return self.row.id

    @property
    def planned(self) -> Planned | None:
        """None for a new shift."""
        if self.stored is None:
            return None
        return Planned(self.shift_id, self.row, self.stored, self.starts_at, self.ends_at)


@dataclass
class Report:
    rows: list[RowReport]
    takings: list[Taking] = field(default_factory=list)
    flagged: set[UUID] = field(default_factory=set)  # shifts with sign-ups whose flags change
    ids: list[UUID] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        outcomes = Counter(row.outcome for row in self.rows)
        return {outcome: outcomes[outcome] for outcome in (ADDED, CHANGED, UNCHANGED, REFUSED)}

    @property
    def told(self) -> int:
        return len({person for row in self.rows for person in row.people})

    @property
    def offers(self) -> int:
        return sum(row.offers for row in self.rows)


def assess(
    session: Session,
    actor: Actor | None,
    rows: Sequence[Row],
    now: datetime,
    release: Collection[UUID] = (),
    publish: bool = False,
    shifts: Sequence[Shift] | None = None,
    series: Pattern | None = None,
) -> Report:
    """`shifts`: those of the rows with an id, where the caller holds their locks; else they are read.

    `series`: the rule that the new rows came from.
    """
    ground = replace(ground_for(session, actor, now), series=series)
    known = {shift.id: shift for shift in (_shifts(session, rows) if shifts is None else shifts)}
    report = Report(list(_judged(session, rows, known, ground, publish)))
    _beside(session, report)
    _people(session, report, release, ground)
    return report


def _shifts(session: Session, rows: Sequence[Row]) -> Sequence[Shift]:
    ids = [row.id for row in rows if row.id]
    return session.scalars(select(Shift).where(Shift.id.in_(ids)).options(WITH_ROLES)).all() if ids else []


def _judged(
    session: Session, rows: Sequence[Row], known: dict[UUID, Shift], ground: Ground, publish: bool
) -> Iterator[RowReport]:
    used = roles_ever_used(session, known) if known else frozenset()
    seen: set[UUID] = set()
    for index, given in enumerate(rows):
        row = settled(given, ground)
        shift = known.get(row.id) if row.id else None
        stored = _stored(shift, used) if shift and _is_ones_own(shift, ground) else None
        changes = changes_between(stored.row, row) if stored else []
        report = RowReport(index, row, *period_of(row, stored), stored, changes)
        wanted = row.id is None or bool(changes) or (publish and shift is not None and shift.state == DRAFT)
        report.problems += _identity(row, shift if stored else None, seen, wanted)
        if wanted and (stored or row.id is None):
            report.problems += problems_of(row, stored, ground)
            report.clashes += told_of(row, ground)
        seen |= {row.id} if row.id else set()
        yield report


def _stored(shift: Shift, used: frozenset[UUID]) -> Stored:
    taken = {role.id: role.taken for role in shift.roles}
    return Stored(row_of(shift), shift.state, shift.starts_at, shift.ends_at, taken, used)


def _is_ones_own(shift: Shift, ground: Ground) -> bool:
    return ground.organisers is None or shift.organiser_id in ground.organisers


def _identity(row: Row, shift: Shift | None, seen: set[UUID], wanted: bool) -> Iterator[Reason]:
    if row.id is None:
        return
    if shift is None:
        yield Reason(
            "unknown-shift", N_("Vagten findes ikke, eller den er ikke din. Fjern rækken, eller hent den igen.")
        )
    elif wanted and shift.version != row.version:
        yield Reason("stale", N_("Vagten er ændret, siden du hentede den. Hent den igen, og ret så."))
    if row.id in seen:
        yield Reason("repeated-row", N_("Den samme vagt står i to rækker. Fjern den ene."))


def _beside(session: Session, report: Report) -> None:
    """What happens at the same place at the same time, among the rows and beside them."""
    works = [Work(one.row.title, one.row.place, one.starts_at, one.ends_at) for one in report.rows]
    mine = [one.shift_id for one in report.rows if one.stored]
    timetable = Timetable([*works, *planned_around(session, works, mine)])
    for one, work in zip(report.rows, works, strict=True):
        if one.outcome != UNCHANGED:
            beside = timetable.beside(work)
            if one.row.id is None or any(change.field in FELT | {"title"} for change in one.changes):
                one.problems += same_again(work, beside)
            one.clashes += other_work(work, beside)


def _people(session: Session, report: Report, release: Collection[UUID], ground: Ground) -> None:
    """Who is stopped, flagged, offered a place and told."""
    rows = {one.row.id: one for one in report.rows if one.stored and one.stored.state in (PUBLISHED, CLOSED)}
    if not any(one.changes for one in rows.values()):
        return
    report.takings = takings_of(session, [key for key in rows if key])
    plan = [planned for one in rows.values() if (planned := one.planned) and one.starts_at < one.ends_at]
    for shift_id, found in stops(session, plan, report.takings, release).items():
        _stop(rows[shift_id], found)
    judged = [one for one in plan if any(change.field in JUDGED for change in rows[one.shift_id].changes)]
    for taking, found_flags in flags(session, judged, report.takings, ground):
        _flag(report, rows[taking.shift_id], taking, found_flags)
    _queue(session, report, plan, ground)
    for taking in report.takings:
        one = rows[taking.shift_id]
        if any(change.field in FELT for change in one.changes):
            one.people |= taking.people


def _queue(session: Session, report: Report, plan: Sequence[Planned], ground: Ground) -> None:
    released = {stop.sign_up_id for row in report.rows for stop in row.stopped_by if stop.released}
    queue = queue_then(session, plan, report.takings, released, ground)
    for one in report.rows:
        if one.changes and one.row.id:
            one.losing_offers = queue.losing.get(one.row.id, ())
            one.offers = queue.offers.get(one.row.id, 0)


def _stop(one: RowReport, found: list[Stop]) -> None:
    one.stopped_by = found
    if kept := {stop.person_id for stop in found if not stop.released}:
        several = N_(
            "{count} tilmeldte er på en anden vagt på det tidspunkt. Giv dem fri fra denne, eller vælg en anden tid."
        )
        single = N_("En tilmeldt er på en anden vagt på det tidspunkt. Giv fri fra denne, eller vælg en anden tid.")
        one.problems.append(
            Reason("people-elsewhere", several if len(kept) > 1 else single, "day", {"count": len(kept)})
        )


def _flag(report: Report, one: RowReport, taking: Taking, found: list[Flagged]) -> None:
    """Only what is new is told; what was broken before is known."""
    slugs = frozenset(reason.slug for flagged in found for reason in flagged.reasons)
    if slugs != taking.flags:
        report.flagged.add(taking.shift_id)
    for flagged in found:
        if any(reason.slug not in taking.flags for reason in flagged.reasons):
            one.flagged.append(flagged)
            one.people.add(flagged.person_id)
