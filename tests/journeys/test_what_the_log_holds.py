"""After all that was done: nothing in the log names a person. Its name puts it behind the other journeys."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
from kafka import TopicPartition

from deploy.local.postgres import libpq
from shared.messaging import kafka_clients
from shared.messaging.operations import topics
from tests.support.town import Town


def test_nobody_is_named_in_the_log(town: Town) -> None:
    log = [text.lower() for text in everything_in(town.system.kafka_bootstrap)]
    names = personal_data_of(town)
    assert len(log) > 100
    assert len(names) > 30
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names)))})(?!\w)")
    assert [found.group() for text in log if (found := pattern.search(text))] == []


def personal_data_of(town: Town) -> set[str]:
    """Names and surnames, addresses, telephone numbers and birth dates of everybody with an account.

    A crowd that other journeys brought along goes by numbers in the surname's place, which name nobody.
    """
    with psycopg.connect(libpq(town.system.database_url("accounts"))) as connection:
        people = connection.execute("SELECT name, email, phone, born_on::text FROM people").fetchall()
    values = {value.lower() for person in people for value in person if value}
    surnames = {name.split()[-1].lower() for name, *_ in people}
    return values | {surname for surname in surnames if not surname.isdigit()}


def everything_in(bootstrap: str) -> Iterator[str]:
    """Every record of every topic, key, value and headers."""
    reader = kafka_clients.reader(bootstrap)
    every = [TopicPartition(topic.name, number) for topic in topics.described() for number in range(topic.partitions)]
    reader.assign(every)
    reader.seek_to_beginning(*every)
    ends = reader.end_offsets(every)
    while any(reader.position(partition) < end for partition, end in ends.items()):
        for records in reader.poll(timeout_ms=500).values():
            for record in records:
                parts = [record.key, record.value, *(value for _, value in record.headers)]
                yield b" ".join(part or b"" for part in parts).decode("utf-8", "replace")
    reader.close()
