"""Plans over HTTP: rows in Danish wall time, and what becomes of them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import marshmallow
from flask_babel import gettext
from marshmallow import fields, validate

from services.volunteers.domain.plans import KINDS_OF_AUDIENCE, MOST_ROWS, RoleRow, Row
from services.volunteers.domain.series import IN_SCHOOL_HOLIDAYS, Pattern
from services.volunteers.queries.plan import Window
from shared import clock
from shared.web.i18n import as_text
from shared.web.schema import Schema, Template
from shared.web.values import SANE_DAY, Filter, ReasonSchema

_ = Template

STATES = ("draft", "published", "closed", "held", "cancelled")
_WALL: dict[str, Any] = {
    "invalid": _("Skal være et klokkeslæt, fx 17:30."),
    "format": _("Skal være et klokkeslæt, fx 17:30."),
}
_ONE_LINE = validate.Regexp(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z", error=_("Skal være tekst på én linje."))
_NOTE = validate.Length(max=4000)
_WRONG_WAY = _("Sidste dag ligger før den første. Ret en af dem.")
_NO_DAY = date(2000, 1, 1)  # of a row without one: templates and series


def one_line(longest: int = 200) -> list[validate.Validator]:
    return [validate.Length(max=longest), _ONE_LINE]


def refuse_wrong_way(first: date | None, last: date | None) -> None:
    """Raises ValidationError for a period that ends before it starts."""
    if first and last and last < first:
        raise marshmallow.ValidationError({"to": [_WRONG_WAY.format()]})


def _number(default: int) -> fields.Integer:
    """Whether the number makes sense is for the rules to say, together with everything else."""
    return fields.Integer(load_default=default, strict=True, validate=validate.Range(min=-(10**9), max=10**9))


def _wall(**options: Any) -> fields.Time:
    return fields.Time(format="%H:%M", error_messages=_WALL, **options)


class Whole(fields.Nested):
    """Told with all its fields also where only some of its row are told."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        return super()._load(value, partial=False)


class PlanRoleSchema(Schema):
    id = fields.UUID(load_default=None, allow_none=True)
    name = fields.String(required=True, validate=one_line(80))
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(min=-(10**9), max=10**9))
    minimum = _number(0)
    requirements = fields.List(
        fields.String(validate=validate.Length(max=80)), load_default=list, validate=validate.Length(max=20)
    )

    @marshmallow.post_load
    def make_role(self, data: dict[str, Any], **_: Any) -> RoleRow:
        return RoleRow(**{**data, "requirements": tuple(dict.fromkeys(data["requirements"]))})


class SignUpCountsSchema(Schema):
    confirmed = fields.Integer()
    offered = fields.Integer()
    waiting = fields.Integer()


class RowFieldsSchema(Schema):
    """A shift without its day. It ends on the next day where `ends` is not after `starts`."""

    title = fields.String(required=True, validate=one_line(120))
    description = fields.String(load_default="", validate=_NOTE)
    place = fields.String(required=True, validate=one_line(120))
    area = fields.String(load_default="", validate=one_line())
    starts = _wall(required=True)
    ends = _wall(required=True)
    roles = fields.List(Whole(PlanRoleSchema), required=True, validate=validate.Length(max=50))
    minimum_age = _number(0)
    children_welcome = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    child_minimum_age = _number(0)
    organiser = fields.String(load_default="", validate=one_line())
    organiser_id = fields.UUID(load_default=None, allow_none=True)
    insurance = fields.String(load_default="", validate=one_line())
    contact_id = fields.UUID(load_default=None, allow_none=True)
    contact_name = fields.String(load_default="", validate=one_line(80))
    contact_phone = fields.String(load_default="", validate=one_line(40))
    contact_email = fields.String(load_default="", validate=one_line(254))
    meeting_point = fields.String(load_default="", validate=_NOTE)
    bring = fields.String(load_default="", validate=_NOTE)
    audience = fields.String(load_default="all", validate=validate.OneOf(KINDS_OF_AUDIENCE))
    audience_id = fields.UUID(load_default=None, allow_none=True)
    cause = fields.String(load_default="", validate=one_line(120))
    check_hours = _number(48)


class DraftRowSchema(RowFieldsSchema):
    """What templates and series start from."""

    @marshmallow.post_load
    def make_row(self, data: dict[str, Any], **_: Any) -> Row:
        return Row(**{**data, "roles": tuple(data["roles"]), "day": _NO_DAY})


class PlanRowSchema(RowFieldsSchema):
    """`id` and `version` of a shift that there is; a new one has neither. `sign_ups` counts who is on the shift."""

    id = fields.UUID(load_default=None, allow_none=True)
    version = fields.Integer(load_default=None, allow_none=True, strict=True)
    day = fields.Date(required=True, validate=SANE_DAY)
    state = fields.String(dump_only=True)
    series_id = fields.UUID(dump_only=True, allow_none=True)
    sign_ups = fields.Nested(SignUpCountsSchema, dump_only=True)

    @marshmallow.post_load
    def make_row(self, data: dict[str, Any], **_: Any) -> Row:
        return Row(**{**data, "roles": tuple(data["roles"])})


class PlanRowsSchema(Schema):
    rows = fields.List(fields.Nested(PlanRowSchema))


class PlanQuerySchema(Schema):
    first = fields.Date(data_key="from", validate=SANE_DAY, load_default=None)
    last = fields.Date(data_key="to", validate=SANE_DAY, load_default=None)
    area = fields.String(load_default="", validate=one_line())
    place = fields.String(load_default="", validate=one_line())
    organiser_id = fields.UUID(load_default=None)
    series_id = fields.UUID(load_default=None)
    state = fields.String(load_default="", validate=Filter(STATES))

    @marshmallow.validates_schema(skip_on_field_errors=True)
    def goes_forward(self, data: dict[str, Any], **_: Any) -> None:
        refuse_wrong_way(data["first"], data["last"])

    @marshmallow.post_load
    def make_window(self, data: dict[str, Any], **_: Any) -> Window:
        """Of a series all, else what is to come."""
        if data["first"] is None and data["series_id"] is None:
            data["first"] = clock.today()
        return Window(**data)


class SeriesSchema(Schema):
    """weekday 0 is Monday; `every_weeks` counts from the week of the first day. Both days are included."""

    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=6)),
        required=True,
        validate=validate.Length(max=7),
    )
    every_weeks = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=52))
    first_day = fields.Date(required=True, validate=SANE_DAY)
    last_day = fields.Date(required=True, validate=SANE_DAY)
    in_school_holidays = fields.String(load_default="also", validate=validate.OneOf(IN_SCHOOL_HOLIDAYS))
    on_public_holidays = fields.Boolean(load_default=True, truthy={True}, falsy={False})

    @marshmallow.post_load
    def make_pattern(self, data: dict[str, Any], **_: Any) -> Pattern:
        return Pattern(**{**data, "weekdays": frozenset(data["weekdays"])})


class CheckSchema(Schema):
    """`release`: sign-ups that may be ended where they stop a move. `series`: the rule that the new rows came from."""

    rows = fields.List(fields.Nested(PlanRowSchema), required=True, validate=validate.Length(min=1, max=MOST_ROWS))
    release = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=1000))
    series = fields.Nested(SeriesSchema, load_default=None, allow_none=True)


class SavePlanSchema(CheckSchema):
    """`series` is kept with the new rows."""

    publish = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class ChangeSchema(Schema):
    """Before and after, as people write them. A role is one text: “3 × Kiosk (1, trailerkort)”."""

    field = fields.String()
    old = fields.Function(lambda change: _shown(change.old), metadata={"type": "string"})
    new = fields.Function(lambda change: _shown(change.new), metadata={"type": "string"})


def _shown(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nej")
    return "" if value is None else str(as_text(Decimal(value) if isinstance(value, int) else value))


class StopSchema(Schema):
    """Somebody has another shift then: that shift's id, title and start."""

    sign_up_id = fields.UUID()
    person_id = fields.UUID()
    shift_id = fields.UUID()
    title = fields.String()
    starts_at = fields.AwareDateTime()
    released = fields.Boolean()


class FlaggedSchema(Schema):
    """Somebody stays in, but breaks these rules from now on."""

    sign_up_id = fields.UUID()
    person_id = fields.UUID()
    reasons = fields.List(fields.Nested(ReasonSchema))


class LosingOfferSchema(Schema):
    """Somebody was offered a place and cannot take it at the new time: she waits in line again."""

    sign_up_id = fields.UUID()
    person_id = fields.UUID()


class RowReportSchema(Schema):
    """outcome: added, changed, unchanged or refused. `problems` stop the save, `clashes` are only told.

    `told`: who is in, offered or in line and hears of the change. `offers`: how many in line are offered a place.
    """

    index = fields.Integer()
    outcome = fields.String()
    changes = fields.List(fields.Nested(ChangeSchema))
    problems = fields.List(fields.Nested(ReasonSchema))
    clashes = fields.List(fields.Nested(ReasonSchema))
    told = fields.Integer()
    stopped_by = fields.List(fields.Nested(StopSchema))
    flagged = fields.List(fields.Nested(FlaggedSchema))
    losing_offers = fields.List(fields.Nested(LosingOfferSchema))
    offers = fields.Integer()


class PlanReportSchema(Schema):
    """`told`: how many people hear of the changes. `offers`: how many in line are offered a place."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    told = fields.Integer()
    offers = fields.Integer()
    rows = fields.List(fields.Nested(RowReportSchema))


class SavedPlanSchema(PlanReportSchema):
    """`ids`: the shifts, in the order of the rows."""

    ids = fields.List(fields.UUID())


class UnderstaffedSchema(PlanRowSchema):
    taken = fields.Integer(dump_only=True)
    minimum = fields.Integer(dump_only=True)


class UnnotedSchema(PlanRowSchema):
    """`unnoted`: of so many nobody has noted whether they came."""

    unnoted = fields.Integer(dump_only=True)


class UnnotedListSchema(Schema):
    items = fields.List(fields.Nested(UnnotedSchema))


class UnderstaffedListSchema(Schema):
    items = fields.List(fields.Nested(UnderstaffedSchema))
