"""The topics are as deploy/topics.toml describes them, and that keeps what a replay needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from kafka.admin import ConfigResource, ConfigResourceType

from shared.cli import main
from shared.messaging import kafka_clients
from shared.messaging.operations import topics
from shared.settings import settings
from tests.support.waiting import eventually

DESCRIBED = topics.described()
EVENTS = [topic for topic in DESCRIBED if topic.name.endswith(".events")]


@pytest.mark.parametrize("topic", EVENTS, ids=lambda topic: topic.name)
def test_events_are_kept_for_ever_and_each_of_them(topic: topics.Topic) -> None:
    """Compaction would keep the last event of each key alone, and a rebuild needs them all."""
    assert (topic.config["retention.ms"], topic.config["cleanup.policy"]) == ("-1", "delete")
    assert "retention.bytes" not in topic.config


@pytest.fixture
def short_memory(broker: str) -> Iterator[None]:
    """A broker that forgets bookings' events after a week."""
    described = next(topic.config for topic in EVENTS if topic.name == "bookings.events")
    alter(broker, {**described, "retention.ms": "604800000"})
    eventually(lambda: topics.differing(broker))
    yield
    alter(broker, described)
    eventually(lambda: not topics.differing(broker))


def alter(broker: str, config: dict[str, str]) -> None:
    with kafka_clients.admin(broker) as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "bookings.events", config)])


def test_a_broker_that_does_as_described_is_fine(broker: str) -> None:
    assert topics.differing(broker) == []


@pytest.mark.usefixtures("short_memory")
def test_what_a_broker_does_otherwise_is_told(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMMUNITY_KAFKA_BOOTSTRAP", broker)
    settings.cache_clear()
    told = CliRunner().invoke(main, ["topics", "create"])
    assert (told.exit_code, told.stdout) == (0, "created: none, all were there\n")
    assert told.stderr == "bookings.events: retention.ms is 604800000, and described as -1\n"
