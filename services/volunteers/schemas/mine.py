"""One's own sign-ups, and what one prefers."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.schemas.shifts import SignUpCardSchema
from shared.web.schema import Schema


class SignUpsQuerySchema(Schema):
    view = fields.String(load_default="coming", validate=validate.OneOf(["coming", "past"]))


class MyShiftSchema(Schema):
    """What one who takes part needs to know. `state` is the shift's own; `contact` is the contact's name."""

    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    area = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    state = fields.String()
    cancel_reason = fields.String()
    organiser = fields.String()
    meeting_point = fields.String()
    bring = fields.String()
    contact_id = fields.UUID(allow_none=True)
    contact = fields.String()


class MySeatSchema(Schema):
    """kind: own, child, named (by a group; `person_id` may be still to come) or guest."""

    id = fields.UUID()
    kind = fields.String()
    person_id = fields.UUID(allow_none=True)
    name = fields.String()
    attendance = fields.String()
    checked_in_at = fields.AwareDateTime(allow_none=True)


class OpenSwapSchema(Schema):
    """What the reader has asked of somebody, still without an answer."""

    id = fields.UUID()
    state = fields.String()
    to_person_id = fields.UUID()
    to_name = fields.String()
    in_exchange_shift_id = fields.UUID(allow_none=True)


class MySignUpSchema(SignUpCardSchema):
    """`late`: cancelling now would be noted as late. `may_cancel`: false for whom a group has named."""

    shift_id = fields.UUID()
    made_at = fields.AwareDateTime()
    shift = fields.Nested(MyShiftSchema)
    seats = fields.List(fields.Nested(MySeatSchema))
    swap = fields.Nested(OpenSwapSchema, allow_none=True)
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
