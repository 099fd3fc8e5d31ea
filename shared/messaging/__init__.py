"""Events out (outbox, relay) and in (consumer, inbox): the only place that speaks Kafka."""

from shared.messaging.outbox import record, record_all

__all__ = ["record", "record_all"]
