"""Shifts as volunteers see them."""

from __future__ import annotations

from typing import Any

import marshmallow
from flask_babel import gettext
from marshmallow import fields, validate

from services.volunteers.queries.shifts import LENGTHS, WEEK_TIMES
from services.volunteers.schemas.common import (
    RoleSummarySchema,
    ShiftBriefingSchema,
    ShiftSummarySchema,
    SignUpSummarySchema,
)
from shared import clock
from shared.qualifications import QUALIFICATIONS
from shared.web.paging import PageSchema
from shared.web.schema import Schema
from shared.web.values import SANE_DAY, Filter, ReasonSchema

LONGEST_WINDOW = 62  # days
LARGEST_PAGE = 100
_TEXT = validate.Length(max=200)


class ShiftsQuerySchema(PageSchema):
    first = fields.Date(data_key="from", validate=SANE_DAY)
    days = fields.Integer(load_default=14, validate=validate.Range(min=1, max=LONGEST_WINDOW))
    area = fields.String(load_default="", validate=_TEXT)
    when = fields.String(load_default="", validate=Filter(WEEK_TIMES))
    role = fields.String(load_default="", validate=_TEXT)
    length = fields.String(load_default="", validate=Filter(LENGTHS))
    cause_id = fields.UUID(load_default=None)
    organiser_id = fields.UUID(load_default=None)
    organiser = fields.String(load_default="", validate=_TEXT)
    narrow = fields.String(data_key="only", attribute="only", load_default="", validate=Filter(["open", "may"]))
    page_size = fields.Integer(load_default=50, validate=validate.Range(min=1, max=LARGEST_PAGE))

    @marshmallow.post_load
    def from_today(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"first": clock.today(), **data}


class RoleCardSchema(RoleSummarySchema):
    """`state`: open, few or full. `may`: nothing speaks against her; if it is full, she may join the line."""

    free = fields.Integer()
    requirements = fields.List(fields.String())
    requirement_names = fields.Function(
        lambda role: [
            gettext(QUALIFICATIONS[slug][0]) if slug in QUALIFICATIONS else slug for slug in role["requirements"]
        ],
        metadata={"type": "array", "items": {"type": "string"}},
    )
    state = fields.String()
    may = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonSchema))
    warnings = fields.List(fields.Nested(ReasonSchema))


class SignUpCardSchema(SignUpSummarySchema):
    role_id = fields.UUID()
    version = fields.Integer()


class ShiftCardSchema(ShiftSummarySchema):
    """`state`: open, few, full, closed, held, cancelled or draft. Counts are places in all roles."""

    organiser_id = fields.UUID(allow_none=True)
    cause = fields.String()
    cause_id = fields.UUID(allow_none=True)
    minimum_age = fields.Integer()
    audience = fields.String()
    audience_name = fields.String()
    capacity = fields.Integer()
    taken = fields.Integer()
    waiting = fields.Integer()
    minimum = fields.Integer()
    roles = fields.List(fields.Nested(RoleCardSchema))
    mine = fields.Nested(SignUpCardSchema, allow_none=True)
    may = fields.Boolean()
    version = fields.Integer()


class ShiftSchema(ShiftCardSchema, ShiftBriefingSchema):
    """In full. `coordinates`: the reader plans it; to others audience_id, series_id, check_hours and created_by are
    null. `contact_id` is for those who are signed in, `contact_phone` and `contact_email` for planners and for those
    who are in, offered or in line.
    """

    description = fields.String()
    insurance = fields.String()
    audience_id = fields.UUID(allow_none=True)
    children_welcome = fields.Boolean()
    child_minimum_age = fields.Integer()
    series_id = fields.UUID(allow_none=True)
    check_hours = fields.Integer(allow_none=True)
    coordinates = fields.Boolean()
    created_by = fields.UUID(allow_none=True)


class NamedSchema(Schema):
    """Without an id: an organiser that is no association."""

    id = fields.UUID(allow_none=True)
    name = fields.String()


class ShiftFacetsSchema(Schema):
    areas = fields.List(fields.String())
    roles = fields.List(fields.String())
    causes = fields.List(fields.Nested(NamedSchema))
    organisers = fields.List(fields.Nested(NamedSchema))


class ShiftPageSchema(Schema):
    """`facets` are the choices, whatever was asked: tasks of these days, all else of all that is ahead. `next_day`: the
    first one after these days with such a shift.
    """

    items = fields.List(fields.Nested(ShiftCardSchema))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()
    facets = fields.Nested(ShiftFacetsSchema)
    next_day = fields.Date(allow_none=True)


class PlaceSchema(Schema):
    name = fields.String()
    area = fields.String()


class PlacesSchema(Schema):
    areas = fields.List(fields.String())
    places = fields.List(fields.Nested(PlaceSchema))
