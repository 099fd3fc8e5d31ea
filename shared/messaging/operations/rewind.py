"""Reading the log from the first once more: the positions of a service lie in Kafka, and no backup has them."""

from __future__ import annotations

from kafka.errors import CommitFailedError
from kafka.structs import OffsetAndMetadata

from shared.messaging import kafka_clients


class WorkersAtWork(RuntimeError):
    """The service is reading just now."""


def rewind(bootstrap: str, service: str, topics: list[str], dry_run: bool = False) -> int:
    """Set the service's positions to the beginning of the topics. Returns how many records it will read again.

    Raises WorkersAtWork if one of its workers is a member of its group.
    """
    client = kafka_clients.reader(bootstrap, service)
    try:
        partitions = kafka_clients.partitions_of(client, topics)
        client.assign(partitions)
        first = client.beginning_offsets(partitions)
        before = {one: client.committed(one, timeout_ms=10_000) or 0 for one in partitions}
        if not dry_run:
            client.commit({one: OffsetAndMetadata(first[one], "", -1) for one in partitions}, timeout_ms=10_000)
    except CommitFailedError as error:
        raise WorkersAtWork(f"Stop the workers of {service} first: they would go on where they are.") from error
    finally:
        kafka_clients.close_quietly(client)
    return sum(max(0, before[one] - first[one]) for one in partitions)
