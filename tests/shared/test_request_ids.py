"""What a client says of its request goes into events, which are kept for ever: ids of machines alone."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

import pytest
from flask import Flask

from shared.messaging.context import origin
from shared.web.health import init_request_context

CONVERSATION = "0197c1f2-7b3a-7c4d-8e5f-60718293a4b5"
NGINX = "60718293a4b50197c1f27b3a7c4d8e5f"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def told(**headers: str) -> dict[str, str]:
    """What an event of a request with these headers would say of its origin."""
    app = Flask(__name__)
    init_request_context(app, "tests")
    app.add_url_rule("/", view_func=lambda: asdict(origin()))
    answer = app.test_client().get("/", headers=headers)
    said: dict[str, str] = answer.get_json()
    return said


def test_ids_of_machines_are_carried() -> None:
    said = told(**{"X-Correlation-Id": CONVERSATION, "X-Request-Id": NGINX, "traceparent": TRACE})
    assert said == {"correlation_id": CONVERSATION, "causation_id": NGINX, "traceparent": TRACE}


@pytest.mark.parametrize("text", ["mette.holm.010190-1234", "010190-1234", "12345678", "mette@klub.example", ""])
def test_nothing_else_is(text: str) -> None:
    said = told(**{"X-Correlation-Id": text, "X-Request-Id": text, "traceparent": text})
    assert UUID(said["correlation_id"]) == UUID(said["causation_id"])
    assert said["traceparent"] == ""
