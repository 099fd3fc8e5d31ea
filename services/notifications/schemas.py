"""HTTP shapes: what a person has been told, and why."""

from marshmallow import fields

from shared.web.schema import Schema


class MessageQuerySchema(Schema):
    booking_id = fields.UUID(load_default=None)
    shift_id = fields.UUID(load_default=None)
    all = fields.Boolean(load_default=False)


class MessageSchema(Schema):
    """state: waiting, sent, delayed (the mail server says wait) or failed (it refuses that address for good)."""

    id = fields.UUID()
    at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
    template = fields.String()
    subject = fields.String()
    why = fields.String()
    event_type = fields.String()
    booking_id = fields.UUID(allow_none=True)
    shift_id = fields.UUID(allow_none=True)
    state = fields.String()
    person_id = fields.UUID(metadata={"description": "The recipient; only for administrators who ask for all."})


class MessagesSchema(Schema):
    messages = fields.List(fields.Nested(MessageSchema))
