"""The crew over HTTP: who is expected, who came, who is in line."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.schemas.common import RoleSummarySchema, SeatSummarySchema, ShiftSummarySchema
from shared.web.schema import Schema
from shared.web.values import SANE_DAY, Instant, ReasonSchema

ATTENDANCES = ("expected", "present", "late", "absent")
_TEXT = validate.Length(max=200)


class CrewQuerySchema(Schema):
    day = fields.Date(load_default=None, validate=SANE_DAY, metadata={"description": "Today, if none is given."})
    place = fields.String(load_default="", validate=_TEXT)
    organiser_id = fields.UUID(load_default=None)


class CrewShiftSchema(ShiftSummarySchema):
    organiser_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class SeatSchema(SeatSummarySchema):
    """kind: own, child, named (of a group) or guest. `flags`: rules that do not hold. A guest may have no sign-up.

    `signed_up_by` is who made the sign-up: the adult of a child, or who speaks for a group. Names are empty while
    accounts is away. `child_age`: of a child, in whole years on the day.
    """

    child_age = fields.Integer(allow_none=True)
    sign_up_id = fields.UUID(allow_none=True)
    shift_id = fields.UUID()
    role_id = fields.UUID()
    role = fields.String()
    signed_up_by = fields.UUID(allow_none=True)
    signed_up_by_name = fields.String()
    association_id = fields.UUID(allow_none=True)
    association_name = fields.String()
    flags = fields.List(fields.Nested(ReasonSchema))
    minor = fields.Boolean()


class InLineSchema(Schema):
    """state: waiting, with its `position` (1 is next), or offered, with the time limit."""

    sign_up_id = fields.UUID()
    role_id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    association_id = fields.UUID(allow_none=True)
    places = fields.Integer()
    position = fields.Integer(allow_none=True)
    state = fields.String()
    offer_until = fields.AwareDateTime(allow_none=True)


class CrewSchema(Schema):
    """`moment_from` to `moment_to`: when telephone numbers may be looked up. `check_in_code`: for the QR code."""

    shift = fields.Nested(CrewShiftSchema)
    roles = fields.List(fields.Nested(RoleSummarySchema))
    seats = fields.List(fields.Nested(SeatSchema))
    waiting = fields.List(fields.Nested(InLineSchema))
    check_in_code = fields.String()
    phones_open = fields.Boolean()
    moment_from = fields.AwareDateTime()
    moment_to = fields.AwareDateTime()


class CrewsSchema(Schema):
    shifts = fields.List(fields.Nested(CrewSchema))


class AttendanceRequestSchema(Schema):
    """`at`: when she came; if absent, now, or (once the shift is over) unknown."""

    attendance = fields.String(required=True, validate=validate.OneOf(ATTENDANCES))
    at = Instant(load_default=None, allow_none=True)


class WalkInRequestSchema(Schema):
    """With an e-mail address that accounts knows it is that person, for whom the rules hold."""

    role_id = fields.UUID(required=True)
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))


class CheckInRequestSchema(Schema):
    code = fields.String(required=True, validate=validate.Length(min=1, max=100))


class PhoneRequestSchema(Schema):
    seat_id = fields.UUID(required=True)


class PhoneSchema(Schema):
    """`phone` is empty where none is known."""

    phone = fields.String()
    person_id = fields.UUID()
    name = fields.String()


class ReleaseRequestSchema(Schema):
    sign_up_id = fields.UUID(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class PhoneLookSchema(Schema):
    """`shift` is its title."""

    shift = fields.String()
    starts_at = fields.AwareDateTime()
    looked_by = fields.UUID()
    looked_by_name = fields.String()
    looked_at = fields.AwareDateTime()


class PhoneLooksSchema(Schema):
    items = fields.List(fields.Nested(PhoneLookSchema))
