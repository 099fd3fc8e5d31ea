"""/healthz, /readyz and /metrics of a worker process, on a small server in a thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import make_wsgi_app
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Database
from shared.messaging import kafka_clients


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Probes come every few seconds and say nothing."""


def readiness(database: Database, bootstrap: str) -> dict[str, bool]:
    try:
        has_database = database.is_ready()
    except SQLAlchemyError:
        has_database = False
    return {"database": has_database, "broker": kafka_clients.is_reachable(bootstrap)}


def serve_health(
    host: str, port: int, database: Database, bootstrap: str, consumes: Callable[[], bool] = lambda: True
) -> None:
    """Answer probes until the process ends. The address comes first, so that a busy port fails at start."""
    metrics = make_wsgi_app()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            page: Iterable[bytes] = metrics(environ, start_response)
            return page
        checks = {**readiness(database, bootstrap), "consumer": consumes()} if path == "/readyz" else {}
        known = path in ("/healthz", "/readyz")
        status = "404 Not Found" if not known else "200 OK" if all(checks.values()) else "503 Service Unavailable"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"status": "ok" if status.startswith("200") else "failing", **checks}).encode()]

    server = make_server(host, port, app, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
