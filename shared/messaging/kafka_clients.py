"""Kafka clients with the settings that keep the promises; kafka-python's defaults do not (deploy/decisions.md)."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError

COMMON: dict[str, Any] = {"reconnect_backoff_max_ms": 1000, "request_timeout_ms": 10_000}
DELIVERY_TIMEOUT_S = 15
LARGEST_EVENT = 1024 * 1024
LARGEST_DEAD_LETTER = 2 * LARGEST_EVENT  # the marks come on top (deploy/topics.toml: max.message.bytes)


def producer(bootstrap: str, client_id: str, largest: int = LARGEST_EVENT) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        delivery_timeout_ms=DELIVERY_TIMEOUT_S * 1000,
        max_block_ms=DELIVERY_TIMEOUT_S * 1000,
        linger_ms=0,
        max_request_size=largest,
        **COMMON,
    )


def consumer(bootstrap: str, group: str, topics: list[str]) -> KafkaConsumer:
    client = KafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id=group,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        partition_assignment_strategy=[CooperativeStickyAssignor],
        max_poll_records=50,
        fetch_max_wait_ms=100,
        **COMMON,
    )
    # No rebalance listener: commit() inside one raises; the inbox makes a repeated record harmless.
    client.subscribe(topics)
    return client


def admin(bootstrap: str) -> KafkaAdminClient:
    return KafkaAdminClient(bootstrap_servers=bootstrap, **COMMON)


def is_reachable(bootstrap: str) -> bool:
    """True if a broker answers a metadata request right now."""
    try:
        client = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            request_timeout_ms=2000,
            bootstrap_timeout_ms=2000,
            reconnect_backoff_max_ms=200,
        )
    except (KafkaError, OSError, ValueError):
        return False
    close_quietly(client)
    return True


def wait_until_reachable(bootstrap: str, pause_s: float = 0.5) -> None:
    while not is_reachable(bootstrap):
        time.sleep(pause_s)


def close_quietly(client: Any) -> None:
    """close() can raise on a frozen broker; whoever closes is past caring."""
    with contextlib.suppress(KafkaError, OSError, RuntimeError):
        client.close()


def reader(bootstrap: str) -> KafkaConsumer:
    """A consumer without a group: looks, and leaves no trace."""
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        allow_auto_create_topics=False,
        **COMMON,
    )
