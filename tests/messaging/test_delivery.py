"""From record() to the effect in another service: each once, in order, whatever dies between."""

from __future__ import annotations

import json
import random
import threading
from itertools import groupby
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from shared.contracts.base import source_of
from shared.messaging import record, relay
from shared.messaging.envelope import STRUCTURED
from tests.messaging.stage import Stage
from tests.support.waiting import eventually

CUP, PLATE = UUID(int=1), UUID(int=2)


def test_what_was_recorded_takes_effect_once(stage: Stage) -> None:
    stage.move(CUP, 1, 2, 3)
    with stage.relaying(), stage.consuming():
        eventually(lambda: len(stage.effects()) == 3)
        stage.move(PLATE, 1)
        eventually(lambda: len(stage.effects()) == 4)
    assert [step for thing, step in stage.effects() if thing == CUP] == [1, 2, 3]
    assert stage.unsent() == 0


def test_an_event_travels_as_a_cloud_event_in_binary_mode(stage: Stage) -> None:
    stage.move(CUP, 1)
    stage.publish_all()
    (one,) = stage.records()
    headers = {name: value.decode() for name, value in one.headers}
    assert one.key == str(CUP).encode()
    assert json.loads(one.value) == {"thing_id": str(CUP), "step": 1}
    assert headers["content-type"] == "application/json"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_source"] == f"/kommunity/{stage.publisher}"
    assert headers["ce_type"] == f"{stage.publisher}.thing-moved.v1"
    assert headers["ce_subject"] == str(CUP)
    assert headers["ce_sequence"] == "1"
    assert headers["ce_correlationid"] == headers["ce_causationid"] == headers["ce_id"]


def test_nothing_is_told_of_a_change_that_was_rolled_back(stage: Stage) -> None:
    with stage.publisher_database.begin() as session:
        record(session, stage.moved(CUP, 1))
        session.rollback()
    stage.move(CUP, 2)
    stage.publish_all()
    assert [dict(one.headers)["ce_sequence"] for one in stage.records()] == [b"1"]


def test_effects_are_not_repeated_when_offsets_are_reset(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.publish_all()
    stage.consume_all()
    stage.forget_offsets()
    stage.consume_all()
    assert stage.effects() == [(CUP, 1), (CUP, 2)]


def test_a_relay_that_dies_between_ack_and_mark_sends_again_and_the_effect_is_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.move(CUP, 1, 2)
    with monkeypatch.context() as failpoint:
        failpoint.setattr(relay, "_MARK", "SELECT 1 / 0 WHERE %s::timestamptz IS NOT NULL AND %s::bigint[] IS NOT NULL")
        with pytest.raises(psycopg.errors.DivisionByZero):
            stage.relay(threading.Event()).run()
    assert stage.unsent() == 2
    stage.publish_all()
    assert len(stage.records()) == 4
    stage.consume_all()
    assert stage.effects() == [(CUP, 1), (CUP, 2)]


def test_each_key_is_in_order_and_without_gaps_under_eight_writers(stage: Stage) -> None:
    """Every tenth transaction is rolled back; the relay runs all the while."""
    things = [uuid4() for _ in range(5)]

    def write(seed: int) -> None:
        dice = random.Random(seed)
        for step in range(40):
            with stage.publisher_database.begin() as session:
                record(session, stage.moved(dice.choice(things), step))
                if step % 10 == 9:
                    session.rollback()

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(8)]
    with stage.relaying():
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        eventually(lambda: stage.unsent() == 0)
    records = sorted(stage.records(), key=lambda one: one.key)  # stable: offsets stay in order
    assert len(records) == 8 * 36
    for _, of_key in groupby(records, key=lambda one: one.key):
        sequences = [int(dict(one.headers)["ce_sequence"]) for one in of_key]
        assert sequences == list(range(1, len(sequences) + 1))


def test_structured_mode_is_read_too(stage: Stage) -> None:
    content = {
        "specversion": "1.0",
        "id": "from-elsewhere-1",
        "source": source_of(stage.publisher),
        "type": stage.moved.event_type,
        "time": "2027-08-14T08:30:00Z",
        "data": {"thing_id": str(CUP), "step": 7, "unknown": True},
    }
    stage.produce(json.dumps(content).encode(), [("Content-Type", f"{STRUCTURED}; charset=UTF-8".encode())])
    stage.consume_all()
    assert stage.effects() == [(CUP, 7)]


def test_only_one_relay_is_active_and_the_next_takes_over(stage: Stage) -> None:
    url = stage.publisher_database.engine.url.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [relay.ACTIVE_RELAY_LOCK])
        stage.move(CUP, 1)
        with stage.relaying():
            eventually(lambda: _is_waiting_for_its_turn(stage))
            assert stage.unsent() == 1
            other.execute("SELECT pg_advisory_unlock_all()")
            eventually(lambda: stage.unsent() == 0)


def _is_waiting_for_its_turn(stage: Stage) -> bool:
    with stage.publisher_database.read() as session:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock%'"
        return bool(session.scalar(text(asked)))


class HalfDeafProducer:
    """Takes everything, and acknowledges all but one value."""

    def __init__(self, refused: bytes) -> None:
        self.refused = refused

    def send(self, topic: str, value: bytes, **_: object) -> HalfDeafAnswer:
        return HalfDeafAnswer(self.refused in value)


class HalfDeafAnswer:
    def __init__(self, is_refused: bool) -> None:
        self.is_refused = is_refused

    def get(self, timeout: float) -> None:
        if self.is_refused:
            raise TimeoutError


def test_behind_an_event_that_could_not_be_sent_its_key_waits_and_others_go_on(stage: Stage) -> None:
    stage.move(CUP, 1, 2, 3)
    stage.move(PLATE, 1)
    publisher = stage.relay(threading.Event())
    with psycopg.connect(publisher.dsn, autocommit=True, row_factory=psycopg.rows.namedtuple_row) as connection:
        with pytest.raises(RuntimeError):
            publisher.publish_batch(connection, HalfDeafProducer(b'"step":2'))
        left = connection.execute("SELECT payload->>'step' AS step FROM outbox WHERE sent_at IS NULL ORDER BY position")
        assert [row.step for row in left] == ["2", "3"]
