"""Templates over HTTP: a name, and a row of a plan without its day."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.schemas.plan import DraftRowSchema
from shared.web.schema import Schema


class TemplateRequestSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(max=80))
    row = fields.Nested(DraftRowSchema, required=True)


class TemplateSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    organiser_id = fields.UUID(allow_none=True)
    row = fields.Dict(attribute="content")
    version = fields.Integer()


class TemplatesSchema(Schema):
    items = fields.List(fields.Nested(TemplateSchema))
