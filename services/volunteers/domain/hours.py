"""Hours given: what the check-in says, what a volunteer may report, and when nobody needs to say yes any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from shared import clock
from shared.errors import N_, Reason

PROPOSED, REPORTED, QUESTIONED, CONFIRMED = ("proposed", "reported", "questioned", "confirmed")
OPEN = (PROPOSED, REPORTED)
MISSING = "missing"  # not a row: over, not checked in, not reported

LONGEST = 24 * 60
CONFIRMED_AFTER = timedelta(days=14)
REPORTED_WITHIN = timedelta(days=60)
MARKS = (44, 65)  # hours in a month
_ROUNDED_TO = 5


def length(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes; the night on which the clock is put back makes none longer than a day."""
    return min(int((ends_at - starts_at).total_seconds() // 60), LONGEST)


def proposed_minutes(starts_at: datetime, ends_at: datetime, late_from: datetime | None) -> int:
    """The whole shift, or (late) from when she came, to the nearest five minutes."""
    if late_from is None:
        return length(starts_at, ends_at)
    minutes = max((ends_at - max(late_from, starts_at)).total_seconds() / 60, 0)
    return min(_ROUNDED_TO * int(minutes / _ROUNDED_TO + 0.5), length(starts_at, ends_at))


def reasons_without_seat(attendance: str, has_seat: bool, is_cancelled: bool) -> Iterator[Reason]:
    """Why nobody gave hours from this seat."""
    if is_cancelled:
        yield Reason("shift-cancelled", N_("Vagten blev aflyst. Der er ingen timer at melde."))
    if attendance == "absent":
        yield Reason(
            "marked-absent", N_("Du er noteret som udeblevet. Var du der, så sig det til den, der står for vagten.")
        )
    elif not has_seat and not is_cancelled:
        text = N_("Du gav din plads fra dig. Var du der alligevel, så sig det til den, der står for vagten.")
        yield Reason("given-up", text)


def reasons_against_report(
    state: str, starts_at: datetime, ends_at: datetime, minutes: int, note: str, now: datetime
) -> Iterator[Reason]:
    """Why a volunteer cannot report these minutes of her own."""
    if state == CONFIRMED:
        yield Reason(
            "already-confirmed", N_("Timerne er bekræftet. Er de forkerte, så skriv til den, der står for vagten.")
        )
    if now < ends_at:
        yield Reason(
            "not-over", N_("Vagten er ikke slut. Meld timerne, når den er det: {ends_at}."), None, {"ends_at": ends_at}
        )
    if now > ends_at + REPORTED_WITHIN:
        text = N_("Det er mere end {days} dage siden. Skriv til den, der står for vagten.")
        yield Reason("too-long-ago", text, None, {"days": REPORTED_WITHIN.days})
    if minutes > length(starts_at, ends_at) and not note.strip():
        yield Reason("note-needed", N_("Det er længere end vagten. Skriv kort, hvorfor det tog længere tid."), "note")


def reasons_against_confirming(person_id: UUID, by: UUID) -> Iterator[Reason]:
    if person_id == by:
        yield Reason("own-hours", N_("Du kan ikke bekræfte dine egne timer. Lad en anden koordinator gøre det."))


def reasons_against_question(state: str) -> Iterator[Reason]:
    if state == CONFIRMED:
        yield Reason("already-confirmed", N_("Timerne er allerede bekræftet. Hent listen igen."))


def marks_reached(minutes: int) -> list[int]:
    return [mark for mark in MARKS if minutes >= mark * 60]


def month_of(moment: datetime) -> str:
    """ "2027-08", on a Danish calendar."""
    return f"{clock.local(moment):%Y-%m}"


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
