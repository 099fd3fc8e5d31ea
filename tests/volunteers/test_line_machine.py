"""Whatever people do, in whatever order: the service and an oracle in plain Python agree after every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.volunteers.commands import line, offers
from services.volunteers.commands.loading import locked_shift, locked_sign_up, role_of
from services.volunteers.commands.sign_up import Wish, sign_up
from services.volunteers.models import SignUp
from shared.actors import Actor
from shared.contracts import accounts
from shared.errors import Refusal
from tests.volunteers.oracle import Entry, Job, Oracle, kept_until
from tests.volunteers.town import VILLAGE, Town, on
from tests.volunteers.town import role as a_role

PEOPLE = ("anna", "bent", "carla", "dan", "eva", "finn", "gro", "hans")
START = "2027-08-02T17:00"
# Two shifts of one hour, the first with two roles; and one far ahead.
JOBS = {
    "stage": ("monday", START, 2, ""),
    "driver": ("monday", START, 1, "trailerkort"),
    "kiosk": ("monday-too", "2027-08-02T18:00", 3, ""),
    "garden": ("later", "2027-08-12T09:00", 1, ""),
}
WISHES = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(tuple(JOBS)), st.sampled_from([False, False, True]))
PICK = st.integers(0, 99)
ANSWERS: dict[str, Callable[..., None]] = {
    "accepted": offers.accept,
    "declined": offers.decline,
    "cancelled": offers.cancel,
}
WORDS = st.sampled_from(tuple(ANSWERS))
STATE = """
    SELECT s.id, s.state, s.line_number, s.offer_until, s.places,
        (SELECT count(*) FROM seats WHERE sign_up_id = s.id AND active) AS seats
    FROM sign_ups s WHERE s.role_id = ANY (:roles)
"""
COUNTERS = "SELECT id, capacity - taken, waiting FROM roles WHERE id = ANY (:roles)"


class Machine(RuleBasedStateMachine):
    """The clock stands still between steps, at whole minutes: commands are handed the moment."""

    town: Town

    @initialize(first=st.lists(WISHES, min_size=8, max_size=14))
    def begin(self, first: list[tuple[str, str, bool]]) -> None:
        """Most places are taken, and lines have formed, also of people who then went elsewhere."""
        self.now = on("2027-08-01T09:00")
        self.people = {name: uuid4() for name in (*PEOPLE, "group")}
        self.shifts: dict[str, UUID] = {}
        self.roles: dict[str, UUID] = {}
        self.entries: list[tuple[Entry, UUID]] = []
        jobs = {}
        for shift, hour in (("monday", "monday"), ("monday-too", "monday"), ("later", "later")):
            mine = {name: job for name, job in JOBS.items() if job[0] == shift}
            starts = next(iter(mine.values()))[1]
            made = self.town.shift(
                starts, 3, [a_role(name, job[2], 1, *filter(None, [job[3]])) for name, job in mine.items()]
            )
            self.shifts[shift] = made.id
            for role, (name, job) in zip(made.roles, mine.items(), strict=True):
                self.roles[name] = role.id
                jobs[name] = Job(shift, hour, on(starts), job[2], job[3])
        self.oracle = Oracle(jobs)
        for name in PEOPLE[:4]:
            self._prove(name)
        for wish in (("gro", "stage", False), ("hans", "stage", False), ("anna", "driver", False), *first):
            self.somebody_signs_up(wish)

    @rule(wish=WISHES)
    def somebody_signs_up(self, wish: tuple[str, str, bool]) -> None:
        who, job, child = wish
        actor = Actor(self.people[who], born_on=date(1980, 5, 17))
        self._sign_up(
            who, job, 1 + child, actor, Wish(self.roles[job], with_child=child, child_age=8 if child else None)
        )

    @rule(job=st.sampled_from(tuple(JOBS)), places=st.integers(1, 3))
    def a_group_signs_up(self, job: str, places: int) -> None:
        actor = Actor(self.people["group"], VILLAGE, {VILLAGE: frozenset({"chair"})})
        self._sign_up("group", job, places, actor, Wish(self.roles[job], places=places))

    @precondition(lambda self: self.some("confirmed"))
    @rule(pick=PICK)
    def somebody_who_is_in_calls_off(self, pick: int) -> None:
        self._answer(pick, ("confirmed",), "cancelled")

    @precondition(lambda self: self.some("offered"))
    @rule(pick=PICK, word=WORDS)
    def an_offer_is_answered(self, pick: int, word: str) -> None:
        self._answer(pick, ("offered",), word)

    @precondition(lambda self: self.entries)
    @rule(pick=PICK, word=WORDS)
    def somebody_answers_without_an_offer(self, pick: int, word: str) -> None:
        """In line or in already, or long gone."""
        self._answer(pick, ("waiting", "confirmed", "declined", "cancelled", "lapsed"), word)

    @rule(
        step=st.sampled_from([1, 20, 180, "an offer's", "an offer's", "the start's"]),
        shift=st.sampled_from([-1, 0, 0, 1]),
        job=st.booleans(),
    )
    def time_goes_by_and_offers_lapse(self, step: int | str, shift: int, job: bool) -> None:
        """Some minutes; or to just before, at, or just after the end of an offer, or the last half hour."""
        until = [entry.until for entry, _ in self.entries if entry.until]
        if step == "an offer's" and until:
            self.now = max(self.now, min(until) + timedelta(minutes=shift))
        elif step == "the start's" and not job:
            self.now = max(self.now, on(START) - timedelta(minutes=30 - shift))
        elif isinstance(step, int):
            self.now += timedelta(minutes=step)
        if job:
            self._lapse()

    @rule(who=st.sampled_from(PEOPLE), valid=st.booleans())
    def a_proof_comes_or_goes_and_lines_are_mended(self, who: str, valid: bool) -> None:
        if valid:
            self._prove(who)
        else:
            self.town.tell(accounts.QualificationEnded(self.people[who], "trailerkort"))
            self.oracle.proofs.discard((who, "trailerkort"))
        for shift_id in self._do(lambda session: offers.shifts_with_lines(session, self.now)):
            self._do(lambda session, of=shift_id: offers.mend_lines(session, of, self.now))
        self.oracle.mend(self.now)

    @rule(job=st.sampled_from(tuple(JOBS)), more=st.integers(-1, 2))
    def the_coordinator_changes_the_capacity(self, job: str, more: int) -> None:
        """Never below what is taken."""
        taken = self.oracle.jobs[job].capacity - self.oracle.free(job)
        capacity = max(1, taken, self.oracle.jobs[job].capacity + more)

        def change(session: Session) -> None:
            shift = locked_shift(session, self.shifts[JOBS[job][0]])
            role = role_of(shift, self.roles[job])
            role.capacity, role.minimum = capacity, 0
            line.offer_places(session, shift, role, self.now)

        self._do(change)
        self.oracle.resize(job, capacity, self.now)

    @invariant()
    def both_agree(self) -> None:
        roles = list(self.roles.values())
        rows = self.town.query(STATE, roles=roles)
        assert {row.id: _seen(row) for row in rows} == {mine: _told(entry) for entry, mine in self.entries}
        counted = {
            (role_id, self.oracle.free(job), len(self.oracle.of(job, "waiting"))) for job, role_id in self.roles.items()
        }
        assert {tuple(row) for row in self.town.query(COUNTERS, roles=roles)} == counted

    def some(self, *states: str) -> bool:
        return any(entry.state in states for entry, _ in self.entries)

    def teardown(self) -> None:
        """The jobs look at all shifts: the next story begins without this one's."""
        self._do(lambda session: session.execute(text("TRUNCATE shifts CASCADE")))

    def _lapse(self) -> None:
        for sign_up_id in self._do(lambda session: offers.unanswered_offers(session, self.now)):
            self._do(lambda session, of=sign_up_id: offers.lapse(session, of, self.now))
            self.oracle.lapse(self._entry(sign_up_id), self.now)
        assert not any(entry.until <= self.now for entry, _ in self.entries if entry.until)

    def _do(self, work: Callable[[Session], Any]) -> Any:
        with self.town.database.begin() as session:
            return work(session)

    def _prove(self, who: str) -> None:
        self.town.qualify(self.people[who], "trailerkort")
        self.oracle.proofs.add((who, "trailerkort"))

    def _entry(self, sign_up_id: UUID) -> Entry:
        return next(entry for entry, mine in self.entries if mine == sign_up_id)

    def _sign_up(self, who: str, job: str, size: int, actor: Actor, wish: Wish) -> None:
        expected = self.oracle.sign_up(who, job, size, self.now)
        shift_id = self.shifts[JOBS[job][0]]
        made = self._unless_refused(lambda session: sign_up(session, actor, shift_id, wish, self.now).sign_up)
        assert (made.state if made else "") == expected
        if made:
            self.entries.append((self.oracle.entries[-1], made.id))

    def _unless_refused(self, work: Callable[[Session], SignUp]) -> SignUp | None:
        """Refused is refused as a whole, with a reason."""
        try:
            return self._do(work)
        except Refusal as refusal:
            return None if refusal.reasons else pytest.fail("refused without a reason")

    def _answer(self, pick: int, states: tuple[str, ...], word: str) -> None:
        """By one of those in these states, if there is any."""
        possible = [one for one in self.entries if one[0].state in states]
        if not possible:
            return
        entry, mine = possible[pick % len(possible)]
        expected = (
            self.oracle.accept(entry, self.now) if word == "accepted" else self.oracle.leave(entry, word, self.now)
        )

        def answer(session: Session) -> SignUp:
            found, shift = locked_sign_up(session, mine)
            ANSWERS[word](session, shift, found, self.now)
            return found

        found = self._unless_refused(answer)
        assert (found.state if found else "") == expected


def _seen(row: Any) -> tuple[Any, ...]:
    return row.state, row.line_number or 0, row.offer_until, row.places, row.seats


def _told(entry: Entry) -> tuple[Any, ...]:
    seats = entry.size if entry.state == "confirmed" else 0
    return entry.state, entry.number, entry.until, entry.size, seats


def test_the_service_and_the_oracle_agree_whatever_people_do(town: Town) -> None:
    machine = type("InTown", (Machine,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_oracle_counts_minutes_like_a_person_with_a_calendar() -> None:
    """So that the two cannot be wrong in the same way without anybody noticing."""
    cases = {
        ("2027-08-01T09:00", "2027-08-12T09:00"): "2027-08-02T18:00",
        ("2027-08-01T21:50", "2027-08-02T17:00"): "2027-08-02T07:50",
        ("2027-08-02T16:30", "2027-08-02T17:00"): "2027-08-02T16:50",
    }
    for (now, starts), until in cases.items():
        assert kept_until(on(now), on(starts)) == on(until)
