"""Ids that sort by time."""

from datetime import UTC, datetime, timedelta

from shared.ids import made_at, new_id


def test_ids_sort_as_they_were_made_also_within_a_millisecond() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_an_id_is_a_uuid_of_version_7_and_tells_when_it_was_made() -> None:
    before, one, after = datetime.now(UTC), new_id(), datetime.now(UTC)
    made = made_at(one)
    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert made is not None
    assert before - timedelta(milliseconds=1) <= made <= after
