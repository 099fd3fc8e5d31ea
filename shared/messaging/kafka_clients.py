"""Kafka clients with the settings that keep the promises; kafka-python's defaults do not (deploy/decisions.md)."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

import structlog
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError, KafkaTimeoutError

from shared.settings import KafkaSecurity, settings

log = structlog.get_logger(__name__)

COMMON: dict[str, Any] = {"reconnect_backoff_max_ms": 1000, "request_timeout_ms": 10_000}
DELIVERY_TIMEOUT_S = 15
SESSION_TIMEOUT_S = 8  # a worker that was killed is missed after so long, and its partitions go to another
LARGEST_EVENT = 1024 * 1024
LARGEST_DEAD_LETTER = 2 * LARGEST_EVENT  # the marks come on top (deploy/topics.toml: max.message.bytes)
PROTOCOLS = {KafkaSecurity.SCRAM: "SASL_PLAINTEXT", KafkaSecurity.SCRAM_TLS: "SASL_SSL"}


class NotLetIn(RuntimeError):
    """Somebody takes our connection and ends it."""


def log_in() -> dict[str, Any]:
    """How to log in, as the settings say."""
    own = settings()
    if own.kafka_security is KafkaSecurity.PLAIN:
        return {}
    if not (own.kafka_user and own.kafka_password):
        raise NotLetIn(
            f"KOMMUNITY_KAFKA_SECURITY is {own.kafka_security}: that takes KOMMUNITY_KAFKA_USER and _KAFKA_PASSWORD"
        )
    return {
        "security_protocol": PROTOCOLS[own.kafka_security],
        "ssl_cafile": str(own.kafka_ca_file) if own.kafka_ca_file else None,
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": own.kafka_user,
        "sasl_plain_password": own.kafka_password,
    }


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
        **log_in(),
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
        max_poll_records=200,
        session_timeout_ms=SESSION_TIMEOUT_S * 1000,
        heartbeat_interval_ms=2000,
        fetch_max_wait_ms=100,
        **COMMON,
        **log_in(),
    )
    # No rebalance listener: commit() inside one raises; the inbox makes a repeated record harmless.
    client.subscribe(topics)
    return client


def admin(bootstrap: str) -> KafkaAdminClient:
    """Raises NotLetIn, saying which settings to look at, if a broker is there but does not let us in."""
    return _admin(bootstrap, **COMMON)


def is_reachable(bootstrap: str) -> bool:
    """True if a broker answers a metadata request right now."""
    try:
        client = _admin(
            bootstrap,
            request_timeout_ms=2000,
            bootstrap_timeout_ms=2000,
            reconnect_backoff_max_ms=200,
        )
    except NotLetIn as refusal:
        log.error("broker does not let us in", reason=str(refusal))
        return False
    except (KafkaError, OSError, ValueError):
        return False
    close_quietly(client)
    return True


def _admin(bootstrap: str, **options: Any) -> KafkaAdminClient:
    try:
        return KafkaAdminClient(bootstrap_servers=bootstrap, **options, **log_in())
    except KafkaTimeoutError as error:
        # The library tries on until its time is out, whatever the reason, and tells only that.
        if not _takes_connections(bootstrap):
            raise
        own = settings()
        raise NotLetIn(
            f"{bootstrap} takes our connection and ends it. Unless it just starts, or is stuck, one of these is wrong:"
            f" KOMMUNITY_KAFKA_SECURITY ({own.kafka_security}), KOMMUNITY_KAFKA_USER ({own.kafka_user or 'none'}),"
            " KOMMUNITY_KAFKA_PASSWORD, KOMMUNITY_KAFKA_CA_FILE"
        ) from error


def _takes_connections(bootstrap: str) -> bool:
    for address in bootstrap.split(","):
        host, _, port = address.rpartition(":")
        with contextlib.suppress(OSError, ValueError), socket.create_connection((host, int(port)), timeout=1):
            return True
    return False


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
        **log_in(),
    )
