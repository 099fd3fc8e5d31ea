"""What people wrote about their decisions."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schema import Schema


class GivenReasonsSchema(Schema):
    """`lines`: what was said to a line that was decided, by its id. `cancellation` is "" where nothing was said."""

    lines = fields.Dict(keys=fields.UUID(), values=fields.String())
    cancellation = fields.String()
