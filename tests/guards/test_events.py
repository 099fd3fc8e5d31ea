"""Events go where they are read, and name no person."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from shared.contracts import REGISTRY, topic_of
from shared.contracts.base import newest
from shared.messaging import dead_letters, topics
from shared.rooms import subscription_of
from tests.guards.house import SERVICES, app_of
from tests.support.client import Caller

TOPICS = {topic.name for topic in topics.described()}
PERSONAL = re.compile(
    r"mail|phone|telefon|mobile|address|adresse|cpr|birth|first_name|last_name|person_name|street|zip"
    r"|reason|note|purpose|comment|text"  # what people write may name anybody
)


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_reads_and_where_it_parks_exists(service: str) -> None:
    assert set(subscription_of(service).topics()) <= TOPICS
    assert dead_letters.topic_of(service) in TOPICS


def test_every_publisher_has_its_topic() -> None:
    assert {topic_of(event.publisher) for event in REGISTRY.values()} <= TOPICS


@pytest.mark.parametrize("event_type", sorted(REGISTRY))
def test_no_field_of_an_event_is_named_like_personal_data(event_type: str) -> None:
    event = REGISTRY[event_type]
    names = {field.name for part in parts_of(event) for field in fields(part)}
    assert [name for name in names if PERSONAL.search(name)] == []
    if event.key_field == "person_id":
        assert not names & {"name", "title", "town"}, "an event about a person carries ids and roles alone"


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


def parts_of(cls: type) -> Iterator[type]:
    """The class and all that it is made of."""
    yield cls
    for hint in typing.get_type_hints(cls).values():
        for inner in (hint, *typing.get_args(hint)):
            if is_dataclass(inner):
                yield from parts_of(inner)
