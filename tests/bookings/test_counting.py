"""Overlap, risk and seats against slow but obvious ways to the same answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.bookings.domain.overlap import Taken, most_at_once
from services.bookings.domain.risk import Demand, shortfalls
from services.bookings.domain.seats import Seat, Want, seat_all

START = datetime(2027, 3, 27, 20, tzinfo=UTC)
HOURS = 12


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


spans = st.tuples(st.integers(0, HOURS - 1), st.integers(1, HOURS)).map(lambda pair: (pair[0], pair[0] + pair[1]))
open_ended = st.tuples(st.integers(0, HOURS - 1), st.none())
holds = st.lists(st.tuples(spans | open_ended, st.integers(1, 5)), max_size=8)


def taken(given: list) -> list[Taken]:
    return [Taken(hour(first), None if last is None else hour(last), count) for (first, last), count in given]


def count_hour_by_hour(given: list, first: int, last: int | None) -> int:
    hours = range(first, last if last is not None else 3 * HOURS)
    return max(
        (sum(count for (a, b), count in given if a <= moment and (b is None or moment < b)) for moment in hours),
        default=0,
    )


@given(holds, spans | open_ended)
def test_the_most_at_once_is_what_counting_hour_by_hour_gives(given, window):
    first, last = window
    ends = None if last is None else hour(last)
    assert most_at_once(taken(given), hour(first), ends) == count_hour_by_hour(given, first, last)


demands = st.lists(st.tuples(spans, st.integers(1, 5), st.booleans()), max_size=7)


def shortfalls_hour_by_hour(total: int, given: list) -> dict[UUID, int]:
    left = dict.fromkeys(range(3 * HOURS), total)
    short = {}
    for fixed in (True, False):
        for number, ((first, last), count, is_fixed) in enumerate(given):
            if is_fixed is fixed:
                room = count if fixed else max(0, min(count, *(left[moment] for moment in range(first, last))))
                if room < count:
                    short[UUID(int=number)] = count - room
                for moment in range(first, last):
                    left[moment] -= room
    return short


@given(st.integers(0, 12), demands)
def test_who_falls_short_is_what_granting_hour_by_hour_gives(total, given):
    asked = [
        Demand(hour(first), hour(last), count, UUID(int=number), fixed)
        for number, ((first, last), count, fixed) in enumerate(given)
    ]
    assert shortfalls(total, asked) == shortfalls_hour_by_hour(total, given)


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(1, HOURS), st.booleans()), max_size=4),
    st.lists(st.tuples(spans, st.integers(1, 3)), max_size=8),
)
def test_everybody_is_seated_alone_as_long_as_never_more_are_wanted_than_there_are(count, fixed, wanted):
    now, units = hour(2), [UUID(int=number) for number in range(count)]
    seats = [
        Seat(unit, hour(0), None if endless else hour(2 + ends))
        for unit, (ends, endless) in zip(units, fixed, strict=False)
    ]
    admitted: list[Taken] = [Taken(seat.starts_at, seat.ends_at, 1) for seat in seats]
    wants = []
    for number, ((first, last), quantity) in enumerate(wanted):
        starts = max(hour(first), now)
        if hour(last) <= starts or quantity > count - most_at_once(admitted, starts, hour(last)):
            continue
        admitted.append(Taken(starts, hour(last), quantity))
        wants.append(Want(UUID(int=100 + number), quantity, hour(first), hour(last)))
    given = seat_all(units, seats, wants, now)
    assert all(len(given[want.line_id]) == want.quantity for want in wants)
    placed = [
        (unit, Taken(max(want.starts_at, now), want.ends_at, 1)) for want in wants for unit in given[want.line_id]
    ]
    placed += [(seat.unit_id, Taken(seat.starts_at, seat.ends_at, 1)) for seat in seats]
    for index, (unit, one) in enumerate(placed):
        assert not any(unit == other and one.meets(two.starts_at, two.ends_at) for other, two in placed[index + 1 :])


def test_whoever_sits_well_keeps_the_seat():
    units = [UUID(int=1), UUID(int=2)]
    want = Want(UUID(int=9), 1, hour(3), hour(5), frozenset({UUID(int=2)}))
    assert seat_all(units, [], [want], hour(0)) == {UUID(int=9): [UUID(int=2)]}
