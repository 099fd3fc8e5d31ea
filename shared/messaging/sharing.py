"""How the workers of a service share its partitions: those of each topic evenly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.protocol.consumer.metadata import ConsumerProtocolAssignment, ConsumerProtocolSubscription


@dataclass(frozen=True)
class _Member:
    member_id: str
    metadata: ConsumerProtocolSubscription


class EachTopicEvenly(CooperativeStickyAssignor):  # type: ignore[misc]
    """The library's own assignor, asked for one topic at a time.

    Over all topics at once it counts partitions only: of two workers one may get all of the topic that is busy, and
    the other all of the one that is silent. Its name on the wire stays, so that old and new workers share a group.
    """

    def assign(self, cluster: Any, members: Sequence[Any]) -> dict[str, ConsumerProtocolAssignment]:
        shares: dict[str, list[tuple[str, list[int]]]] = {member.member_id: [] for member in members}
        for topic in sorted({topic for member in members for topic in member.metadata.topics}):
            subscribed = [_for_topic(member, topic) for member in members if topic in member.metadata.topics]
            for member_id, share in super().assign(cluster, subscribed).items():
                shares[member_id] += share.assigned_partitions
        return {member_id: ConsumerProtocolAssignment(self.version, share, b"") for member_id, share in shares.items()}


def _for_topic(member: Any, topic: str) -> _Member:
    told = member.metadata
    owned = [one for one in told.owned_partitions or () if one.topic == topic]
    return _Member(
        member.member_id,
        ConsumerProtocolSubscription(version=told.version, topics=[topic], user_data=b"", owned_partitions=owned),
    )
