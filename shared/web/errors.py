"""Every error as a problem document (RFC 9457): a stable slug, and all reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, json, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from shared.db import LOCK_NOT_AVAILABLE, is_outage, sqlstate
from shared.errors import N_, Kind, Reason, Refusal
from shared.web.i18n import in_words, shown

log = structlog.get_logger(__name__)

STATUS = {
    Kind.BAD_REQUEST: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.STALE: 412,
    Kind.INVALID: 422,
    Kind.PRECONDITION_REQUIRED: 428,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}

TITLES = {
    400: N_("Forespørgslen kan ikke læses"),
    401: N_("Du er ikke logget ind"),
    403: N_("Det har du ikke adgang til"),
    404: N_("Det findes ikke"),
    405: N_("Det kan man ikke gøre her"),
    409: N_("Det kan ikke lade sig gøre"),
    412: N_("Det er ændret i mellemtiden"),
    413: N_("Det er for stort"),
    415: N_("Den slags indhold kan ikke læses"),
    422: N_("Noget skal rettes"),
    428: N_("Sig, hvilken version du har set"),
    429: N_("For mange forsøg"),
    500: N_("Der gik noget galt hos os"),
    503: N_("Tjenesten er her ikke lige nu"),
}

ADVICE = {
    400: N_("Indholdet kan ikke læses. Send gyldig JSON i UTF-8."),
    404: N_("Adressen findes ikke. Se /openapi.json."),
    405: N_("Adressen findes, men ikke med den metode. Se /openapi.json."),
    413: N_("Indholdet er for stort. Send højst {largest}."),
    415: N_("Send indholdet som {wanted}."),
    500: N_("Prøv igen. Sker det igen, så skriv til os med nummeret {request_id}."),
}

UPLOADED = "text/csv"


def _wanted() -> str:
    """The kind of content that this route takes."""
    view = current_app.view_functions.get(request.endpoint or "")
    return UPLOADED if getattr(view, "is_upload", False) else "application/json"


def problem(status: int, slug: str, reasons: list[Reason], **extra: Any) -> Response:
    """The answer for one or more reasons. `extra` members are added to the document as they are."""
    document = {
        "type": f"urn:kommunity:problem:{slug}",
        "slug": slug,
        "title": gettext(TITLES.get(status, TITLES[500])),
        "status": status,
        "request_id": g.get("request_id", ""),
        "reasons": [
            {"slug": reason.slug, "field": reason.field, "text": in_words(reason), "params": shown(reason.params)}
            for reason in reasons
        ],
        **extra,
    }
    body = json.dumps(document).encode("utf-8", "replace")  # a reason may quote what no encoding can hold
    return Response(body, status, content_type="application/problem+json")


def init_errors(app: Flask) -> None:
    @app.before_request
    def refuse_other_content() -> None:
        """Else a form would be taken for an empty body, and every field be called missing."""
        if request.is_json:
            request.get_data()  # here, so that a body without a length is refused when it is too long
        elif (request.content_length or "Transfer-Encoding" in request.headers) and request.mimetype != _wanted():
            raise UnsupportedMediaType

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        response = problem(STATUS[error.kind], error.slug, error.reasons, **error.extra)
        if error.kind is Kind.UNAUTHENTICATED:
            response.headers["WWW-Authenticate"] = "Bearer"
        if "retry_after" in error.extra:
            response.headers["Retry-After"] = str(error.extra["retry_after"])
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        messages = getattr(error, "data", {}).get("messages")
        if error.code == 422 and messages:
            return problem(422, "invalid", list(_field_reasons(messages)))
        code = error.code or 500
        slug = error.name.lower().replace(" ", "-")
        params = {
            "largest": f"{(request.max_content_length or 0) // 1024} kB",
            "request_id": g.get("request_id", ""),
            "wanted": _wanted(),
        }
        advice = ADVICE.get(code, ADVICE[400] if code < 500 else ADVICE[500])
        return problem(code, slug, [Reason(slug, advice, None, params)])

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeout)
    def database_error(error: Exception) -> Response:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            text = N_("Mange vil have det samme lige nu. Prøv igen om et øjeblik.")
            return problem(409, "busy", [Reason("busy", text)])
        log.exception("database error")
        if not is_outage(error):
            return _unexpected()
        text = N_("Vi kan ikke gemme eller hente lige nu. Intet er gået tabt. Prøv igen om et øjeblik.")
        response = problem(503, "database-unavailable", [Reason("database-unavailable", text)])
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("unexpected error")
        return _unexpected()


def _unexpected() -> Response:
    reason = Reason("unexpected", ADVICE[500], None, {"request_id": g.get("request_id", "")})
    return problem(500, "unexpected", [reason])


def _field_reasons(messages: Any, path: str = "") -> Iterator[Reason]:
    """marshmallow's nested messages, flattened: {"json": {"lines": {0: {"quantity": […]}}}} → lines.0.quantity."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            skip = (not path and name in ("json", "query", "files", "headers")) or name == "_schema"
            yield from _field_reasons(inner, path if skip else f"{path}.{name}".lstrip("."))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield Reason("invalid-field", "{message}", path or None, {"message": str(message)})
