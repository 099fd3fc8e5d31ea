"""How far a service is behind."""

from __future__ import annotations

from kafka import TopicPartition
from kafka.admin import OffsetSpec

from shared.messaging import kafka_clients


def lag(bootstrap: str, service: str, topics: list[str]) -> dict[str, int]:
    """Records not yet applied, per topic."""
    admin = kafka_clients.admin(bootstrap)
    try:
        partitions = [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in admin.describe_topics(topics)
            for partition in topic["partitions"]
        ]
        ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        committed = admin.list_group_offsets({service: None}).get(service, {})
        behind = dict.fromkeys(topics, 0)
        for partition, end in ends.items():
            done = committed.get(partition)
            behind[partition.topic] += end.offset - (done.offset if done and done.offset > 0 else 0)
        return behind
    finally:
        kafka_clients.close_quietly(admin)
