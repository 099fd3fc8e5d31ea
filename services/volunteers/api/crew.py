"""On the day: the crew's list, who came, telephone numbers, and letting somebody go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from services.volunteers.api.asked_first import asks_first, birth_date_asked_for, person_asked_for
from services.volunteers.clients import contacts_of, names_of
from services.volunteers.commands import attendance, phones, release, walk_in
from services.volunteers.queries import crew
from services.volunteers.schemas.crew import (
    AttendanceRequestSchema,
    CheckInRequestSchema,
    CrewQuerySchema,
    CrewSchema,
    CrewsSchema,
    PhoneLooksSchema,
    PhoneRequestSchema,
    PhoneSchema,
    ReleaseRequestSchema,
    SeatSchema,
    WalkInRequestSchema,
)
from shared import clock
from shared.settings import settings
from shared.web import database, idempotent, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

Row = dict[str, Any]

blueprint = Blueprint("crew", __name__, description="The crew of a shift, on the day")


def with_names(rows: Sequence[Row], *columns: str) -> Sequence[Row]:
    """person_id → name, signed_up_by → signed_up_by_name. While accounts is away names are empty."""
    names = names_of(row.get(column) for row in rows for column in columns)
    for row in rows:
        for column in columns:
            person_id = row.get(column)
            row["name" if column == "person_id" else f"{column}_name"] = names.get(person_id, "") if person_id else ""
    return rows


def _named(crews: list[Row]) -> list[Row]:
    """All names in one request to accounts."""
    with_names(
        [*(seat for one in crews for seat in one["seats"]), *(waiting for one in crews for waiting in one["waiting"])],
        "person_id",
        "signed_up_by",
    )
    return crews


@blueprint.get("/crew")
@blueprint.arguments(CrewQuerySchema, location="query")
@blueprint.response(200, CrewsSchema)
def list_crews(query: Row) -> Any:
    """The crews of a day's shifts, for those who plan them."""
    day = query["day"] or clock.today()
    with database().read() as current:
        found = crew.crews(current, signed_in_actor(), day, query["place"], query["organiser_id"], clock.now())
    return {"shifts": _named(found)}


@blueprint.get("/shifts/<uuid:shift_id>/crew")
@blueprint.response(200, CrewSchema)
def get_crew(shift_id: UUID) -> Any:
    """Who is expected, who came, who is in line."""
    with database().read() as current:
        found = crew.crew(current, signed_in_actor(), shift_id, clock.now())
    return _named([found])[0]


@blueprint.post("/seats/<uuid:seat_id>/attendance")
@transactional
@blueprint.arguments(AttendanceRequestSchema)
@blueprint.response(200, SeatSchema)
def note_attendance(body: Row, seat_id: UUID) -> Any:
    """Came, came late, or stayed away (which frees the place). The same once more changes nothing."""
    attendance.note(session(), signed_in_actor(), seat_id, body["attendance"], body["at"], clock.now())
    return crew.seat(session(), seat_id)


@blueprint.post("/shifts/<uuid:shift_id>/walk-ins")
@asks_first(WalkInRequestSchema, birth_date=True)
@idempotent
@blueprint.arguments(WalkInRequestSchema)
@blueprint.response(201, SeatSchema)
def add_walk_in(body: Row, shift_id: UUID) -> Any:
    """Seat somebody who came without a place, on a free one."""
    actor, person_id, born_on = signed_in_actor(), person_asked_for(), birth_date_asked_for()
    seat_id = walk_in.walk_in(session(), actor, shift_id, body["role_id"], person_id, clock.now(), born_on)
    return crew.seat(session(), seat_id)


@blueprint.post("/shifts/<uuid:shift_id>/check-in")
@transactional
@blueprint.arguments(CheckInRequestSchema)
@blueprint.response(200, SeatSchema)
def check_in(body: Row, shift_id: UUID) -> Any:
    """The volunteer herself, with the code that hangs at the place. Twice does no harm."""
    secret = settings().link_secret
    seat_id = attendance.check_in(session(), signed_in_actor(), shift_id, body["code"], secret, clock.now())
    return crew.seat(session(), seat_id)


@blueprint.post("/shifts/<uuid:shift_id>/phones")
@blueprint.arguments(PhoneRequestSchema)
@blueprint.response(200, PhoneSchema)
def look_up_phone(body: Row, shift_id: UUID) -> Any:
    """A telephone number of the crew. The look is written down, and kept, before accounts is asked."""
    look = partial(phones.look, actor=signed_in_actor(), shift_id=shift_id, seat_id=body["seat_id"], now=clock.now())
    person_id = database().transact(look)
    contact = contacts_of([person_id]).get(person_id)
    return {
        "person_id": person_id,
        "phone": contact.phone if contact else "",
        "name": contact.name if contact else "",
    }


@blueprint.post("/shifts/<uuid:shift_id>/release")
@transactional
@blueprint.arguments(ReleaseRequestSchema)
@blueprint.response(200, CrewSchema)
def release_sign_up(body: Row, shift_id: UUID) -> Any:
    """Take somebody off the list, or out of the line; she is told. The crew as it is then, without names."""
    actor, now = signed_in_actor(), clock.now()
    release.release(session(), actor, shift_id, body["sign_up_id"], body["reason"], now)
    session().flush()
    return crew.crew(session(), actor, shift_id, now)


@blueprint.get("/me/phone-looks")
@blueprint.response(200, PhoneLooksSchema)
def list_phone_looks() -> Any:
    """Who looked at the caller's own telephone number."""
    with database().read() as current:
        looks = crew.phone_looks(current, signed_in_actor().person_id)
    return {"items": with_names(looks, "looked_by")}
