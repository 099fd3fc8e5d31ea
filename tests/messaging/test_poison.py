"""What can never be applied is parked whole, its neighbours flow, and it can be replayed."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError
from sqlalchemy import text
from sqlalchemy.exc import DataError

from shared.db import is_outage
from shared.messaging import kafka_clients
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.inbox import Poison
from shared.messaging.operations import letters
from shared.messaging.watch import LOOKS_OF_A_STANDBY, Breaker, Halted, Stalled, StallWatch
from tests.messaging.stage import Stage
from tests.support.waiting import eventually

CUP = UUID(int=1)


def headers_of(stage: Stage, **changes: bytes | None) -> list[tuple[str, bytes]]:
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": b"raw-1",
        "ce_source": f"/kommunity/{stage.publisher}".encode(),
        "ce_type": stage.moved.event_type.encode(),
        "ce_time": b"2027-08-14T08:30:00+00:00",
        "content-type": b"application/json",
        **changes,
    }
    return [(name, value) for name, value in headers.items() if value is not None]


GOOD = json.dumps({"thing_id": str(CUP), "step": 9}).encode()
POISON = {
    "not JSON": (b"{", {}, "not JSON"),
    "nothing": (None, {}, "not JSON"),
    "not UTF-8": (b"\xff\xfe{}", {}, "not JSON"),
    "no object": (b"[1, 2]", {}, "not a JSON object"),
    "bottomless": (b"[" * 200_000, {}, "recursion"),
    "no id": (GOOD, {"ce_id": None}, "missing attributes: id"),
    "a time without a zone": (GOOD, {"ce_time": b"2027-08-14T08:30:00"}, "names no zone"),
    "a field missing": (b'{"step": 1}', {}, "does not fit its contract"),
    "a field of another type": (b'{"thing_id": "cup", "step": 1}', {}, "does not fit its contract"),
    "another's name": (GOOD, {"ce_source": b"/kommunity/accounts"}, "does not belong in"),
    "a look-alike's name": (GOOD, {"ce_source": b"/elsewhere/bookings"}, "does not belong in"),
    "another's event": (GOOD, {"ce_type": b"accounts.person-registered.v1"}, "does not belong in"),
    "an impossible value": (json.dumps({"thing_id": str(CUP), "step": 2**40}).encode(), {}, "integer out of range"),
}


def test_a_value_that_the_driver_refuses_is_no_outage(stage: Stage) -> None:
    """Else the worker would die of the record, meet it again, and die for ever."""
    with pytest.raises(DataError) as refused, stage.subscriber_database.begin() as session:
        session.execute(text("SELECT CAST(:value AS text)"), {"value": "a\0b"})
    assert not is_outage(refused.value)


def test_poison_is_parked_whole_and_its_neighbours_flow(stage: Stage) -> None:
    for value, changes, _ in POISON.values():
        stage.produce(value, headers_of(stage, **changes), key=b"poison")
    newer = stage.moved.event_type.replace(".v1", ".v2").encode()
    stage.produce(GOOD, headers_of(stage, ce_type=newer))
    stage.produce(GOOD, headers_of(stage, ce_type=f"{stage.publisher}.thing-sold.v1".encode()))
    odd = [("a\0b", b"a name that no JSON of PostgreSQL's can hold")]
    stage.produce(b"{", [*headers_of(stage), *odd])
    stage.produce(GOOD, headers_of(stage, ce_id=b"neighbour"))
    stage.consume_all()
    assert stage.effects() == [(CUP, 9)]

    parked = stage.parked()
    reasons = [*(reason for _, _, reason in POISON.values()), "unknown version", "unknown type", "not JSON"]
    assert len(parked) == len(reasons)
    for letter, (value, _, _) in zip(parked, POISON.values(), strict=False):
        assert (letter.value, letter.key) == (value, b"poison")
    for offset, (letter, reason) in enumerate(zip(parked, reasons, strict=True)):
        marks = {name: value.decode() for name, value in letter.headers}
        assert reason in marks["kafka_dlt-exception-message"]
        assert marks["kafka_dlt-original-topic"] == stage.topic
        assert (marks["kafka_dlt-original-partition"], marks["kafka_dlt-original-offset"]) == ("0", str(offset))
        assert marks["kafka_dlt-original-consumer-group"] == stage.subscriber
        assert marks["kafka_dlt-original-timestamp"].isdigit()
        assert marks["kafka_dlt-exception-fqcn"]
    listed = stage.letters("waiting")
    assert [(letter.value, letter.offset) for letter in listed] == [(one.value, at) for at, one in enumerate(parked)]


def test_the_largest_record_can_be_parked_with_its_marks(stage: Stage) -> None:
    value = b"x" * (1_048_576 - 600)
    stage.produce(value, headers_of(stage))
    stage.consume_all()
    (letter,) = stage.parked()
    assert letter.value == value


def test_a_replay_applies_what_the_mended_service_understands(stage: Stage) -> None:
    stage.move(CUP, 1, 2, 3)
    stage.publish_all()

    def stumble(session, moved) -> None:
        if moved.step == 2:
            raise KeyError("a mistake of ours")
        stage.note_the_move(session, moved)

    stage.reactions = {stage.moved: stumble}
    stage.consume_all()
    assert stage.effects() == [(CUP, 1), (CUP, 3)]

    (outcome,) = stage.replay()
    assert "a mistake of ours" in outcome.trouble
    assert len(stage.letters("waiting")) == 1

    stage.reactions = {stage.moved: stage.note_the_move}
    (outcome,) = stage.replay()
    assert not outcome.trouble
    assert stage.replay() == []
    assert stage.effects() == [(CUP, 1), (CUP, 3), (CUP, 2)]
    assert [letter.id for letter in stage.letters("replayed")] == [outcome.id]


def test_a_discarded_letter_is_settled_without_effect(stage: Stage) -> None:
    stage.produce(b"{", headers_of(stage))
    stage.consume_all()
    (letter,) = stage.letters("waiting")
    with stage.subscriber_database.begin() as session:
        assert letters.discard(session, [letter.id], "tests") == [letter.id]
        assert letters.discard(session, [letter.id], "tests") == []
    assert stage.replay() == []
    assert stage.effects() == []


def test_a_reaction_that_fails_leaves_nothing_behind(stage: Stage) -> None:
    def half_done(session, moved) -> None:
        stage.note_the_move(session, moved)
        raise ValueError("after the effect")

    stage.move(CUP, 1)
    stage.publish_all()
    stage.reactions = {stage.moved: half_done}
    stage.consume_all()
    assert stage.effects() == []
    with stage.subscriber_database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM inbox")) == 0


def test_what_is_locked_just_now_is_tried_again_and_not_parked(stage: Stage) -> None:
    """Its partition waits, and the others flow."""

    def impatient(session, moved) -> None:
        if moved.thing_id == CUP:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.execute(text("SELECT pg_advisory_xact_lock(1)"))
        stage.note_the_move(session, moved)

    stage.move(CUP, 1, 2)
    others = [uuid4() for _ in range(20)]
    for other in others:
        stage.move(other, 1)
    stage.publish_all()
    cups = {one.partition for one in stage.records() if one.key == str(CUP).encode()}
    elsewhere = {one.key.decode() for one in stage.records() if one.partition not in cups}
    stage.reactions = {stage.moved: impatient}
    with stage.subscriber_database.begin() as holder:
        holder.execute(text("SELECT pg_advisory_lock(1)"))
        with stage.consuming():
            eventually(lambda: {str(thing) for thing, _ in stage.effects()} >= elsewhere)
            assert CUP not in {thing for thing, _ in stage.effects()}
            holder.execute(text("SELECT pg_advisory_unlock(1)"))
            eventually(lambda: [step for thing, step in stage.effects() if thing == CUP] == [1, 2])
    assert stage.parked() == []


def test_a_service_that_cannot_apply_most_of_its_records_halts(stage: Stage) -> None:
    for step in range(80):
        stage.move(CUP, step)
    stage.publish_all()
    stage.reactions = {stage.moved: lambda session, moved: {}["a mistake of ours"]}
    with stage.consuming() as consumer:
        eventually(lambda: consumer.is_halted)
    assert len(stage.parked()) == 50
    assert sum(stage.committed().values()) <= 50


def test_a_newer_publisher_halts_nobody_and_what_it_told_is_kept(stage: Stage) -> None:
    for number in range(60):
        kind = f"{stage.publisher}.thing-sold.v1"
        stage.produce(GOOD, headers_of(stage, ce_type=kind.encode(), ce_id=f"sold-{number}".encode()))
    stage.produce(GOOD, headers_of(stage, ce_id=b"neighbour"))
    stage.consume_all()
    assert stage.effects() == [(CUP, 9)]
    assert len(stage.letters("waiting")) == 60


def test_half_of_the_records_may_be_poison_and_no_more() -> None:
    breaker = Breaker(window=4)
    for parked in (True, True, False, False, True, True, False):
        breaker.count("bookings.events", parked)
    breaker.count("inventory.events", parked=True)
    with pytest.raises(Halted):
        breaker.count("bookings.events", parked=True)


class DeafClient:
    """Has a record to give, and gives none."""

    end = 1

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition("bookings.events", 0)}

    def paused(self) -> set[TopicPartition]:
        return set()

    def position(self, partition: TopicPartition, timeout_ms: int) -> int:
        return 0

    def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.end)


def test_a_client_gone_deaf_is_noticed_at_the_second_look() -> None:
    watch, client = StallWatch(every_s=0), DeafClient()
    watch.look(client)
    watch.polled({})
    with pytest.raises(Stalled, match=r"bookings\.events-0"):
        watch.look(client)


def test_an_idle_partition_is_no_stall() -> None:
    watch, client = StallWatch(every_s=0), DeafClient()
    client.end = 0
    watch.look(client)
    client.end = 1
    watch.polled({})
    watch.look(client)


def test_a_client_that_fell_out_of_its_group_is_noticed_while_records_wait(stage: Stage) -> None:
    client = kafka_clients.consumer(stage.bootstrap, stage.subscriber, [stage.topic])  # never polls: no assignment
    try:
        watch = StallWatch(every_s=0)
        watch.look(client)
        stage.move(CUP, 1)
        with stage.relaying():
            eventually(lambda: not stage.unsent())
        watch.polled({})
        for _ in range(LOOKS_OF_A_STANDBY):
            watch.look(client)
            watch.polled({})
        with pytest.raises(Stalled, match=stage.topic):
            watch.look(client)
    finally:
        kafka_clients.close_quietly(client)


def test_a_partition_that_waits_while_others_are_worked_on_is_no_stall() -> None:
    """A backlog of one may take longer than from one look to the next."""
    watch, client = StallWatch(every_s=0), DeafClient()
    for _ in range(5):
        watch.look(client)
        watch.polled({"another": ["record"]})


def test_poison_that_comes_again_is_neither_parked_nor_counted_twice(stage: Stage) -> None:
    stage.produce(b"{", headers_of(stage))
    for step in range(3):
        stage.produce(GOOD, headers_of(stage, ce_id=f"neighbour-{step}".encode()))
    for _ in range(2):
        stage.consume_all()
        stage.forget_offsets()
    with stage.consuming() as consumer:
        eventually(lambda: stage.committed() == stage.ends())
        assert sum(map(sum, consumer.inbox.breaker._parked.values())) == 0
    assert len(stage.parked()) == len(stage.letters("waiting")) == 1


def test_a_record_of_nothing_at_all_can_be_parked(stage: Stage) -> None:
    """Other clients can write such; ours would not send them on as they are."""
    nothing = {"key": None, "value": None, "headers": [("ce_id", None)]}
    record = SimpleNamespace(topic=stage.topic, partition=0, offset=0, timestamp=1, **nothing)
    parking = DeadLetters(stage.subscriber_database, stage.bootstrap, stage.subscriber)
    assert parking.park(record, Poison("nothing"))
    assert [(letter.key, letter.value) for letter in stage.parked()] == [(None, b"")]


def test_a_topic_made_anew_has_letters_of_its_own(stage: Stage) -> None:
    """At the same offset, where an old one was settled."""
    stage.produce(b"{old", headers_of(stage))
    stage.consume_all()
    with stage.subscriber_database.begin() as session:
        letters.discard(session, [one.id for one in stage.letters("waiting")], "tests")
    stage.make_topic_anew()
    stage.forget_offsets()
    stage.produce(b"{new", headers_of(stage))
    stage.consume_all()
    assert [(one.value, one.offset) for one in stage.letters("waiting")] == [(b"{new", 0)]


class MuteProducer:
    """As kafka-python's after a time-out in flight: it takes records and sends nothing."""

    def send(self, *_: object, **__: object) -> Any:
        return self

    def get(self, timeout: float) -> None:
        raise KafkaTimeoutError

    def close(self, timeout: float) -> None:
        raise KafkaTimeoutError


def test_a_producer_that_went_mute_is_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = kafka_clients.producer
    made: list[Any] = []

    def first_a_mute_one(*arguments: Any) -> Any:
        made.append(real(*arguments) if made else MuteProducer())
        return made[-1]

    stage.produce(b"{", headers_of(stage))
    monkeypatch.setattr(kafka_clients, "producer", first_a_mute_one)
    stage.consume_all()
    assert len(stage.parked()) == 1
    assert len(made) == 2
