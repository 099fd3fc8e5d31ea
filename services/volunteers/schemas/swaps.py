"""Asking somebody to swap, and the answer."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.schemas.mine import MyShiftSchema
from shared.web.schema import Schema
from shared.web.values import ReasonSchema


class SwapRequestSchema(Schema):
    """Without `in_exchange_shift_id` the other takes the place and gives none."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    in_exchange_shift_id = fields.UUID(allow_none=True, load_default=None)


class SwapAnswerSchema(Schema):
    agree = fields.Boolean(required=True, truthy={True}, falsy={False})


class ExchangedShiftSchema(MyShiftSchema):
    role = fields.String()


class SwapSchema(Schema):
    """`mine`: asked by the reader. `may`: she may agree, or (mine) withdraw; `reasons` are what speaks against.
    `to_person_id` and `to_name` are told to who asked when the other has agreed.
    """

    id = fields.UUID()
    state = fields.String()
    sign_up_id = fields.UUID()
    from_person_id = fields.UUID()
    from_name = fields.String()
    to_person_id = fields.UUID(allow_none=True)
    to_name = fields.String()
    asked_at = fields.AwareDateTime()
    shift = fields.Nested(MyShiftSchema)
    role = fields.String()
    in_exchange = fields.Nested(ExchangedShiftSchema, allow_none=True)
    may = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonSchema))
    mine = fields.Boolean()


class SwapsSchema(Schema):
    items = fields.List(fields.Nested(SwapSchema))
