"""Signing up, and what became of it."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.volunteers.commands.sign_up import Wish
from services.volunteers.schemas.shifts import SignUpCardSchema
from shared.web.schema import Schema
from shared.web.values import ReasonSchema

LARGEST_GROUP = 50
LONGEST_REASON = 500


class SignUpRequestSchema(Schema):
    """`places`: for the association that one acts for. Without `accept_waiting`: a place at once, or nothing.

    `child_age`: of the child that comes along, in whole years on the day of the shift. Nothing else is asked of it.
    """

    role_id = fields.UUID(required=True)
    with_child = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    child_age = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(min=0, max=120))
    accept_waiting = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    places = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=LARGEST_GROUP))

    @marshmallow.post_load
    def make_wish(self, data: dict[str, Any], **_: Any) -> Wish:
        return Wish(**data)


class CancelSignUpSchema(Schema):
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class SignUpSchema(SignUpCardSchema):
    """`warnings`: too little time for the way from or to another shift."""

    shift_id = fields.UUID()
    made_at = fields.AwareDateTime()
    warnings = fields.List(fields.Nested(ReasonSchema))
