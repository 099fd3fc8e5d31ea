"""What mails about shifts are made of; for services."""

from __future__ import annotations

from marshmallow import fields

from services.volunteers.schemas.common import ShiftBriefingSchema, SignUpSummarySchema
from shared.web.schema import Schema


class LetterQuerySchema(Schema):
    person_id = fields.UUID(load_default=None, metadata={"description": "Who gets the mail."})


class LetterShiftSchema(ShiftBriefingSchema):
    organiser_id = fields.UUID(allow_none=True)
    insurance = fields.String()
    taken = fields.Integer()
    minimum = fields.Integer()


class LetterSignUpSchema(SignUpSummarySchema):
    """`sequence`: as in the personal feed, for calendars. `has_seat`: there is a place for who gets the mail."""

    has_seat = fields.Boolean()
    sequence = fields.Integer()


class LetterHoursSchema(Schema):
    minutes = fields.Integer()
    question = fields.String()
    state = fields.String()


class LinksSchema(Schema):
    """Tokens for addresses of the portal that work without log-in; only for who gets the mail."""

    offer = fields.String(allow_none=True)
    cancel = fields.String(allow_none=True)
    stop = fields.String(allow_none=True)


class LetterSchema(Schema):
    shift = fields.Nested(LetterShiftSchema)
    links = fields.Nested(LinksSchema)


class SignUpLetterSchema(LetterSchema):
    sign_up = fields.Nested(LetterSignUpSchema)


class SwapLetterSchema(SignUpLetterSchema):
    swap_state = fields.String()
    in_exchange = fields.Nested(LetterShiftSchema, allow_none=True)


class HoursLetterSchema(LetterSchema):
    hours = fields.Nested(LetterHoursSchema)
