"""Kafka clients with the settings that keep the promises; kafka-python's defaults do not (deploy/decisions.md)."""

from __future__ import annotations

import contextlib
import hashlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from shared.messaging.sharing import EachTopicEvenly
from shared.settings import KafkaSecurity, settings

COMMON: dict[str, Any] = {"reconnect_backoff_max_ms": 1000, "request_timeout_ms": 10_000}
DELIVERY_TIMEOUT_S = 15
SESSION_TIMEOUT_S = 6  # a worker that was killed is missed after so long, and its partitions go to another
LARGEST_EVENT = 1024 * 1024
LARGEST_DEAD_LETTER = 2 * LARGEST_EVENT  # the marks come on top (deploy/topics.toml: max.message.bytes)
PROTOCOLS = {KafkaSecurity.SCRAM: "SASL_PLAINTEXT", KafkaSecurity.SCRAM_TLS: "SASL_SSL"}


class NotLetIn(RuntimeError):
    """Somebody takes our connection and ends it."""


@dataclass(frozen=True)
class LogIn:
    """As whom we come, and how."""

    security: KafkaSecurity = KafkaSecurity.PLAIN
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    @classmethod
    def from_settings(cls) -> LogIn:
        own = settings()
        return cls(own.kafka_security, own.kafka_user, own.kafka_password, own.kafka_ca_file)

    def arguments(self) -> dict[str, Any]:
        """In the client library's words."""
        if self.security is KafkaSecurity.PLAIN:
            return {}
        if not (self.user and self.password):
            raise NotLetIn(
                f"KOMMUNITY_KAFKA_SECURITY is {self.security}: that takes KOMMUNITY_KAFKA_USER and _KAFKA_PASSWORD"
            )
        return {
            "security_protocol": PROTOCOLS[self.security],
            "ssl_cafile": str(self.ca_file) if self.ca_file else None,
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
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
        **LogIn.from_settings().arguments(),
    )


def consumer(bootstrap: str, group: str, topics: list[str]) -> KafkaConsumer:
    client = KafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id=group,
        group_id=group,
        group_instance_id=_instance(group, topics),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        partition_assignment_strategy=[EachTopicEvenly],
        max_poll_records=200,
        session_timeout_ms=SESSION_TIMEOUT_S * 1000,
        heartbeat_interval_ms=2000,
        fetch_max_wait_ms=100,
        **COMMON,
        **LogIn.from_settings().arguments(),
    )
    # No rebalance listener: commit() inside one raises; the inbox makes a repeated record harmless.
    client.subscribe(topics)
    return client


def _instance(group: str, topics: list[str]) -> str | None:
    """Who takes the place of whom. The broker gives it back as it was, so another subscription needs another name."""
    name = settings().worker_name.replace("{host}", socket.gethostname())
    subscription = hashlib.sha256(" ".join(sorted(topics)).encode()).hexdigest()[:8]
    return f"{group}-{name}-{subscription}" if name else None


def admin(bootstrap: str, who: LogIn | None = None) -> KafkaAdminClient:
    """Raises NotLetIn, saying which settings to look at, if a broker is there but does not let us in."""
    return _admin(bootstrap, who or LogIn.from_settings(), bootstrap_timeout_ms=10_000, **COMMON)


def is_reachable(bootstrap: str, who: LogIn | None = None) -> bool:
    """True if a broker answers a metadata request right now."""
    return not trouble_with(bootstrap, who)


def trouble_with(bootstrap: str, who: LogIn | None = None) -> str:
    """Why no broker answers a metadata request right now; empty if one does."""
    try:
        client = _admin(
            bootstrap,
            who or LogIn.from_settings(),
            request_timeout_ms=2000,
            bootstrap_timeout_ms=2000,
            reconnect_backoff_max_ms=200,
        )
    except (KafkaError, NotLetIn, OSError, ValueError) as error:
        return str(error)
    close_quietly(client)
    return ""


def _admin(bootstrap: str, who: LogIn, **options: Any) -> KafkaAdminClient:
    try:
        return KafkaAdminClient(bootstrap_servers=bootstrap, **options, **who.arguments())
    except KafkaTimeoutError as error:
        # The library tries on until its time is out, whatever the reason, and tells only that.
        if not _takes_connections(bootstrap):
            raise
        raise NotLetIn(
            f"{bootstrap} takes our connection and ends it. Unless it just starts, or is stuck, one of these is wrong:"
            f" KOMMUNITY_KAFKA_SECURITY ({who.security}), KOMMUNITY_KAFKA_USER ({who.user or 'none'}),"
            " KOMMUNITY_KAFKA_PASSWORD, KOMMUNITY_KAFKA_CA_FILE"
        ) from error


def _takes_connections(bootstrap: str) -> bool:
    for address in bootstrap.split(","):
        host, _, port = address.rpartition(":")
        with contextlib.suppress(OSError, ValueError), socket.create_connection((host, int(port)), timeout=1):
            return True
    return False


def partitions_of(client: KafkaConsumer, topics: Iterable[str]) -> list[TopicPartition]:
    """All of them, of those topics that are there."""
    return [TopicPartition(topic, number) for topic in topics for number in client.partitions_for_topic(topic) or ()]


def close_quietly(client: Any, **how: Any) -> None:
    """close() can raise on a frozen broker; whoever closes is past caring."""
    with contextlib.suppress(KafkaError, OSError, RuntimeError):
        client.close(**how)


def reader(bootstrap: str, group: str | None = None) -> KafkaConsumer:
    """A consumer that joins no group: looks, and leaves no trace. It can see and set the positions of `group`."""
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=group,
        enable_auto_commit=False,
        allow_auto_create_topics=False,
        **COMMON,
        **LogIn.from_settings().arguments(),
    )
