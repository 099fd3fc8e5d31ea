"""Publishing, closing and cancelling shifts."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.volunteers.domain.plans import MOST_ROWS, ONE, SCOPES
from shared.errors import N_
from shared.web.schema import Schema, Template

_ONE_SHIFT = Template(N_("Vælg én vagt, når resten af serien skal med."))


class ShiftIdsSchema(Schema):
    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_ROWS))


class CancelShiftsSchema(ShiftIdsSchema):
    """`scope`: with one shift of a series, also those of the series that follow it, or all that are not over."""

    reason = fields.String(required=True, validate=validate.Length(max=500))
    scope = fields.String(load_default="one", validate=validate.OneOf(SCOPES))

    @marshmallow.validates_schema(skip_on_field_errors=True)
    def is_of_one_series(self, data: dict[str, Any], **_: Any) -> None:
        if data["scope"] != ONE and len(data["ids"]) > 1:
            raise marshmallow.ValidationError({"scope": [_ONE_SHIFT.format()]})


class DoneSchema(Schema):
    """`told`: how many people get a message."""

    ids = fields.List(fields.UUID())
    told = fields.Integer()


class StateSchema(Schema):
    id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
