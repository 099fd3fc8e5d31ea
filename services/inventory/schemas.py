"""What goes over HTTP. `…ChangeSchema`, `…RequestSchema` and query schemas come in, all others go out."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, post_load, validate

from services.inventory.domain.handovers import Entry
from services.inventory.domain.stock import BY_HAND, MOST_OWNED
from shared.errors import N_
from shared.web.i18n import as_text
from shared.web.schema import Schema, Template

WALL_TIME = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z", error=Template(N_("Skal være et klokkeslæt, fx 07:30.")))
NOT_BLANK = validate.Regexp(r".*\S", error=Template(N_("Skal udfyldes.")))


class Words(fields.String):
    """A text that is either somebody's own or one of ours, which is then told in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return str(as_text(value))


class OpeningHoursSchema(Schema):
    """weekday 0 is Monday; local wall times, half-open."""

    weekday = fields.Integer(required=True, validate=validate.Range(min=0, max=6))
    opens = fields.String(required=True, validate=WALL_TIME)
    closes = fields.String(required=True, validate=WALL_TIME)


class DepotSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    town = fields.String()
    opening_hours = fields.List(fields.Nested(OpeningHoursSchema))
    closed_on = fields.List(fields.Date())
    version = fields.Integer()


class DepotsSchema(Schema):
    depots = fields.List(fields.Nested(DepotSchema))


class DepotChangeSchema(Schema):
    opening_hours = fields.List(fields.Nested(OpeningHoursSchema), validate=validate.Length(max=50))
    closed_on = fields.List(fields.Date(), validate=validate.Length(max=400))


class UnitSchema(Schema):
    id = fields.UUID()
    number = fields.Integer()
    state = fields.String()


class UnitNumberSchema(Schema):
    id = fields.UUID()
    number = fields.Integer()


class PartSchema(Schema):
    id = fields.UUID()
    name = fields.String()


class ResourceSchema(Schema):
    """A material (kind pool, numbered or consumable) or a facility. A material's hours are its depot's."""

    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    category = fields.String()
    description = fields.String()
    picture = fields.String()
    depot_id = fields.UUID(allow_none=True)
    depot_name = fields.String()
    town = fields.String()
    unit_name = fields.String()
    total = fields.Integer()
    units = fields.List(fields.Nested(UnitSchema), metadata={"description": "For the depot's staff alone."})
    preparation_days = fields.Integer()
    requirement = fields.String()
    delivery = fields.String()
    value_ore = fields.Integer()
    needs_approval = fields.Boolean()
    lead_time_hours = fields.Integer()
    longest_loan_days = fields.Integer(allow_none=True)
    capacity = fields.Integer(allow_none=True)
    accessible = fields.Boolean(allow_none=True)
    owner = fields.String()
    parent_id = fields.UUID(allow_none=True)
    parent_name = fields.String()
    parts = fields.List(fields.Nested(PartSchema))
    opening_hours = fields.List(fields.Nested(OpeningHoursSchema))
    active = fields.Boolean()
    version = fields.Integer()


class ResourceChangeSchema(Schema):
    description = fields.String(validate=validate.Length(max=2000))
    active = fields.Boolean()


class DepotQuerySchema(Schema):
    depot_id = fields.UUID(load_default=None)


class StockQuerySchema(DepotQuerySchema):
    q = fields.String(load_default="", validate=validate.Length(max=100))


class StockItemSchema(Schema):
    """`total` can be lent in all, in or out; `out` of them are with borrowers; the other counts are set aside."""

    id = fields.UUID()
    name = fields.String()
    kind = fields.String()
    category = fields.String()
    picture = fields.String()
    depot_id = fields.UUID()
    depot_name = fields.String()
    unit_name = fields.String()
    owned = fields.Integer()
    total = fields.Integer()
    out = fields.Integer()
    broken = fields.Integer()
    missing = fields.Integer()
    consumed = fields.Integer()
    active = fields.Boolean()
    version = fields.Integer()


class StockSchema(Schema):
    items = fields.List(fields.Nested(StockItemSchema))


class MovementSchema(Schema):
    id = fields.Integer()
    at = fields.AwareDateTime()
    change = fields.Integer()
    cause = fields.String()
    reason = Words()
    staff_id = fields.UUID(allow_none=True)
    handover_id = fields.UUID(allow_none=True)


class MovementsSchema(Schema):
    movements = fields.List(fields.Nested(MovementSchema))


class CorrectionRequestSchema(Schema):
    """`change` is negative for what is lost and positive for what is found, repaired or bought."""

    change = fields.Integer(
        required=True,
        validate=[
            validate.Range(min=-MOST_OWNED, max=MOST_OWNED),
            validate.NoneOf([0], error=Template(N_("Skal være forskelligt fra 0."))),
        ],
    )
    cause = fields.String(required=True, validate=validate.OneOf([cause.value for cause in BY_HAND]))
    reason = fields.String(required=True, validate=[NOT_BLANK, validate.Length(max=500)])
    unit_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))


class HandoversQuerySchema(DepotQuerySchema):
    date = fields.Date(load_default=None, validate=validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1)))
    view = fields.String(load_default="fetch", validate=validate.OneOf(["fetch", "return", "overdue"]))


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
    pieces = fields.Integer()
    pieces_out = fields.Integer()


class HandoversSchema(Schema):
    handovers = fields.List(fields.Nested(HandoverSummarySchema))


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
    return fields.Integer(load_default=0, validate=validate.Range(min=0, max=MOST_OWNED))


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


class ShortageSchema(Schema):
    id = fields.UUID()
    at = fields.AwareDateTime()
    handover_id = fields.UUID()
    booking_id = fields.UUID()
    number = fields.String()
    stage = fields.String()
    resource_id = fields.UUID()
    name = fields.String()
    broken = fields.Integer()
    missing = fields.Integer()
    note = fields.String()
    staff_id = fields.UUID()


class ShortagesSchema(Schema):
    shortages = fields.List(fields.Nested(ShortageSchema))
