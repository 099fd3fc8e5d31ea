"""Shapes that several answers share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from marshmallow import fields, validate

from shared.errors import Reason
from shared.web.i18n import in_words, shown
from shared.web.schema import Schema, Template

_OUT_OF_REACH = Template("Skal være mellem år 2000 og 2100.")
SANE_DAY = validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1), error=_OUT_OF_REACH)
SANE_INSTANT = validate.Range(
    min=datetime(2000, 1, 1, tzinfo=UTC), max=datetime(2100, 1, 1, tzinfo=UTC), error=_OUT_OF_REACH
)


class ReasonSchema(Schema):
    """One reason, in the reader's language."""

    slug = fields.String()
    field = fields.String(allow_none=True)
    text = fields.Function(in_words)
    params = fields.Function(lambda reason: shown(reason.params))


def reasons(found: list[Reason]) -> Any:
    return ReasonSchema(many=True).dump(found)


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
