"""Versions as strong ETags: whoever changes something says which version was seen."""

from __future__ import annotations

from typing import TypeVar

from flask import Flask, Response, g, request

from shared.errors import N_, Kind, Reason, Refusal

T = TypeVar("T")


def with_etag(body: T, version: int) -> T:
    """Send `version` as the answer's ETag; returns `body` as it is."""
    g.etag_version = version
    return body


def expected_version() -> int:
    """The version in If-Match. Raises Refusal: 428 if it is missing, 412 if it can be no version of ours."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        text = N_("Send den version, du har set, i If-Match (værdien fra ETag).")
        raise Refusal(Kind.PRECONDITION_REQUIRED, "if-match-required", [Reason("if-match-required", text, "If-Match")])
    digits = header.removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else -1


def apply_etag(response: Response) -> Response:
    if "etag_version" in g and response.status_code < 300:
        response.set_etag(str(g.etag_version))
    return response


def init_etags(app: Flask) -> None:
    app.after_request(apply_etag)
