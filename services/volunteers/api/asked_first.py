"""Whom the e-mail address in a request means, asked of accounts before the transaction: none waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import g, request

from services.volunteers.clients import person_with
from shared.actors import NOBODY
from shared.web.schema import Schema

View = TypeVar("View", bound=Callable[..., Any])


def asks_first(schema: type[Schema]) -> Callable[[View], View]:
    """For a view whose body, of this schema, may have an `email`. Outside of what begins the transaction."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asking(*args: Any, **kwargs: Any) -> Any:
            email = _email(schema)
            contact = person_with(email) if email else None
            g.person_asked_for = contact.person_id if contact else NOBODY
            return view(*args, **kwargs)

        return asking  # type: ignore[return-value]

    return decorate


def person_asked_for() -> UUID:
    """NOBODY where accounts knows nobody by that address."""
    person_id: UUID = g.person_asked_for
    return person_id


def _email(schema: type[Schema]) -> str | None:
    """None of a body that the view will refuse anyway."""
    body = request.get_json(silent=True)
    return body.get("email") if isinstance(body, dict) and not schema().validate(body) else None
