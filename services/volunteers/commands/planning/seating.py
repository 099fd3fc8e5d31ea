"""People on shifts that a plan moves: they keep their seats at the new time, and are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from services.volunteers.commands import line
from services.volunteers.commands.end_sign_up import step_out
from services.volunteers.commands.loading import FRESH, role_of
from services.volunteers.commands.planning.assess import FELT, Report, RowReport
from services.volunteers.commands.planning.people import Planned, Stop
from services.volunteers.models import Seat, Shift, SignUp
from services.volunteers.models.crew import Taking
from services.volunteers.models.sign_ups import ALIVE, OFFERED, RELEASED
from shared.contracts.volunteers import SignUpCancelled, SignUpMoved
from shared.messaging import record, record_all

COORDINATOR = "coordinator"
_NOT_IN_SESSION = {"synchronize_session": False}


def release_people(session: Session, report: Report, shifts: dict[UUID, Shift], now: datetime) -> None:
    """Those who stop a move and were let go. Of a group only that person goes: the place stays the group's."""
    stopped = [(row, stop) for row in report.rows for stop in row.stopped_by if stop.released]
    gone: set[UUID] = set()
    for row, stop in stopped:
        if stop.seat_id in gone or row.row.id is None:
            continue
        gone.add(stop.seat_id)
        sign_up = session.get_one(SignUp, stop.sign_up_id, execution_options=FRESH)
        if stop.is_group:
            _take_name_away(session, sign_up, stop)
        else:
            step_out(session, shifts[row.row.id], sign_up, RELEASED, COORDINATOR, now)
    session.flush()


def _take_name_away(session: Session, sign_up: SignUp, stop: Stop) -> None:
    seat = update(Seat).where(Seat.id == stop.seat_id).values(person_id=None)
    session.execute(seat, execution_options=_NOT_IN_SESSION)
    record(
        session,
        SignUpCancelled(
            shift_id=sign_up.shift_id,
            sign_up_id=sign_up.id,
            role_id=sign_up.role_id,
            person_id=sign_up.person_id,
            places=1,
            was=sign_up.state,
            by=COORDINATOR,
            late=False,
            person_ids=(stop.person_id,),
        ),
    )


@contextmanager
def move_people(session: Session, moved: Sequence[RowReport]) -> Iterator[None]:
    """Let all seats of these shifts go while the shifts get their new times, then take them at those times.

    One by one, a seat would meet another of the same person that moves a moment later.
    """
    if not moved:
        yield
        return
    shift_ids = [row.row.id for row in moved]
    held = update(Seat).where(Seat.shift_id.in_(shift_ids), Seat.active).values(active=False).returning(Seat.id)
    seat_ids = list(session.scalars(held, execution_options=_NOT_IN_SESSION))
    yield
    again = (
        update(Seat)
        .where(Seat.id.in_(seat_ids), Seat.shift_id == Shift.id)
        .values(
            active=True,
            during=func.tstzrange(Shift.starts_at, Shift.ends_at, "[)"),
            reminded=case((Shift.starts_at > func.lower(Seat.during), 0), else_=Seat.reminded),
        )
    )
    session.execute(again, execution_options=_NOT_IN_SESSION)
    _no_offer_past_the_start(session, shift_ids)


def _no_offer_past_the_start(session: Session, shift_ids: Sequence[UUID | None]) -> None:
    session.execute(
        update(SignUp)
        .where(SignUp.shift_id.in_(shift_ids), SignUp.state == OFFERED, SignUp.shift_id == Shift.id)
        .where(SignUp.offer_until > Shift.starts_at)
        .values(offer_until=Shift.starts_at, version=SignUp.version + 1),
        execution_options=_NOT_IN_SESSION,
    )


def take_offers_back(session: Session, report: Report, shifts: dict[UUID, Shift]) -> None:
    """Whom the new time does not fit waits again, at her old place in the line."""
    for row in report.rows:
        for losing in row.losing_offers:
            sign_up = session.get_one(SignUp, losing.sign_up_id, execution_options=FRESH)
            line.go_back(role_of(shifts[row.shift_id], sign_up.role_id), sign_up)
    session.flush()


def tell_people(session: Session, report: Report) -> None:
    """Who is in, offered or in line on a shift at another time or place. The released are told of nothing else."""
    moved = {one.shift_id: one for row in report.rows if (one := row.planned) and _is_felt(row)}
    gone = {stop.seat_id for row in report.rows for stop in row.stopped_by if stop.released}
    alive = _alive(session, [taking.sign_up_id for taking in report.takings])
    record_all(
        session,
        [
            _moved(moved[taking.shift_id], taking, gone)
            for taking in report.takings
            if taking.shift_id in moved and taking.sign_up_id in alive
        ],
    )


def _is_felt(row: RowReport) -> bool:
    return any(change.field in FELT for change in row.changes)


def _alive(session: Session, sign_up_ids: Sequence[UUID]) -> set[UUID]:
    alive = select(SignUp.id).where(SignUp.id.in_(sign_up_ids), SignUp.state.in_(ALIVE))
    return set(session.scalars(alive)) if sign_up_ids else set()


def _moved(one: Planned, taking: Taking, gone: set[UUID]) -> SignUpMoved:
    people = {taking.person_id, *(person_id for seat_id, person_id in taking.seated.items() if seat_id not in gone)}
    return SignUpMoved(
        shift_id=one.shift_id,
        sign_up_id=taking.sign_up_id,
        person_ids=tuple(sorted(people)),
        old_starts_at=one.stored.starts_at,
        old_ends_at=one.stored.ends_at,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        place_changed=one.stored.row.place != one.row.place,
    )
