"""Depots, materials and facilities over HTTP."""

from __future__ import annotations

from datetime import date

from marshmallow import fields, validate

from shared.errors import N_
from shared.web.schema import Schema, Template

WALL_TIME = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z", error=Template(N_("Skal være et klokkeslæt, fx 07:30.")))
SANE_DAY = validate.Range(min=date(2000, 1, 1), max=date(2100, 12, 31))


class OpeningHoursSchema(Schema):
    """weekday 0 is Monday; local wall times, half-open."""

    weekday = fields.Integer(strict=True, required=True, validate=validate.Range(min=0, max=6))
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
    closed_on = fields.List(fields.Date(validate=SANE_DAY), validate=validate.Length(max=400))


class UnitSchema(Schema):
    id = fields.UUID()
    number = fields.Integer()
    state = fields.String()


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
