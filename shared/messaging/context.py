"""What an event says of its origin: the conversation it belongs to and the message that caused it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog


@dataclass(frozen=True)
class Origin:
    """`correlation_id` names the whole conversation, `causation_id` the request or event just before."""

    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""


_UNKNOWN = Origin()
_origin: ContextVar[Origin] = ContextVar("origin")


def origin() -> Origin:
    return _origin.get(_UNKNOWN)


@contextmanager
def originating_from(value: Origin) -> Iterator[None]:
    """Everything recorded and logged inside belongs to `value`."""
    token = _origin.set(value)
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=value.correlation_id):
            yield
    finally:
        _origin.reset(token)
