"""A place over HTTP."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schema import Schema


class PlaceRequestSchema(Schema):
    """Coordinates in degrees (WGS 84): they tell the way between places."""

    name = fields.String(required=True, validate=validate.Length(max=120))
    area = fields.String(required=True, validate=validate.Length(max=80))
    latitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(min=-90, max=90))
    longitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(min=-180, max=180))
