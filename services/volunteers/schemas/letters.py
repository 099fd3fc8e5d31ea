"""What mails about shifts are made of; for services."""

from __future__ import annotations

from marshmallow import fields

from services.volunteers.schemas.common import ShiftBriefingSchema, ShiftNameSchema, SignUpSummarySchema
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


class LetterPlaceSchema(Schema):
    """A place that who gets the mail had, for her calendar."""

    shift = fields.Nested(LetterShiftSchema)
    sign_up = fields.Nested(LetterSignUpSchema)


class MovedAwaySchema(Schema):
    """When the shift was, if that is known, and the other one that who gets the mail has at its new time."""

    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)
    elsewhere = fields.Nested(ShiftNameSchema, allow_none=True)


class LetterSchema(Schema):
    """`gone`: what comes out of the reader's calendar."""

    shift = fields.Nested(LetterShiftSchema)
    gone = fields.List(fields.Nested(LetterPlaceSchema))
    links = fields.Nested(LinksSchema)


class SignUpLetterSchema(LetterSchema):
    """`moved_away`: where a move put the reader off the shift."""

    sign_up = fields.Nested(LetterSignUpSchema)
    moved_away = fields.Nested(MovedAwaySchema, allow_none=True)


class SwapLetterSchema(SignUpLetterSchema):
    swap_state = fields.String()
    in_exchange = fields.Nested(LetterShiftSchema, allow_none=True)


class HoursLetterSchema(LetterSchema):
    hours = fields.Nested(LetterHoursSchema)
