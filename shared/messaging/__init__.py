"""Events out (outbox, relay) and in (consumer, inbox): the only place that speaks Kafka."""

from shared.messaging.outbox import record

__all__ = ["record"]
