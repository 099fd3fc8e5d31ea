"""Links in mails: what they are about, and the answer given through them."""

from __future__ import annotations

from marshmallow import fields, validate

from services.volunteers.commands.links import ANSWERS
from services.volunteers.schemas.common import ShiftNameSchema, SignUpStateSchema
from services.volunteers.schemas.sign_ups import LONGEST_REASON
from shared.web.schema import Schema
from shared.web.values import ReasonSchema

_TOKEN = validate.Length(max=500)


class LinkSchema(Schema):
    token = fields.String(required=True, validate=_TOKEN)


class LinkAnswerSchema(LinkSchema):
    """offer: accept or decline; cancel: cancel, and why, for who wants to say it; stop-asking: stop."""

    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class LinkSignUpSchema(SignUpStateSchema):
    """`late`: calling off now would be noted as late."""

    late = fields.Boolean()


class LinkStateSchema(Schema):
    """purpose: offer, cancel or stop-asking (without sign-up and shift). `reason`: why it cannot be used."""

    purpose = fields.String()
    usable = fields.Boolean()
    reason = fields.Nested(ReasonSchema, allow_none=True)
    sign_up = fields.Nested(LinkSignUpSchema, allow_none=True)
    shift = fields.Nested(ShiftNameSchema, allow_none=True)
