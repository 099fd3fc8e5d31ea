"""A form that met a closed door: it waits inside the log-in page, and is sent when its button is pressed again."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, render_template, request

from services.portal.security import own_address

NOT_REPEATED = ("csrf_token", "password", "kept")

Fields = list[tuple[str, str]]


def typed() -> Fields:
    """What the form held, so that a page can send it again."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_REPEATED]


def keep() -> str:
    """The form of this request as a text for a hidden field; "" where there is none, or it has a file (lost anyway)."""
    if request.method != "POST" or not typed() or any(one.filename for one in request.files.values()):
        return ""
    return json.dumps([request.full_path, typed()], ensure_ascii=False, separators=(",", ":"))


def show_again(kept: str) -> str | None:
    """The page that sends it, with a token of the new log-in. None if it is no kept form."""
    try:
        path, fields = json.loads(kept)
        fields = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError):
        return None
    address = own_address(path if isinstance(path, str) else None, "")
    return _page(address, fields) if address else None


def instead_of_page(page: str, status: int) -> Response:
    """In place of what was looked at. htmx shows no page that comes with an error, nor one that it did not ask for."""
    if "HX-Request" not in request.headers:
        return make_response(page, status)
    return make_response(page, 200, {"HX-Retarget": "main", "HX-Reselect": "main", "HX-Reswap": "outerHTML show:top"})


def _page(address: str, fields: Fields) -> str:
    words: dict[str, Any] = {"logged_in_again": True, "action": address, "typed": fields}
    return render_template("errors/again.html", **words)
