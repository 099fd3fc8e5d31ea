"""What many answers tell of a shift, a role, a seat and a sign-up."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import Schema
from shared.web.values import ReasonSchema


class ShiftNameSchema(Schema):
    """Enough to know which one it is."""

    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class ShiftSummarySchema(ShiftNameSchema):
    area = fields.String()
    state = fields.String()
    organiser = fields.String()


class ShiftBriefingSchema(ShiftSummarySchema):
    """What one who takes part needs to know. Telephone and e-mail of the contact are told to nobody else."""

    cancel_reason = fields.String()
    meeting_point = fields.String()
    bring = fields.String()
    contact_id = fields.UUID(allow_none=True)
    contact_name = fields.String()
    contact_phone = fields.String()
    contact_email = fields.String()


class RoleSummarySchema(Schema):
    id = fields.UUID()
    name = fields.String()
    capacity = fields.Integer()
    taken = fields.Integer()
    minimum = fields.Integer()
    waiting = fields.Integer()


class SeatSummarySchema(Schema):
    """kind: own, child, named (by a group; `person_id` may be still to come) or guest."""

    id = fields.UUID()
    kind = fields.String()
    person_id = fields.UUID(allow_none=True)
    name = fields.String()
    attendance = fields.String()
    checked_in_at = fields.AwareDateTime(allow_none=True)


class SignUpStateSchema(Schema):
    role = fields.String()
    state = fields.String()
    places = fields.Integer()
    child_age = fields.Integer(allow_none=True)
    offer_until = fields.AwareDateTime(allow_none=True)


class SignUpSummarySchema(SignUpStateSchema):
    """`position`: 1 is next in line, null for who is not in line. `flags`: rules that a later change broke."""

    id = fields.UUID()
    position = fields.Integer(allow_none=True)
    offer_number = fields.Integer()
    association_id = fields.UUID(allow_none=True)
    flags = fields.List(fields.Nested(ReasonSchema))
