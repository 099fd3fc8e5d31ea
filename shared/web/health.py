"""/healthz, /readyz and /metrics of a web process, the request's ids, and one log line per request."""

from __future__ import annotations

import os
import re
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.registry import REGISTRY
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Database
from shared.ids import new_id
from shared.messaging.context import Origin, originating_from
from shared.web.auth import public

log = structlog.get_logger("request")

QUIET = ("/healthz", "/readyz", "/metrics")
# They go into the log of events, which is kept for ever: so what a client may name itself is machines' ids alone.
ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)  # a UUID, also as nginx writes it
TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # https://www.w3.org/TR/trace-context/
SECONDS = Histogram(
    "kommunity_http_seconds",
    "Time to answer a request",
    ["service", "method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
)


def _told(header: str, form: re.Pattern[str] = ID) -> str:
    value = request.headers.get(header, "")
    return value if form.fullmatch(value) else ""


def init_request_context(app: Flask, service: str) -> None:
    """Give each request an id, tie logs and events to it, count and log it."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.request_id = _told("X-Request-Id") or str(new_id())
        correlation_id = _told("X-Correlation-Id") or g.request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(service=service, request_id=g.request_id)
        traceparent = _told("traceparent", TRACE)
        g.origin = originating_from(Origin(correlation_id, g.request_id, traceparent))
        g.origin.__enter__()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "unknown"
        if route not in QUIET:
            SECONDS.labels(service, request.method, route, response.status_code).observe(seconds)
            log.info(
                "request",
                method=request.method,
                path=route if "token" in (request.view_args or {}) else request.path,  # a log keeps no secrets
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
            )
        return response

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if origin := g.pop("origin", None):
            origin.__exit__(None, None, None)


def metrics() -> Response:
    """All of the service's web processes together, where gunicorn runs several."""
    registry: Any = REGISTRY
    if multiprocess_dir():
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def multiprocess_dir() -> str | None:
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def init_health(app: Flask, database: Database | None) -> None:
    @app.get("/healthz")
    @public
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    @public
    def readyz() -> tuple[dict[str, Any], int]:
        try:
            ready = database is None or database.is_ready()
        except SQLAlchemyError:
            ready = False
        return {"status": "ok" if ready else "failing", "database": ready}, 200 if ready else 503

    app.add_url_rule("/metrics", "metrics", public(metrics))
