"""Hours and figures over HTTP. Minutes are whole; a month is "2027-08"."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.volunteers.domain.hours import LONGEST
from services.volunteers.schemas.crew import CrewShiftSchema
from shared.errors import N_
from shared.web.schema import Schema, Template
from shared.web.values import SANE_DAY

LONGEST_PERIOD = 366 * 5  # days
MOST_AT_ONCE = 200

_MONTH = validate.Regexp(r"^(20\d\d-(0[1-9]|1[0-2]))?\Z", error=Template(N_("Skal være en måned, fx 2027-08.")))
_ONE_EACH = Template(N_("Skriv en version for hver plads, i samme rækkefølge."))
_TOO_LONG = Template(N_("En vagt er højst 24 timer og mindst 0. Ret timer og minutter."))
_WRONG_WAY = Template(N_("Den sidste dag skal være den første eller en senere, højst fem år efter."))


class HoursQuerySchema(Schema):
    view = fields.String(load_default="mine", validate=validate.OneOf(["mine", "to_confirm", "all"]))
    month = fields.String(load_default="", validate=_MONTH)
    organiser_id = fields.UUID(load_default=None)


class ExportQuerySchema(Schema):
    month = fields.String(required=True, validate=[validate.Length(min=1), _MONTH])


class PeriodQuerySchema(Schema):
    """Both days included."""

    first = fields.Date(data_key="from", required=True, validate=SANE_DAY)
    last = fields.Date(data_key="to", required=True, validate=SANE_DAY)

    @marshmallow.validates_schema(skip_on_field_errors=True)
    def has_sane_length(self, data: dict[str, Any], **_: Any) -> None:
        if not 0 <= (data["last"] - data["first"]).days <= LONGEST_PERIOD:
            raise marshmallow.ValidationError({"to": [_WRONG_WAY.format()]})


class HoursRowSchema(Schema):
    """state: proposed (from the check-in), reported, questioned, confirmed; or missing (version 0): nobody noted
    whether she came, and she may report it. `decided_by` is null where hours confirmed themselves.
    """

    seat_id = fields.UUID()
    shift = fields.Nested(CrewShiftSchema)
    person_id = fields.UUID()
    name = fields.String()
    attendance = fields.String()
    checked_in_at = fields.AwareDateTime(allow_none=True)
    minutes = fields.Integer()
    proposed_minutes = fields.Integer()
    note = fields.String()
    question = fields.String()
    state = fields.String()
    decided_by = fields.UUID(allow_none=True)
    version = fields.Integer()


class MonthSchema(Schema):
    """`marks`: how many hours were reached of 44 and 65. Every hour counts as it stands, confirmed or not."""

    month = fields.String()
    minutes = fields.Integer()
    marks = fields.List(fields.Integer())


class HoursSchema(Schema):
    """`total` may be more than are shown at once. `months` are the reader's own alone."""

    items = fields.List(fields.Nested(HoursRowSchema))
    total = fields.Integer()
    months = fields.List(fields.Nested(MonthSchema))


class ReportRequestSchema(Schema):
    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(min=0, max=LONGEST, error=_TOO_LONG))
    note = fields.String(load_default="", validate=validate.Length(max=500))


class ConfirmRequestSchema(Schema):
    """`versions`, in the order of the seats: hours that changed since are refused."""

    seat_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE))
    versions = fields.List(fields.Integer(strict=True), required=True, validate=validate.Length(max=MOST_AT_ONCE))

    @marshmallow.validates_schema(skip_on_field_errors=True)
    def has_a_version_of_each(self, data: dict[str, Any], **_: Any) -> None:
        if len(data["versions"]) != len(data["seat_ids"]):
            raise marshmallow.ValidationError({"versions": [_ONE_EACH.format()]})


class ConfirmedSchema(Schema):
    """How many were not confirmed before."""

    confirmed = fields.Integer()


class QuestionRequestSchema(Schema):
    text = fields.String(required=True, validate=validate.Length(min=1, max=500))


class ExportRowSchema(Schema):
    person_id = fields.UUID()
    name = fields.String()
    month = fields.String()
    area = fields.String()
    organiser = fields.String()
    shifts = fields.Integer()
    minutes = fields.Integer()


class ExportSchema(Schema):
    """Confirmed hours alone."""

    rows = fields.List(fields.Nested(ExportRowSchema))


class OfOrganiserSchema(Schema):
    organiser = fields.String()
    minutes = fields.Integer()
    shifts = fields.Integer()


class CertificateSchema(Schema):
    """Confirmed hours alone."""

    person_id = fields.UUID()
    name = fields.String()
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    minutes = fields.Integer()
    shifts = fields.Integer()
    organisers = fields.List(fields.Nested(OfOrganiserSchema))
    rows = fields.List(fields.Nested(HoursRowSchema))


class FiguresSchema(Schema):
    """Rates are from 0 to 1, null where there is nothing to compare. `taken` are places promised (guests are none),
    `expected` those on shifts that are over of whom somebody noted whether they came, `absent` of them stayed away;
    of the `unnoted` nobody noted it. `new`: her first shift ever was in that
    month; `returning`: it was in an earlier one. `minutes` count as they stand, but for questioned ones.
    """

    shifts = fields.Integer()
    capacity = fields.Integer()
    taken = fields.Integer()
    fill_rate = fields.Float(allow_none=True)
    expected = fields.Integer()
    unnoted = fields.Integer()
    absent = fields.Integer()
    no_show_rate = fields.Float(allow_none=True)
    minutes = fields.Integer()


class PeopleFiguresSchema(FiguresSchema):
    new = fields.Integer()
    returning = fields.Integer()


class MonthFiguresSchema(PeopleFiguresSchema):
    month = fields.String()


class AreaFiguresSchema(FiguresSchema):
    area = fields.String()


class StatisticsSchema(Schema):
    months = fields.List(fields.Nested(MonthFiguresSchema))
    areas = fields.List(fields.Nested(AreaFiguresSchema))
    totals = fields.Nested(PeopleFiguresSchema)
