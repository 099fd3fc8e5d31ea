"""Requests, bookings and decisions."""

from __future__ import annotations

from typing import Any

import marshmallow
from flask_babel import gettext
from marshmallow import fields, validate

from services.bookings.commands.alternatives import as_stored
from services.bookings.commands.lapse import NOBODY_ANSWERED
from services.bookings.domain.states import BOOKING_STATES
from services.bookings.domain.wishes import Wish, WishedLine
from services.bookings.schemas.common import AlternativeSchema
from shared.web.paging import PageSchema
from shared.web.schema import Schema
from shared.web.values import Filter, Instant, ReasonSchema

COUNTABLE = validate.Range(min=-1_000_000_000, max=1_000_000_000)  # what fits the database; the rules say the rest


class LineRequestSchema(Schema):
    """A material with a quantity, or a facility with its own times."""

    resource_id = fields.UUID(required=True)
    quantity = fields.Integer(strict=True, load_default=1, validate=COUNTABLE)
    starts_at = Instant(allow_none=True, load_default=None)
    ends_at = Instant(allow_none=True, load_default=None)

    @marshmallow.post_load
    def make(self, data: dict[str, Any], **_: Any) -> WishedLine:
        return WishedLine(**data)


class BookingRequestSchema(Schema):
    """`starts_at` and `ends_at` are pick-up and return; without materials they are not needed."""

    purpose = fields.String(load_default="", validate=validate.Length(max=500))
    open_to_all = fields.Boolean(load_default=False)
    place_of_use = fields.String(load_default="", validate=validate.Length(max=200))
    terms_accepted = fields.Boolean(load_default=False)
    starts_at = Instant(allow_none=True, load_default=None)
    ends_at = Instant(allow_none=True, load_default=None)
    lines = fields.List(fields.Nested(LineRequestSchema), load_default=list)

    @marshmallow.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Wish:
        return Wish(**data)


class LineAnswerSchema(Schema):
    """`free` is what is left for this line, null where that cannot be said."""

    resource_id = fields.UUID()
    name = fields.String(attribute="offer.name", dump_default="")
    kind = fields.String(attribute="offer.kind", dump_default="")
    quantity = fields.Integer()
    ok = fields.Boolean()
    free = fields.Integer(allow_none=True)
    total = fields.Integer(attribute="offer.total", dump_default=0)
    needs_approval = fields.Boolean(attribute="offer.needs_approval", dump_default=False)
    reasons = fields.List(fields.Nested(ReasonSchema))
    alternatives = fields.Function(
        lambda answer: as_stored(answer.alternatives),
        metadata={"type": "array", "items": {"$ref": "#/components/schemas/Alternative"}},
    )


class AssessmentSchema(Schema):
    ok = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonSchema))
    lines = fields.List(fields.Nested(LineAnswerSchema))


class BookingsQuerySchema(PageSchema):
    view = fields.String(load_default="mine", validate=validate.OneOf(["mine", "depot"]))
    state = fields.String(load_default="", validate=Filter(BOOKING_STATES))


class ConflictsQuerySchema(Schema):
    depot_id = fields.UUID(load_default=None)


class CancelRequestSchema(Schema):
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class ReduceRequestSchema(Schema):
    quantity = fields.Integer(strict=True, required=True, validate=COUNTABLE)


class DecisionRequestSchema(Schema):
    """Without `line_ids` it is about all waiting lines that the caller may decide."""

    decision = fields.String(required=True, validate=validate.OneOf(["approve", "refuse"]))
    line_ids = fields.List(fields.UUID(), load_default=list)
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class Written(fields.String):
    """As people wrote it; what the system says in their stead comes in the reader's language."""

    def _serialize(self, value: Any, *args: Any, **more: Any) -> str | None:
        return super()._serialize(gettext(value) if value == NOBODY_ANSWERED else value, *args, **more)


class LineSchema(Schema):
    id = fields.UUID()
    resource_id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    picture = fields.String()
    unit_name = fields.String()
    quantity = fields.Integer()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    depot_id = fields.UUID(allow_none=True)
    depot_name = fields.String()
    state = fields.String()
    needs_approval = fields.Boolean()
    reason = Written()
    decided_by = fields.UUID(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    at_risk = fields.Boolean()
    can_reduce = fields.Boolean()
    short_by = fields.Integer()
    alternatives = fields.List(fields.Nested(AlternativeSchema))
    handed_out = fields.Integer()
    broken_at_hand_out = fields.Integer()
    returned = fields.Integer()
    broken = fields.Integer()
    missing = fields.Integer()


class HappeningSchema(Schema):
    at = fields.AwareDateTime()
    what = fields.String()
    person_id = fields.UUID(allow_none=True)
    note = Written()
    params = fields.Dict()


class RightsSchema(Schema):
    """What the caller may do with it now."""

    cancel = fields.Boolean()
    decide = fields.Boolean()
    reduce = fields.Boolean()


class HandoverSchema(Schema):
    id = fields.UUID()
    depot_id = fields.UUID()


class BookingSummarySchema(Schema):
    """`states` are tags beside the state: at_risk, overdue."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String(validate=validate.OneOf(BOOKING_STATES))
    states = fields.List(fields.String())
    person_id = fields.UUID()
    association_id = fields.UUID(allow_none=True)
    association_name = fields.String()
    purpose = fields.String()
    open_to_all = fields.Boolean()
    place_of_use = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    created_at = fields.AwareDateTime()
    version = fields.Integer()
    can = fields.Nested(RightsSchema)
    lines = fields.List(fields.Nested(LineSchema))
    handovers = fields.List(fields.Nested(HandoverSchema))


class BookingSchema(BookingSummarySchema):
    history = fields.List(fields.Nested(HappeningSchema))


class ApprovalSchema(BookingSummarySchema):
    decidable_line_ids = fields.List(fields.UUID())


class ApprovalsSchema(Schema):
    approvals = fields.List(fields.Nested(ApprovalSchema))


class ConflictsSchema(Schema):
    conflicts = fields.List(fields.Nested(BookingSummarySchema))
