"""What the staff's pages share: which depots somebody serves, which one is looked at, and names of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, request, session

from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.session import me, sign_in_needed
from shared.actors import ADMINISTRATOR, DEPOT_STAFF

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]


def staff_only(*roles: str) -> Callable[[View], View]:
    """A page for these roles. The services decide what may be seen; this only spares others an empty page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = me()
            if not who or not who.may(*roles):
                abort(403)
            return view(*args, **kwargs)

        return sign_in_needed(guarded)  # type: ignore[return-value]

    return decorate


def my_depots() -> list[Json]:
    """The depots that the signed-in person serves, in the order of the services."""
    who = me()
    held = [role for role in (who.staff_roles if who else []) if role["role"] in (DEPOT_STAFF, ADMINISTRATOR)]
    scopes = {role.get("scope_id") for role in held}
    everywhere = any(not scope for scope in scopes)
    return [depot for depot in api().inventory.depots() if everywhere or depot["id"] in scopes]


def chosen_depot(depots: list[Json]) -> Json | None:
    """The one asked for by ?depot=, else the one looked at last, else the first."""
    wanted = request.args.get("depot") or session.get("depot")
    found = next((depot for depot in depots if depot["id"] == wanted), depots[0] if depots else None)
    if found and request.args.get("depot") == found["id"]:
        session["depot"] = found["id"]
    return found


def names_of(person_ids: Iterable[str | None]) -> dict[str, str]:
    """Names by id; without accounts the pages go on working, just without names."""
    try:
        return api().accounts.names({one for one in person_ids if one})
    except Problem:
        return {}
