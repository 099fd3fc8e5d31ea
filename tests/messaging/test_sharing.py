"""The workers of a service share what there is to read."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest

from shared.messaging import kafka_clients
from tests.support.waiting import eventually

PARTITIONS = 6


@pytest.mark.broker
def test_two_workers_have_half_of_each_topic(broker: str) -> None:
    """And not the one all of the busy topic, the other all of the silent one."""
    group, topics = uuid4().hex, [f"{uuid4().hex}.events" for _ in range(2)]
    with ExitStack() as stack:
        admin = stack.enter_context(closing(kafka_clients.admin(broker)))
        admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": 1} for topic in topics})
        admin.wait_for_topics(topics)
        workers = [stack.enter_context(closing(kafka_clients.consumer(broker, group, topics)))]

        def shares() -> list[Counter[str]]:
            for worker in workers:
                worker.poll(timeout_ms=100)
            return [Counter(partition.topic for partition in worker.assignment()) for worker in workers]

        eventually(lambda: shares() == [dict.fromkeys(topics, PARTITIONS)], what="one worker has all")
        workers.append(stack.enter_context(closing(kafka_clients.consumer(broker, group, topics))))
        eventually(lambda: shares() == 2 * [dict.fromkeys(topics, PARTITIONS / 2)], what="two have half each")
