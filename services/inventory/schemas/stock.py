"""The stock, its ledger and the shortage reports over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.inventory.domain.stock import BY_HAND, MOST_OWNED
from shared.errors import N_
from shared.web.i18n import as_text
from shared.web.schema import Schema, Template

NOT_BLANK = validate.Regexp(r".*\S", error=Template(N_("Skal udfyldes.")))


class Words(fields.String):
    """A text that is either somebody's own or one of ours, which is then told in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return str(as_text(value))


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
        strict=True,
        required=True,
        validate=[
            validate.Range(min=-MOST_OWNED, max=MOST_OWNED),
            validate.NoneOf([0], error=Template(N_("Skal være forskelligt fra 0."))),
        ],
    )
    cause = fields.String(required=True, validate=validate.OneOf([cause.value for cause in BY_HAND]))
    reason = fields.String(required=True, validate=[NOT_BLANK, validate.Length(max=500)])
    unit_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))


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
