"""What there is and how much of it is free."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import marshmallow
from marshmallow import fields, validate

from services.bookings.queries.search import ORDERS
from services.bookings.schemas.common import OpeningSchema, PeriodSchema
from shared.web.paging import PageSchema
from shared.web.schema import Schema, Template
from shared.web.values import SANE_DAY, Filter

LONGEST_SEARCH = 62  # days
_TEXT = validate.Length(max=200)


class DaysSchema(Schema):
    """The days on which something is needed, both included."""

    first = fields.Date(data_key="from", validate=SANE_DAY)
    last = fields.Date(data_key="to", validate=SANE_DAY)

    @marshmallow.post_load
    def check_days(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One of them stands for both."""
        first, last = data.get("first") or data.get("last"), data.get("last") or data.get("first")
        if first and last and not 0 <= (last - first).days < LONGEST_SEARCH:
            text = Template("Til skal være samme dag som Fra eller op til {days} dage senere.")
            raise marshmallow.ValidationError({"to": [text.format(days=LONGEST_SEARCH)]})
        return data | ({"first": first, "last": last} if first else {})


class SearchSchema(PageSchema, DaysSchema):
    words = fields.String(data_key="q", load_default="", validate=_TEXT)
    place = fields.String(load_default="", validate=_TEXT)
    category = fields.String(load_default="", validate=_TEXT)
    kind = fields.String(load_default="", validate=Filter(["material", "facility"]))
    only_free = fields.Boolean(load_default=False)
    sort = fields.String(load_default="name", validate=validate.OneOf(list(ORDERS)))


class Ids(fields.Field[list[UUID]]):
    """Ids with commas in between."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[UUID]:
        try:
            return [UUID(part) for part in str(value).split(",") if part.strip()]
        except ValueError as error:
            raise marshmallow.ValidationError(Template("Skal være et id (UUID).").format()) from error


class SlotsQuerySchema(DaysSchema):
    first = fields.Date(data_key="from", required=True, validate=SANE_DAY)
    depot_ids = Ids(load_default=list, metadata={"type": "string"})


class Month(fields.Field[date]):
    """2027-08"""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", str(value), re.ASCII):
            raise marshmallow.ValidationError(Template("Skal være en måned, fx 2027-08.").format())
        return date.fromisoformat(f"{value}-01")


class CalendarQuerySchema(Schema):
    month = Month(required=True, metadata={"type": "string"})


class SlotsSchema(Schema):
    """Instants of pick-up and return that the depots offer around the days asked for."""

    pickup = fields.List(fields.AwareDateTime())
    back = fields.List(fields.AwareDateTime(), data_key="return")
    suggested = fields.Nested(PeriodSchema, allow_none=True)


class ResourceSchema(Schema):
    """`kind`: pool, numbered, consumable or facility. `free` counts over the depot's natural `loan` for the days."""

    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    category = fields.String()
    place = fields.String()
    depot_id = fields.UUID(allow_none=True)
    depot_name = fields.String()
    unit_name = fields.String()
    total = fields.Integer()
    free = fields.Integer(allow_none=True, dump_default=None)
    free_state = fields.String(allow_none=True, dump_default=None)
    loan = fields.Nested(PeriodSchema, allow_none=True, dump_default=None)
    requirement = fields.String()
    delivery = fields.String()
    needs_approval = fields.Boolean()
    capacity = fields.Integer()
    accessible = fields.Boolean()
    owner = fields.String()
    parent_id = fields.UUID(allow_none=True)
    picture = fields.String()


class FacetsSchema(Schema):
    places = fields.List(fields.String())
    categories = fields.List(fields.String())


class ResourcePageSchema(Schema):
    items = fields.List(fields.Nested(ResourceSchema))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()
    facets = fields.Nested(FacetsSchema)
    loan = fields.Nested(SlotsSchema, allow_none=True)


class PartSchema(Schema):
    id = fields.UUID()
    name = fields.String()


class FullResourceSchema(ResourceSchema):
    preparation_days = fields.Integer()
    lead_time_hours = fields.Integer()
    longest_loan_days = fields.Integer(allow_none=True)
    opening_hours = fields.List(fields.Nested(OpeningSchema))
    parent_name = fields.String()
    parts = fields.List(fields.Nested(PartSchema))
    active = fields.Boolean()


class DaySchema(Schema):
    """`taken` are the taken hours of a facility. `open`: the depot or facility opens on that day."""

    date = fields.Date()
    free = fields.Integer()
    total = fields.Integer()
    state = fields.String()
    open = fields.Boolean()
    taken = fields.List(fields.Nested(PeriodSchema))


class CalendarSchema(Schema):
    month = fields.String()
    days = fields.List(fields.Nested(DaySchema))
