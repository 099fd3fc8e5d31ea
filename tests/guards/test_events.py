"""Events go where they are read, by those who may read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.contracts import REGISTRY, topic_of
from shared.contracts.base import newest
from shared.messaging import dead_letters
from shared.messaging.operations import access, topics
from shared.rooms import subscription_of
from tests.guards.house import ROOT, SERVICES, app_of
from tests.support.client import Caller

TOPICS = {topic.name for topic in topics.described()}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_reads_and_where_it_parks_exists(service: str) -> None:
    assert set(subscription_of(service).topics()) <= TOPICS
    assert dead_letters.topic_of(service) in TOPICS


def test_every_publisher_has_its_topic() -> None:
    assert {topic_of(event.publisher) for event in REGISTRY.values()} <= TOPICS


@pytest.mark.parametrize("service", SERVICES)
def test_the_broker_lets_a_service_read_what_it_subscribes_to_and_no_more(service: str) -> None:
    assert access.readers()[service] == subscription_of(service).topics()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reacts_to_the_newest_version_alone(service: str) -> None:
    """The inbox turns old ones into it before."""
    assert [event.event_type for event in subscription_of(service).events() if newest(event) is not event] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_tells_and_what_it_reacts_to(service: str) -> None:
    told = Caller(app_of(service)).get("/events").json
    assert told["reacts_to"] == sorted(event.event_type for event in subscription_of(service).events())
    assert set(told["publishes"]) == {
        name for name, event in REGISTRY.items() if event.publisher == service and newest(event) is event
    }


def test_kafka_clients_are_made_in_one_place() -> None:
    """Where they get the settings that keep the promises, and the log-in."""
    makers = [
        path.relative_to(ROOT)
        for folder in ("services", "shared", "deploy")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bKafka(Producer|Consumer|AdminClient)\(", path.read_text())
    ]
    assert makers == [Path("shared/messaging/kafka_clients.py")]
