"""Values that go over HTTP everywhere: sane days and instants, filters, and reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.web.i18n import in_words, shown
from shared.web.schema import Schema, Template

_OUT_OF_REACH = Template("Skal være mellem år 2000 og 2100.")
SANE_DAY = validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1), error=_OUT_OF_REACH)
_SANE_INSTANT = validate.Range(
    min=datetime(2000, 1, 1, tzinfo=UTC), max=datetime(2100, 1, 1, tzinfo=UTC), error=_OUT_OF_REACH
)


class Instant(fields.AwareDateTime):
    """A moment from outside, in UTC from here on: neither the database nor others' readers take every offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_SANE_INSTANT, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **options)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(_OUT_OF_REACH.format()) from error


class Filter(validate.OneOf):
    """One of the choices, or nothing for all of them."""

    def __init__(self, choices: Iterable[str]) -> None:
        named = list(choices)
        super().__init__(["", *named])
        self.choices_text = ", ".join(named)


class ReasonSchema(Schema):
    """One reason, in the reader's language."""

    slug = fields.String()
    field = fields.String(allow_none=True)
    text = fields.Function(in_words)
    params = fields.Function(lambda reason: shown(reason.params))
