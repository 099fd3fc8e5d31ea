"""Calendars over HTTP; the calendar itself is no JSON."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.domain.feeds import KINDS
from shared.web.schema import Schema


class FeedRequestSchema(Schema):
    """`subject`: nothing for one's own shifts, else the area, the organiser as it calls itself, or the cause's id."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    subject = fields.String(load_default="", validate=validate.Length(max=200))


class FeedSchema(Schema):
    """`name` is for people: the area, organiser or cause; "" for one's own shifts."""

    id = fields.UUID()
    kind = fields.String()
    subject = fields.String()
    name = fields.String()
    made_at = fields.AwareDateTime()


class NewFeedSchema(FeedSchema):
    token = fields.String()


class FeedsSchema(Schema):
    items = fields.List(fields.Nested(FeedSchema))
