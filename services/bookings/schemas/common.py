"""Shapes that several answers share."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schema import Schema


class PeriodSchema(Schema):
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class AlternativeSchema(Schema):
    """What is free instead. kind: fewer (of the same), other (a thing of the same sort) or dates (another time)."""

    kind = fields.String(validate=validate.OneOf(["fewer", "other", "dates"]))
    quantity = fields.Integer()
    resource_id = fields.String(allow_none=True)
    name = fields.String()
    starts_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    ends_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class OpeningSchema(Schema):
    """weekday 0 is Monday; Danish wall times, half-open."""

    weekday = fields.Integer()
    opens = fields.String()
    closes = fields.String()
