"""Every call that the portal can make hits a real route, with the headers and parameters that the route asks for."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services.portal.clients import Api
from tests.guards.house import app_of
from tests.support.client import Caller

ARGUMENTS: dict[str, Any] = {
    "int": 1,
    "bool": True,
    "bytes": b"",
    "list[str]": ["a"],
    "set[str]": {"a"},
    "ServiceName": "bookings",
}


@dataclass(frozen=True)
class Call:
    """One request as a client method makes it."""

    by: str
    service: str
    method: str
    path: str
    has_key: bool
    has_version: bool
    query: frozenset[str]

    def __str__(self) -> str:
        return self.by


class Notebook:
    """Stands where the transport stands; notes the call and answers with something that has every key."""

    def __init__(self) -> None:
        self.by = ""
        self.calls: list[Call] = []

    def call(self, service: str, method: str, path: str, **content: Any) -> Answer:
        url = path.format(**dict.fromkeys(content.get("ids") or {}, UUID(int=0)))
        query = frozenset(content.get("params") or {})
        has_key, has_version = bool(content.get("key")), content.get("version") is not None
        self.calls.append(Call(self.by, service, method, url, has_key, has_version, query))
        return Answer()


class Answer(dict[str, Any]):
    def __missing__(self, key: str) -> Answer:
        return Answer()


def calls() -> Iterator[Call]:
    notebook = Notebook()
    for service, client in vars(Api(notebook)).items():  # type: ignore[arg-type]
        for name, method in inspect.getmembers(client, inspect.ismethod):
            if not name.startswith("_"):
                notebook.by = f"{service}.{name}"
                method(**_some_arguments(method))
    notebook.by = "a renewed log-in"
    notebook.call("accounts", "POST", "/session/refresh")
    yield from notebook.calls


def _some_arguments(method: Any) -> dict[str, Any]:
    parameters = inspect.signature(method).parameters.values()
    return {
        one.name: ARGUMENTS.get(str(one.annotation), {} if "ict" in str(one.annotation) else "x")
        for one in parameters
        if one.kind is not inspect.Parameter.VAR_KEYWORD
    }


CALLS = list(calls())


def view_of(call: Call) -> tuple[str, Any]:
    app = app_of(call.service)
    rule, _ = app.url_map.bind("localhost").match(call.path, call.method, return_rule=True)
    return rule.rule, app.view_functions[rule.endpoint]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_hits_a_route(call: Call) -> None:
    assert view_of(call)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_brings_an_idempotency_key_where_one_is_asked_for(call: Call) -> None:
    _, view = view_of(call)
    assert call.has_key == getattr(view, "is_idempotent", False)


@pytest.mark.parametrize("call", [call for call in CALLS if call.method != "GET"], ids=str)
def test_a_call_brings_the_version_where_one_is_asked_for(call: Call) -> None:
    _, view = view_of(call)
    assert call.has_version == ("expected_version" in inspect.getsource(inspect.unwrap(view)))


@pytest.mark.parametrize("call", [call for call in CALLS if call.query], ids=str)
def test_a_call_asks_with_parameters_that_the_route_knows(call: Call) -> None:
    rule, _ = view_of(call)
    description = Caller(app_of(call.service)).get("/openapi.json").json
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
    known = description["paths"][path][call.method.lower()].get("parameters", [])
    assert call.query <= {one["name"] for one in known}
