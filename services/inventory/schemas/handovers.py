"""The depots' desks over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.inventory.domain.handovers import Entry
from services.inventory.domain.stock import MOST_OWNED
from services.inventory.schemas.catalogue import SANE_DAY
from services.inventory.schemas.stock import DepotQuerySchema
from shared.web.schema import Schema


class HandoversQuerySchema(DepotQuerySchema):
    date = fields.Date(load_default=None, validate=SANE_DAY)
    view = fields.String(load_default="fetch", validate=validate.OneOf(["fetch", "return", "overdue"]))
    q = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "A booking's number or an association's name; searches all days and views."},
    )


class HandoverSummarySchema(Schema):
    id = fields.UUID()
    booking_id = fields.UUID()
    number = fields.String()
    depot_id = fields.UUID()
    depot_name = fields.String()
    association_id = fields.UUID(allow_none=True)
    association_name = fields.String()
    person_id = fields.UUID()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    state = fields.String()
    lines_summary = fields.String()
    out_summary = fields.String()
    pieces = fields.Integer()
    pieces_out = fields.Integer()


class HandoversSchema(Schema):
    handovers = fields.List(fields.Nested(HandoverSummarySchema))


class UnitNumberSchema(Schema):
    id = fields.UUID()
    number = fields.Integer()


class HandoverLineSchema(Schema):
    id = fields.UUID()
    booking_line_id = fields.UUID()
    resource_id = fields.UUID()
    name = fields.String()
    unit_name = fields.String()
    kind = fields.String()
    picture = fields.String()
    quantity = fields.Integer()
    handed_out = fields.Integer()
    broken_at_hand_out = fields.Integer()
    returned = fields.Integer()
    broken = fields.Integer()
    missing = fields.Integer()
    outstanding = fields.Integer()
    unit_ids = fields.List(fields.UUID())
    units_out = fields.List(fields.Nested(UnitNumberSchema))
    available_units = fields.List(fields.Nested(UnitNumberSchema))


class StepLineSchema(Schema):
    line_id = fields.UUID()
    name = fields.String()
    quantity = fields.Integer()
    broken = fields.Integer()
    missing = fields.Integer()
    unit_ids = fields.List(fields.UUID())
    note = fields.String()


class StepSchema(Schema):
    id = fields.UUID()
    kind = fields.String()
    at = fields.AwareDateTime()
    staff_id = fields.UUID()
    note = fields.String()
    lines = fields.List(fields.Nested(StepLineSchema))


class HandoverSchema(HandoverSummarySchema):
    version = fields.Integer()
    lines = fields.List(fields.Nested(HandoverLineSchema))
    steps = fields.List(fields.Nested(StepSchema))


class BookingHandoversSchema(Schema):
    handovers = fields.List(fields.Nested(HandoverSchema))


def _pieces() -> fields.Integer:
    return fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0, max=MOST_OWNED))


def _units() -> fields.List:
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))


def _note() -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=500))


class HandOutLineSchema(Schema):
    """`broken` were found broken and stay. Of a numbered material the units; those set aside if none is named."""

    line_id = fields.UUID(required=True)
    quantity = _pieces()
    broken = _pieces()
    unit_ids = _units()
    broken_unit_ids = _units()
    note = _note()

    @post_load
    def entry(self, data: dict[str, Any], **_: Any) -> Entry:
        lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
        return Entry(**(data | lists))


class ReturnLineSchema(HandOutLineSchema):
    """`quantity` came back whole, `broken` broken, and `missing` will not come back."""

    missing = _pieces()
    missing_unit_ids = _units()


class HandOutRequestSchema(Schema):
    lines = fields.List(fields.Nested(HandOutLineSchema), required=True, validate=validate.Length(max=100))
    note = _note()
    complete = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Nothing more will be handed out. If absent: when all that was ordered is settled."},
    )


class ReturnRequestSchema(Schema):
    lines = fields.List(fields.Nested(ReturnLineSchema), required=True, validate=validate.Length(max=100))
    note = _note()
