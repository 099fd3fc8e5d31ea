"""How far a service is behind, and what it could not apply."""

from __future__ import annotations

from kafka import TopicPartition
from kafka.admin import OffsetSpec

from shared.messaging import dead_letters, kafka_clients


def lag(bootstrap: str, service: str, topics: list[str]) -> dict[str, int]:
    """Records not yet applied, per topic, and the count of dead letters under "dead_letters"."""
    admin = kafka_clients.admin(bootstrap)
    try:
        parking = dead_letters.topic_of(service)
        partitions = [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in admin.describe_topics([*topics, parking])
            for partition in topic["partitions"]
        ]
        ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        committed = admin.list_group_offsets({service: None}).get(service, {})
        behind = dict.fromkeys(topics, 0)
        parked = 0
        for partition, end in ends.items():
            if partition.topic == parking:
                parked += end.offset
            else:
                done = committed.get(partition)
                behind[partition.topic] += end.offset - (done.offset if done and done.offset > 0 else 0)
        return {**behind, "dead_letters": parked}
    finally:
        kafka_clients.close_quietly(admin)
