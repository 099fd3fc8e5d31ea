"""Copies follow the newest event, and can be built anew from the log without any other effect."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from shared.messaging.copying import NotKnownYet
from shared.messaging.operations import republish, rewind
from shared.messaging.operations.rebuild import Rebuild, Report
from shared.messaging.tables import outbox
from tests.messaging.stage import Stage, effects, whereabouts
from tests.messaging.test_poison import headers_of
from tests.support.waiting import eventually

CUP, PLATE = UUID(int=1), UUID(int=2)


def rebuild(stage: Stage, switch: bool = True) -> Report:
    stage_rebuild = Rebuild(
        stage.subscriber_database, stage.bootstrap, stage.subscriber, stage.subscription(), [whereabouts]
    )
    return stage_rebuild.run(lambda _: switch)


def spoil(stage: Stage) -> None:
    with stage.subscriber_database.begin() as session:
        session.execute(text("UPDATE whereabouts SET step = 99 WHERE thing_id = :cup"), {"cup": CUP})
        session.execute(text("DELETE FROM whereabouts WHERE thing_id = :plate"), {"plate": PLATE})


def test_an_older_event_that_comes_late_takes_effect_and_leaves_the_copy(stage: Stage) -> None:
    stage.move(CUP, 1, 2, 3)
    stage.publish_all()

    def stumble(session, moved) -> None:
        if moved.step == 2:
            raise KeyError("a mistake of ours")
        stage.note_the_move(session, moved)

    stage.reactions = {stage.moved: stumble}
    stage.consume_all()
    stage.reactions = {stage.moved: stage.note_the_move}
    stage.replay()
    assert stage.effects() == [(CUP, 1), (CUP, 3), (CUP, 2)]
    assert stage.whereabouts() == {CUP: 3}


def test_rebuilt_copies_are_those_that_live_and_no_reaction_runs(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.move(PLATE, 5)
    stage.publish_all()
    stage.consume_all()
    report = rebuild(stage)
    assert (report.is_equal, report.events, report.left_out, report.differing) == (True, 3, 0, {})
    assert stage.effects() == [(CUP, 1), (CUP, 2), (PLATE, 5)] or len(stage.effects()) == 3
    assert stage.whereabouts() == {CUP: 2, PLATE: 5}


def test_an_older_event_that_was_sent_again_does_not_win_in_a_rebuild(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.publish_all()
    with stage.publisher_database.begin() as session:
        republish.republish(session, outbox.c.sequence == 1)
    for number in range(3, 13):  # so that something new stands behind it in its partition
        stage.move(UUID(int=number), 1)
    stage.publish_all()
    stage.consume_all()
    assert rebuild(stage).is_equal
    assert stage.whereabouts()[CUP] == 2


@pytest.mark.parametrize("switch", [False, True])
def test_what_differs_is_counted_and_mended_only_if_asked_for(stage: Stage, switch: bool) -> None:
    stage.move(CUP, 1)
    stage.move(PLATE, 5)
    stage.publish_all()
    stage.consume_all()
    spoil(stage)
    report = rebuild(stage, switch)
    assert not report.is_equal
    assert report.differing == {"whereabouts": 3}
    assert stage.whereabouts() == ({CUP: 1, PLATE: 5} if switch else {CUP: 99})


def test_events_that_the_live_copies_have_not_seen_are_left_for_the_consumer(stage: Stage) -> None:
    stage.move(CUP, 1)
    stage.publish_all()
    stage.consume_all()
    stage.move(CUP, 2)
    stage.publish_all()
    assert rebuild(stage).is_equal
    assert stage.whereabouts() == {CUP: 1}
    stage.consume_all()
    assert stage.whereabouts() == {CUP: 2}


def test_an_empty_database_gets_its_copies_and_is_told_nothing_twice(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.publish_all()
    report = rebuild(stage)
    assert report.from_nothing
    assert stage.whereabouts() == {CUP: 2}
    stage.move(PLATE, 7)
    stage.publish_all()
    stage.consume_all()
    assert stage.effects() == [(PLATE, 7)]
    assert stage.whereabouts() == {CUP: 2, PLATE: 7}


def test_what_could_not_be_applied_when_it_came_does_not_stop_a_rebuild(stage: Stage) -> None:
    """It is in the log for ever; the copies are those of the event before it, as they live."""

    def never_two(session, moved) -> None:
        if moved.step == 2:
            raise NotKnownYet("what it adds to")
        stage.keep_whereabouts(session, moved)

    [copies] = stage.copies.values()
    copies[0].apply = never_two
    stage.produce(b"[" * 200_000, headers_of(stage))  # nothing that can be read, either
    stage.move(CUP, 1, 2)
    stage.move(PLATE, 5, 2, 6)
    others = [UUID(int=number) for number in range(3, 23)]
    for other in others:
        stage.move(other, 1)
    stage.publish_all()
    stage.consume_all()
    spoil(stage)
    report = rebuild(stage)
    assert (report.events, report.left_out) == (26, 2)
    assert stage.whereabouts() == {CUP: 1, PLATE: 6, **dict.fromkeys(others, 1)}
    assert rebuild(stage).is_equal


def test_a_copy_that_reaches_for_another_table_cannot_be_rebuilt(stage: Stage) -> None:
    """By construction: the replaying transaction sees the new tables alone."""
    stage.move(CUP, 1)
    stage.publish_all()
    [copies] = stage.copies.values()
    copies[0].apply = stage.note_the_move
    with pytest.raises(Exception, match=f'relation "{effects.name}" does not exist'):
        rebuild(stage)
    assert stage.effects() == []


def test_after_a_rewind_a_database_from_a_backup_catches_up(stage: Stage) -> None:
    """The group's positions are Kafka's, and do not go back with the database."""
    stage.move(CUP, 1)
    stage.publish_all()
    stage.consume_all()
    stage.move(CUP, 2, 3)
    stage.publish_all()
    stage.consume_all()
    with stage.subscriber_database.begin() as session:  # as it was before the last two
        for table in ("effects", "inbox"):
            session.execute(text(f"DELETE FROM {table} WHERE {table}.ctid NOT IN (SELECT min(ctid) FROM {table})"))
    assert rewind.rewind(stage.bootstrap, stage.subscriber, [stage.topic], dry_run=True) == 3
    assert rewind.rewind(stage.bootstrap, stage.subscriber, [stage.topic]) == 3
    assert stage.committed() == {}
    stage.consume_all()
    assert stage.effects() == [(CUP, 1), (CUP, 2), (CUP, 3)]


def test_there_is_no_rewind_under_a_worker_that_reads(stage: Stage) -> None:
    stage.move(CUP, 1)
    stage.publish_all()
    with stage.consuming():
        eventually(lambda: stage.effects() == [(CUP, 1)])
        with pytest.raises(rewind.WorkersAtWork):
            rewind.rewind(stage.bootstrap, stage.subscriber, [stage.topic])


def test_a_deleted_topic_is_filled_again_from_the_outbox(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.publish_all()
    stage.consume_all()
    stage.make_topic_anew()
    with stage.publisher_database.begin() as session:
        everything = outbox.c.aggregatetype == stage.publisher
        assert republish.count(session, everything) == 2
        assert republish.republish(session, everything) == 2
    stage.publish_all()
    assert [int(dict(one.headers)["ce_sequence"]) for one in stage.records()] == [1, 2]
    stage.forget_offsets()
    stage.consume_all()
    assert stage.effects() == [(CUP, 1), (CUP, 2)]
    eventually(lambda: rebuild(stage).is_equal)
