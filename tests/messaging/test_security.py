"""On a broker with log-ins a service can do its own work and nobody else's, and a forger gets nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from kafka import TopicPartition
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError
from sqlalchemy import text

from deploy.local.testing import temporary_guarded_kafka
from shared import clock
from shared.cli import main
from shared.contracts import accounts
from shared.db import Database
from shared.messaging import kafka_clients, record
from shared.messaging.envelope import Envelope, to_record
from shared.messaging.operations import access, topics
from shared.messaging.watch import WINDOW
from tests.messaging.guarded import PASSWORDS, Guarded
from tests.support.waiting import eventually

pytestmark = pytest.mark.broker

TOPICS = [topic.name for topic in topics.described()]
CLUB = UUID(int=7)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    with temporary_guarded_kafka() as kafka:
        topics.create_missing(kafka.bootstrap, kafka.administrator)
        access.secure(kafka.bootstrap, PASSWORDS, who=kafka.administrator)
        yield Guarded(kafka)


@pytest.mark.parametrize("service", access.readers())
def test_a_service_writes_its_own_topics_and_no_others(guarded: Guarded, service: str) -> None:
    def write(topic: str) -> None:
        producer = kafka_clients.producer(guarded.bootstrap, "tests")  # one that was refused sends nothing any more
        try:
            producer.send(topic, b"{}").get(timeout=20)
        finally:
            producer.close()

    with guarded.logged_in(service):
        written = {topic for topic in TOPICS if may(write, topic)}
    assert written == {topic for topic in TOPICS if topic.startswith(f"{service}.")}


@pytest.mark.parametrize("service", access.readers())
def test_a_service_reads_what_it_subscribes_to_and_its_dead_letters(guarded: Guarded, service: str) -> None:
    def look(topic: str) -> None:
        reader = kafka_clients.reader(guarded.bootstrap)
        try:
            partition = TopicPartition(topic, 0)
            reader.assign([partition])
            reader.seek_to_beginning(partition)
            while reader.position(partition, timeout_ms=500) is None:
                reader.poll(timeout_ms=100)
            reader.poll(timeout_ms=100)
        finally:
            reader.close()

    with guarded.logged_in(service):
        read = {topic for topic in TOPICS if may(look, topic)}
    assert read == {*access.readers()[service], f"{service}.dead-letters"}


def test_a_service_cannot_join_the_group_of_another(guarded: Guarded) -> None:
    """Else it could take its events away."""
    with guarded.logged_in("inventory"):
        consumer = kafka_clients.consumer(guarded.bootstrap, "bookings", ["accounts.events"])
    with pytest.raises(GroupAuthorizationFailedError):
        eventually(lambda: consumer.poll(timeout_ms=500))
    kafka_clients.close_quietly(consumer)


def test_a_wrong_password_is_told_with_the_settings_to_look_at(guarded: Guarded) -> None:
    with guarded.logged_in("bookings", password="guessed"):
        trouble = kafka_clients.trouble_with(guarded.bootstrap)
    assert trouble.startswith(f"{guarded.bootstrap} takes our connection and ends it.")
    for name in ("KOMMUNITY_KAFKA_USER (kommunity_bookings)", "KOMMUNITY_KAFKA_PASSWORD", "KOMMUNITY_KAFKA_SECURITY"):
        assert name in trouble


def test_rules_are_made_once_and_what_is_not_described_is_taken_back(guarded: Guarded) -> None:
    surplus = ACL(
        "User:kommunity_bookings",
        "*",
        ACLOperation.WRITE,
        ACLPermissionType.ALLOW,
        ResourcePattern(ResourceType.TOPIC, "accounts.events"),
    )
    with guarded.as_administrator():
        with kafka_clients.admin(guarded.bootstrap) as admin:
            admin.create_acls([surplus])
        told = [CliRunner().invoke(main, ["topics", "secure", *options]).output for options in (["--dry-run"], [], [])]
    taken_back = "forbid kommunity_bookings WRITE TOPIC accounts.events\n"
    assert told == [taken_back, taken_back, "nothing to change\n"]


def test_a_service_cannot_change_the_rules(guarded: Guarded) -> None:
    with guarded.logged_in("accounts"):
        refused = CliRunner().invoke(main, ["topics", "secure"])
    assert refused.exit_code == 1
    assert refused.output.startswith(f"Error: {guarded.bootstrap} takes rules from its administrators only")


def test_a_broker_that_keeps_no_rules_is_named(broker: str) -> None:
    with pytest.raises(access.NotSecured, match=r"authorizer\.class\.name"):
        access.secure(broker, {})


def test_a_forger_changes_nothing_and_stops_nobody(guarded: Guarded, database_of: Callable[[str], Database]) -> None:
    """He can write into a topic, say by an administrator's stolen password, and pretends to be bookings there."""
    told, copied = database_of("accounts"), database_of("inventory")
    with guarded.worker("inventory", copied) as inventory, guarded.worker("accounts", told):
        with guarded.as_administrator():
            forger = kafka_clients.producer(guarded.bootstrap, "forger")
        for _ in range(2 * WINDOW):
            value, headers = forged()
            forger.send("accounts.events", value=value, key=str(CLUB).encode(), headers=headers)
        forger.close()
        club = accounts.AssociationUpdated(CLUB, "Assens Roklub", "Assens")
        told.transact(lambda session: record(session, club))
        eventually(lambda: names(copied) == ["Assens Roklub"], what="the true event behind the forged ones")
        assert inventory.count("kommunity_events_forged_total") == 2 * WINDOW
        assert inventory.is_ready()
    with copied.read() as session:
        parked = session.scalars(text("SELECT topic FROM dead_letters WHERE error_class LIKE '%.Forged'"))
        assert list(parked) == ["accounts.events"] * 2 * WINDOW


def forged() -> tuple[bytes, list[tuple[str, bytes]]]:
    club = accounts.AssociationUpdated(CLUB, "Svindlernes Klub", "Assens")
    source = "/kommunity/bookings"
    return to_record(
        Envelope(str(uuid4()), source, club.event_type, str(CLUB), clock.now(), club.to_payload(), sequence=9)
    )


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT name FROM associations")))


def may(act: Callable[[str], None], topic: str) -> bool:
    try:
        act(topic)
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError):
        return False
    return True
