"""Outbox, log and inboxes hold the same events: none lost, none invented, each key in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from shared.contracts.base import topic_of
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town


def faults(town: Town, ledger: Ledger) -> Iterator[str]:
    for service, record, error in town.parked:
        yield f"{service} could not apply {record.topic}-{record.partition}@{record.offset}: {error!r}"
    for service in town.workers:
        yield from _lost_on_the_way_out(town, ledger, service)
        yield from _lost_on_the_way_in(town, ledger, service)
    yield from _out_of_order(ledger)


def _lost_on_the_way_out(town: Town, ledger: Ledger, service: str) -> Iterator[str]:
    rows = town.rows(service, "SELECT id, aggregateid, sequence, type, sent_at FROM outbox ORDER BY position")
    logged = {one.envelope.id for one in ledger.told if one.topic == topic_of(service)}
    for row in rows:
        if row.sent_at is None:
            yield f"{service} never sent {row.type} {row.id}"
        if str(row.id) not in logged:
            yield f"{service}'s {row.type} {row.id} is not in the log"
    for invented in logged - {str(row.id) for row in rows}:
        yield f"the log of {service} holds {invented}, which is not in the outbox"
    sequences: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        sequences[row.aggregateid].append(row.sequence)
    for key, numbers in sequences.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{service}: the events of {key} are numbered {numbers}"


def _lost_on_the_way_in(town: Town, ledger: Ledger, service: str) -> Iterator[str]:
    subscription = town.workers[service].subscription
    awaited = {one.envelope.id: one for one in ledger.told if type(one.event) in subscription}
    received = {row.event_id for row in town.rows(service, "SELECT event_id FROM inbox")}
    for missing in awaited.keys() - received:
        yield f"{service} never received {awaited[missing].envelope.type} {missing}"
    for strange in received - awaited.keys():
        yield f"{service} received {strange}, which is not in the log"


def _out_of_order(ledger: Ledger) -> Iterator[str]:
    last: dict[str, int] = {}
    for envelope, _, topic in ledger.told:
        key = f"{topic}/{envelope.subject}"
        if envelope.sequence != last.get(key, 0) + 1:
            yield f"{key}: number {envelope.sequence} first came after number {last.get(key, 0)}"
        last[key] = envelope.sequence
