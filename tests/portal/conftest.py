"""A portal in front of services that answer as the test says: for what real ones do only in trouble."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug import Request, Response
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from services.portal.app import create_app
from shared.settings import Environment, Settings
from tests.support.tokens import token
from tests.support.town import SCOUTS

ME = {
    "id": "00000000-0000-0000-0000-000000000001",
    "name": "Jens Friis",
    "email": "jens@kommunity.example",
    "language": "da",
    "phone": "",
    "version": 1,
    "associations": [{"id": str(SCOUTS), "name": "Haarby Spejdergruppe", "roles": ["chair"]}],
    "staff_roles": [],
}


class Services:
    """All services at one address, each below its name. Unknown calls are answered with 404."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], list[tuple[int, Any]]] = {}
        self.asked: list[Request] = []

    def answer(self, method: str, path: str, content: Any = None, status: int = 200) -> None:
        """Several answers to one call are given one after the other; the last one stays."""
        self.answers.setdefault((method, path), []).append((status, content))

    def refuse(self, method: str, path: str, status: int, slug: str, **reasons: str) -> None:
        told = [{"slug": slug, "field": field.replace("__", "."), "text": text} for field, text in reasons.items()]
        self.answer(method, path, {"slug": slug, "title": "Nej", "reasons": told}, status)

    def calls(self, method: str, path: str) -> list[Request]:
        return [one for one in self.asked if (one.method, one.path) == (method, path)]

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        request.get_data()
        self.asked.append(request)
        given = self.answers.get((request.method, request.path), [(404, {"slug": "not-found", "reasons": []})])
        status, content = given.pop(0) if len(given) > 1 else given[0]
        return Response(json.dumps(content), status, content_type="application/json")(environ, start_response)


@pytest.fixture
def services() -> Iterator[Services]:
    app = Services()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    yield app
    server.shutdown()


class Visitor:
    """A browser without scripts: follows nothing by itself, sends forms with the token of the page it saw."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def see(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, seen: str = "/om", **fields: Any) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.see(seen).text)
        return self.client.post(path, data={"csrf_token": found and found[1], **fields})

    def log_in(self, services: Services, *access_tokens: str) -> None:
        for one in access_tokens or (token(SCOUTS),):
            services.answer("POST", "/accounts/session", {"access_token": one, "refresh_token": "first"})
        services.answer("GET", "/accounts/me", ME)
        assert self.send("/login", email=ME["email"], password="kommunity").status_code == 302


@pytest.fixture
def visitor(services: Services) -> Visitor:
    return Visitor(portal(services).test_client())


def portal(services: Services, environment: Environment = Environment.TEST, **settings: Any) -> Any:
    url = services.url  # type: ignore[attr-defined]
    names = ("accounts", "bookings", "inventory", "notifications", "volunteers")
    addresses = {f"{name}_url": f"{url}/{name}" for name in names}
    return create_app(Settings(environment=environment, **addresses, **settings))
