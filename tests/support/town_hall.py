"""Accounts as other services meet it: served over HTTP, with a few people, and able to be away."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text
from werkzeug.serving import make_server

from services.accounts import commands
from services.accounts.app import create_app as create_accounts
from services.accounts.commands.rights import SYSTEM
from services.accounts.models import Person
from shared import clock
from shared.actors import Actor
from shared.db import Database
from shared.ids import natural_id
from shared.settings import Environment, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Served:
    """A real service that can be away."""

    app: Flask

    def __init__(self, database: Database) -> None:
        self.database = database
        self.is_away = False
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.is_away:
            start_response("503 Service Unavailable", [])
            return []
        return self.app(environ, start_response)


class TownHall(Served):
    """Accounts with a few people; it can change its signing key."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.change_key()

    def change_key(self) -> None:
        """From now on older tokens are refused."""
        self.app = create_accounts(Settings(environment=Environment.TEST), database=self.database)

    def add(self, name: str, language: str = "da") -> str:
        """Returns the address; her id is natural_id("person", address)."""
        email = f"{name.split()[0].lower()}@kommunity.example"
        with self.database.begin() as session:
            person_id = natural_id("person", email)
            commands.register_person(session, SYSTEM, email, name, language, clock.now(), person_id=person_id)
        return email

    def born(self, email: str, born_on: date | None) -> None:
        """She writes or corrects it herself."""
        with self.database.begin() as session:
            known = session.scalars(select(Person).where(Person.email == email)).one()
            commands.change_profile(session, Actor(known.id), {"born_on": born_on}, known.version)

    def make_member(self, association_id: UUID, email: str, role: str) -> None:
        with self.database.begin() as session:
            commands.grant_membership(session, SYSTEM, association_id, email, role, clock.now())

    def make_staff(self, email: str, role: str, scope_kind: str, scope_id: UUID) -> None:
        with self.database.begin() as session:
            commands.grant_staff_role(session, SYSTEM, email, role, scope_kind, scope_id, clock.now())

    def erase(self, person_id: UUID) -> None:
        with self.database.begin() as session:
            for table in ("memberships", "staff_roles", "people"):
                column = "id" if table == "people" else "person_id"
                session.execute(text(f"DELETE FROM {table} WHERE {column} = :person_id"), {"person_id": person_id})


S = TypeVar("S", bound=Served)


@contextmanager
def serving(service: S) -> Iterator[S]:
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
