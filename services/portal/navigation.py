"""The main menu: only what the person may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, request

from services.portal import session
from services.portal.dead_letters import unsettled_now
from services.portal.team import plans_now
from shared.actors import ADMINISTRATOR, DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR
from shared.errors import N_


class Entry(NamedTuple):
    text: str
    path: str
    roles: tuple[str, ...] = ()
    signed_in: bool = False
    shown: Callable[[], bool] | None = None
    number: Callable[[], int] | None = None

    @property
    def current(self) -> bool:
        return request.path == self.path or request.path.startswith(self.path.rstrip("/") + "/")


ENTRIES = [
    Entry(N_("Find og lån"), "/find"),
    Entry(N_("Vagter"), "/vagter"),
    Entry(N_("Mine bookinger"), "/bookinger", signed_in=True),
    Entry(N_("Mine vagter"), "/mine-vagter", signed_in=True),
    Entry(N_("Godkendelser"), "/godkendelser", (FACILITY_MANAGER, DEPOT_STAFF)),
    Entry(N_("Depotet i dag"), "/depot", (DEPOT_STAFF,)),
    Entry(N_("Lager"), "/lager", (DEPOT_STAFF,)),
    Entry(N_("Hold og vagter"), "/hold", signed_in=True, shown=plans_now),
    Entry(N_("Import"), "/import", (DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR)),
    Entry(N_("Fejlede hændelser"), "/fejlede-haendelser", (ADMINISTRATOR,), number=unsettled_now),
]


def entries() -> list[Entry]:
    who = session.me()
    return [entry for entry in ENTRIES if _is_for(entry, who)]


def _is_for(entry: Entry, who: session.Me | None) -> bool:
    if who is None:
        return not (entry.roles or entry.signed_in)
    return (not entry.roles or who.may(*entry.roles)) and (entry.shown is None or entry.shown())


def init_navigation(app: Flask) -> None:
    app.jinja_env.globals.update(menu=entries)
