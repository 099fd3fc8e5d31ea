"""Publish, close, reopen, cancel and delete shifts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers.commands import shift_states
from services.volunteers.models import Shift
from services.volunteers.schemas.shift_states import CancelShiftsSchema, DoneSchema, ShiftIdsSchema, StateSchema
from shared import clock
from shared.web import expected_version, session, signed_in_actor, transactional, with_etag
from shared.web.blueprint import Blueprint

blueprint = Blueprint("shift_states", __name__, description="Publish, close, cancel and delete shifts")


@blueprint.post("/shifts/publish")
@transactional
@blueprint.arguments(ShiftIdsSchema)
@blueprint.response(200, DoneSchema)
def publish_shifts(body: dict[str, Any]) -> Any:
    """Open drafts for sign-ups: all of them, or none."""
    shift_states.publish(session(), signed_in_actor(), body["ids"], clock.now())
    return {"ids": body["ids"], "told": 0}


@blueprint.post("/shifts/cancel")
@transactional
@blueprint.arguments(CancelShiftsSchema)
@blueprint.response(200, DoneSchema)
def cancel_shifts(body: dict[str, Any]) -> Any:
    """Call shifts off, with a reason that everybody who was on them is told."""
    current, who, now = session(), signed_in_actor(), clock.now()
    ids = shift_states.of_scope(current, who, body["ids"], body["scope"], now)
    people = shift_states.cancel(current, who, ids, body["reason"].strip(), now)
    return {"ids": ids, "told": len(people)}


@blueprint.post("/shifts/<uuid:shift_id>/close")
@transactional
@blueprint.response(200, StateSchema)
def close_shift(shift_id: UUID) -> Any:
    """Take no more sign-ups."""
    return _answer(shift_states.close(session(), signed_in_actor(), shift_id, expected_version(), clock.now()))


@blueprint.post("/shifts/<uuid:shift_id>/reopen")
@transactional
@blueprint.response(200, StateSchema)
def reopen_shift(shift_id: UUID) -> Any:
    """Take sign-ups again."""
    return _answer(shift_states.reopen(session(), signed_in_actor(), shift_id, expected_version(), clock.now()))


@blueprint.delete("/shifts/<uuid:shift_id>")
@transactional
@blueprint.response(204)
def delete_draft(shift_id: UUID) -> None:
    """A draft that came to nothing."""
    shift_states.delete_draft(session(), signed_in_actor(), shift_id, expected_version())


def _answer(shift: Shift) -> Any:
    return with_etag(shift, shift.version)
