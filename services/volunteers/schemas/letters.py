"""What mails about shifts are made of; for services."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import Schema
from shared.web.values import ReasonSchema


class LetterQuerySchema(Schema):
    person_id = fields.UUID(load_default=None, metadata={"description": "Who gets the mail."})


class LetterShiftSchema(Schema):
    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    area = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    state = fields.String()
    organiser = fields.String()
    organiser_id = fields.UUID(allow_none=True)
    insurance = fields.String()
    contact_id = fields.UUID(allow_none=True)
    meeting_point = fields.String()
    bring = fields.String()
    cancel_reason = fields.String()
    taken = fields.Integer()
    minimum = fields.Integer()


class LetterSignUpSchema(Schema):
    """`sequence`: the same as in the personal feed, for calendars."""

    id = fields.UUID()
    role = fields.String()
    state = fields.String()
    places = fields.Integer()
    association_id = fields.UUID(allow_none=True)
    position = fields.Integer(allow_none=True)
    offer_until = fields.AwareDateTime(allow_none=True)
    offer_number = fields.Integer()
    sequence = fields.Integer()
    flags = fields.List(fields.Nested(ReasonSchema))


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
