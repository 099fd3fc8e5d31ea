"""One's own sign-ups, and what one prefers."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.schemas.common import SeatSummarySchema, ShiftBriefingSchema
from services.volunteers.schemas.shifts import SignUpCardSchema
from shared.web.schema import Schema


class SignUpsQuerySchema(Schema):
    view = fields.String(load_default="coming", validate=validate.OneOf(["coming", "past"]))


class MyShiftSchema(ShiftBriefingSchema):
    """`state` is the shift's own; `contact` is the contact's name."""

    insurance = fields.String()
    contact = fields.String()


class OpenSwapSchema(Schema):
    """What the reader has asked of somebody, still without an answer. She may have guessed the address: so not whom."""

    id = fields.UUID()
    state = fields.String()
    in_exchange_shift_id = fields.UUID(allow_none=True)


class MySignUpSchema(SignUpCardSchema):
    """`late`: cancelling now would be noted as late. `may_cancel`: false for whom a group has named, and for who is
    there already. `swapped`: cancelled, because somebody else agreed to have the place.
    """

    shift_id = fields.UUID()
    made_at = fields.AwareDateTime()
    shift = fields.Nested(MyShiftSchema)
    seats = fields.List(fields.Nested(SeatSummarySchema))
    swap = fields.Nested(OpenSwapSchema, allow_none=True)
    swapped = fields.Boolean()
    may_cancel = fields.Boolean()
    late = fields.Boolean()


class MySignUpsSchema(Schema):
    items = fields.List(fields.Nested(MySignUpSchema))


class PersonRequestSchema(Schema):
    """Who comes on a group's place: by e-mail or id. Neither: nobody is named any more."""

    email = fields.Email(allow_none=True, load_default=None, validate=validate.Length(max=254))
    person_id = fields.UUID(allow_none=True, load_default=None)


class PreferencesSchema(Schema):
    """`version` 0: nothing was chosen yet."""

    may_be_asked = fields.Boolean()
    version = fields.Integer()


class PreferencesRequestSchema(Schema):
    may_be_asked = fields.Boolean(required=True, truthy={True}, falsy={False})
