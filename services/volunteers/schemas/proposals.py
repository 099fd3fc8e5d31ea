"""Series, copies and moves: what a coordinator asks for, and the rows that are proposed."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.volunteers.domain.plans import SCOPES
from services.volunteers.schemas.plan import (
    DraftRowSchema,
    PlanRowsSchema,
    RowFieldsSchema,
    SeriesSchema,
    one_line,
    refuse_wrong_way,
)
from shared.web.schema import Schema
from shared.web.values import SANE_DAY, ReasonSchema


class SeriesRequestSchema(Schema):
    row = fields.Nested(DraftRowSchema, required=True)
    series = fields.Nested(SeriesSchema, required=True)


class SkippedSchema(Schema):
    day = fields.Date()
    why = fields.Nested(ReasonSchema)


class SeriesRowsSchema(PlanRowsSchema):
    skipped = fields.List(fields.Nested(SkippedSchema))


class PartSchema(Schema):
    area = fields.String(load_default="", validate=one_line())
    organiser_id = fields.UUID(load_default=None, allow_none=True)
    place = fields.String(load_default="", validate=one_line())


class CopySchema(PartSchema):
    """The days `from`–`to`, both included, moved so that `from` falls on `target`."""

    first = fields.Date(data_key="from", required=True, validate=SANE_DAY)
    last = fields.Date(data_key="to", required=True, validate=SANE_DAY)
    target = fields.Date(required=True, validate=SANE_DAY)

    @marshmallow.validates_schema(skip_on_field_errors=True)
    def goes_forward(self, data: dict[str, Any], **_: Any) -> None:
        refuse_wrong_way(data["first"], data["last"])


class WorkSchema(Schema):
    title = fields.String()
    place = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class AlikeSchema(Schema):
    """The work of a row, and the same work at another time of those days."""

    new = fields.Nested(WorkSchema)
    there = fields.Nested(WorkSchema)


class CopiedRowsSchema(PlanRowsSchema):
    """`there`: shifts that do the same work then already. No row stands for them."""

    there = fields.List(fields.Nested(WorkSchema))
    alike = fields.List(fields.Nested(AlikeSchema))


class MoveSchema(PartSchema):
    """The shifts of the day `from`, on the day `to`."""

    first = fields.Date(data_key="from", required=True, validate=SANE_DAY)
    to = fields.Date(required=True, validate=SANE_DAY)


class SeriesChangesSchema(RowFieldsSchema):
    """Any field of a row; `days` moves each shift by so many days."""

    days = fields.Integer(strict=True, validate=validate.Range(min=-366, max=366))

    @marshmallow.post_load
    def roles_of_a_row(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "roles": tuple(data["roles"])} if "roles" in data else data


class SeriesPartSchema(Schema):
    shift_id = fields.UUID(required=True)
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    changes = fields.Nested(SeriesChangesSchema(partial=True), required=True)
