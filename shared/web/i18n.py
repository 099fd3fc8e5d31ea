"""Danish first, English second: texts and values in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, format_datetime, format_decimal, gettext

from shared.errors import Reason

LANGUAGES = ("da", "en")
SHARED_TRANSLATIONS = Path(__file__).parents[1] / "translations"


def preferred_language() -> str:
    """From Accept-Language: a service's readers are programs that pass on their user's wish."""
    wishes = request.accept_languages.values() if has_request_context() else ()
    known = (wish.partition("-")[0].lower() for wish in wishes)  # da-DK is Danish enough, unlike for best_match()
    return next((language for language in known if language in LANGUAGES), LANGUAGES[0])


def init_i18n(app: Flask, own_translations: Path, locale_selector: Any = preferred_language) -> None:
    """Use the app's own catalogues and the shared ones; a text found in neither is shown in Danish."""
    Babel(
        app,
        default_locale=LANGUAGES[0],
        default_timezone="Europe/Copenhagen",
        default_translation_directories=f"{own_translations};{SHARED_TRANSLATIONS}",
        locale_selector=locale_selector,
    )


def in_words(reason: Reason) -> str:
    """The reason's text in the reader's language, with its values written as people write them."""
    text: str = gettext(reason.text)
    return text.format(**shown(reason.params))


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_text(value) for name, value in values.items()}


def as_text(value: Any) -> Any:
    """14.08.2027, 14.08.2027 kl. 17.30, 1.295,00; texts are looked up in the catalogue; the rest stays as it is."""
    if isinstance(value, datetime):
        at = gettext("kl.")
        return f"{format_datetime(value, 'dd.MM.yyyy')} {at} {format_datetime(value, 'HH.mm')}"
    if isinstance(value, date):
        return format_date(value, "dd.MM.yyyy")
    if isinstance(value, Decimal):
        return format_decimal(value)
    return gettext(value) if isinstance(value, str) and value else value
