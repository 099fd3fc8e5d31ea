"""Links in mails: what they are about, and the answer given through them."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.commands.links import ANSWERS
from shared.web.schema import Schema
from shared.web.values import ReasonSchema

_TOKEN = validate.Length(max=500)


class LinkSchema(Schema):
    token = fields.String(required=True, validate=_TOKEN)


class LinkAnswerSchema(LinkSchema):
    """offer: accept or decline; cancel: cancel; stop-asking: stop."""

    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))


class LinkSignUpSchema(Schema):
    state = fields.String()
    places = fields.Integer()
    role = fields.String()
    offer_until = fields.AwareDateTime(allow_none=True)


class LinkShiftSchema(Schema):
    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class LinkStateSchema(Schema):
    """purpose: offer, cancel or stop-asking (without sign-up and shift). `reason`: why it cannot be used."""

    purpose = fields.String()
    usable = fields.Boolean()
    reason = fields.Nested(ReasonSchema, allow_none=True)
    sign_up = fields.Nested(LinkSignUpSchema, allow_none=True)
    shift = fields.Nested(LinkShiftSchema, allow_none=True)
