"""Whom a request names, and her birth date, asked of accounts before the transaction: none waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import g, request
from marshmallow import ValidationError

from services.volunteers.clients import birth_date_of, person_with
from shared.actors import NOBODY
from shared.web.schema import Schema

View = TypeVar("View", bound=Callable[..., Any])


def asks_first(schema: type[Schema], birth_date: bool = False) -> Callable[[View], View]:
    """For a view whose body, of this schema, may have an `email` or a `person_id`; `birth_date`: hers is asked, too.

    Outside of what begins the transaction.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asking(*args: Any, **kwargs: Any) -> Any:
            person_id = g.person_asked_for = _named(_body(schema))
            g.birth_date_asked_for = birth_date_of(person_id) if birth_date and person_id else None
            return view(*args, **kwargs)

        return asking  # type: ignore[return-value]

    return decorate


def person_asked_for() -> UUID | None:
    """NOBODY where accounts knows nobody by that address; None where nobody was named."""
    person_id: UUID | None = g.person_asked_for
    return person_id


def birth_date_asked_for() -> date | None:
    born_on: date | None = g.birth_date_asked_for
    return born_on


def _named(body: dict[str, Any]) -> UUID | None:
    if email := body.get("email"):
        contact = person_with(email)
        return contact.person_id if contact else NOBODY
    return body.get("person_id")


def _body(schema: type[Schema]) -> dict[str, Any]:
    """Empty where the view will refuse it anyway."""
    try:
        loaded: dict[str, Any] = schema().load(request.get_json(silent=True) or {})
    except ValidationError:
        return {}
    return loaded
