"""The base of all HTTP schemas: unknown fields are refused, and marshmallow's messages are Danish and translatable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import marshmallow
from flask_babel import lazy_gettext
from marshmallow import fields, validate


class Template(str):
    """A text that is translated when marshmallow fills in its values: in the request, not at import."""

    def format(self, *args: Any, **kwargs: Any) -> str:
        return str(lazy_gettext(str(self))).format(*args, **kwargs)


class RangeTemplate(str):
    """Range fills in its operators first, when it is made; ours has none, so that only leads on to the bounds."""

    def format(self, *args: Any, **kwargs: Any) -> Template:
        return Template(self)


_ = Template

UNSAVABLE = re.compile("[\x00\ud800-\udfff]")
UNSAVABLE_MESSAGE = _("Teksten har tegn, der ikke kan gemmes. Skriv den igen.")

FIELD_MESSAGES: dict[type[fields.Field[Any]], dict[str, Template]] = {
    fields.Field: {
        "required": _("Skal udfyldes."),
        "null": _("Må ikke være tomt."),
        "validator_failed": _("Værdien kan ikke bruges. Ret den."),
    },
    fields.String: {"invalid": _("Skal være tekst."), "invalid_utf8": _("Skal være tekst i UTF-8.")},
    fields.UUID: {"invalid_uuid": _("Skal være et id (UUID).")},
    fields.Integer: {"invalid": _("Skal være et helt tal.")},
    fields.Number: {"invalid": _("Skal være et tal."), "too_large": _("Tallet er for stort.")},
    fields.Boolean: {"invalid": _("Skal være ja eller nej (true eller false).")},
    fields.DateTime: {
        "invalid": _("Skal være et tidspunkt med tidszone, fx 2027-08-14T10:00:00+02:00."),
        "invalid_awareness": _("Skal være et tidspunkt med tidszone, fx 2027-08-14T10:00:00+02:00."),
        "format": _("Skal være et tidspunkt med tidszone, fx 2027-08-14T10:00:00+02:00."),
    },
    fields.Date: {
        "invalid": _("Skal være en dato, fx 2027-08-14."),
        "format": _("Skal være en dato, fx 2027-08-14."),
    },
    fields.List: {"invalid": _("Skal være en liste.")},
    fields.Nested: {"type": _("Skal være et objekt med navngivne felter.")},
    fields.Email: {"invalid": _("Skal være en e-mailadresse, fx mette@eksempel.dk.")},
}


def _localize_validators() -> None:
    validate.Range.message_min = RangeTemplate("Skal være mindst {min}.")
    validate.Range.message_max = RangeTemplate("Må højst være {max}.")
    validate.Range.message_all = RangeTemplate("Skal være mellem {min} og {max}.")
    validate.Length.message_min = _("Skal have mindst {min} tegn eller linjer.")
    validate.Length.message_max = _("Må højst have {max} tegn eller linjer.")
    validate.Length.message_all = _("Skal have mellem {min} og {max} tegn eller linjer.")
    validate.OneOf.default_message = _("Skal være en af: {choices}.")
    validate.Email.default_message = _("Skal være en e-mailadresse, fx mette@eksempel.dk.")
    validate.Regexp.default_message = _("Har ikke den rigtige form.")


def _localize() -> None:
    for field, messages in FIELD_MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    marshmallow.Schema._default_error_messages = {
        **marshmallow.Schema._default_error_messages,
        "type": _("Skal være et objekt med navngivne felter."),
        "unknown": _("Feltet kendes ikke. Fjern det."),
    }
    _localize_validators()


# Fields and validators take their messages when they are made, so this must run before any schema below is.
_localize()


class Schema(marshmallow.Schema):
    """Derive every HTTP schema from this one."""

    class Meta:
        unknown = marshmallow.RAISE

    @marshmallow.pre_load
    def refuse_unsavable_texts(self, data: Any, **_options: Any) -> Any:
        """JSON may hold NUL and lone surrogates; no database and no page can."""
        given = data.items() if isinstance(data, Mapping) else ()
        broken = [name for name, value in given if isinstance(value, str) and UNSAVABLE.search(value)]
        if broken:
            raise marshmallow.ValidationError({name: [UNSAVABLE_MESSAGE] for name in broken})
        return data
