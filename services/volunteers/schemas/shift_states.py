"""Publishing, closing and cancelling shifts."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.domain.plans import MOST_ROWS
from shared.web.schema import Schema


class ShiftIdsSchema(Schema):
    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_ROWS))


class CancelShiftsSchema(ShiftIdsSchema):
    reason = fields.String(required=True, validate=validate.Length(max=500))


class DoneSchema(Schema):
    """`told`: how many people get a message."""

    ids = fields.List(fields.UUID())
    told = fields.Integer()


class StateSchema(Schema):
    id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
