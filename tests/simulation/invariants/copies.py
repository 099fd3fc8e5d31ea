"""What a service keeps of another's is what that one has."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town

# The owner and what it has, then who copies it and what she has. Both columns by column.
SAME = (
    (
        "accounts",
        "SELECT id, name, town, active FROM associations",
        "bookings",
        "SELECT id, name, town, active FROM associations",
    ),
    ("accounts", "SELECT id, name FROM associations", "inventory", "SELECT id, name FROM associations"),
    (
        "accounts",
        "SELECT id, name, active FROM associations",
        "volunteers",
        "SELECT id, name, active FROM associations",
    ),
    ("accounts", "SELECT id, name FROM associations", "notifications", "SELECT association_id, name FROM associations"),
    (
        "accounts",
        "SELECT person_id, association_id, role FROM memberships",
        "volunteers",
        "SELECT person_id, association_id, role FROM memberships",
    ),
    (
        "accounts",
        "SELECT person_id, qualification, valid_until FROM qualifications",
        "volunteers",
        "SELECT person_id, qualification, valid_until FROM qualifications",
    ),
    (
        "inventory",
        "SELECT id, name, kind, owned - broken - missing - consumed, delivery, active FROM materials",
        "bookings",
        "SELECT id, name, kind, total, delivery, active FROM resources WHERE kind <> 'facility'",
    ),
    (
        "inventory",
        "SELECT id, material_id, number FROM units WHERE state = 'usable'",
        "bookings",
        "SELECT id, resource_id, number FROM units",
    ),
    (
        "inventory",
        "SELECT id, name, parent_id, active FROM facilities",
        "bookings",
        "SELECT id, name, parent_id, active FROM resources WHERE kind = 'facility'",
    ),
    ("inventory", "SELECT id, name, town FROM depots", "bookings", "SELECT id, name, town FROM depots"),
    ("inventory", "SELECT id, name, town FROM depots", "notifications", "SELECT depot_id, name, town FROM depots"),
    ("inventory", "SELECT id, delivery FROM materials", "notifications", "SELECT resource_id, delivery FROM materials"),
    (
        "inventory",
        "SELECT id, parent_id FROM facilities",
        "notifications",
        "SELECT resource_id, parent_id FROM facilities",
    ),
    (
        "bookings",
        "SELECT id, number, person_id, association_id FROM bookings",
        "notifications",
        "SELECT booking_id, number, person_id, association_id FROM bookings",
    ),
)


def faults(town: Town, _ledger: Ledger) -> Iterator[str]:
    for owner, original, reader, copy in SAME:
        has = sorted(map(repr, map(tuple, town.rows(owner, original))))
        keeps = sorted(map(repr, map(tuple, town.rows(reader, copy))))
        if has != keeps:
            missing, extra = sorted(set(has) - set(keeps)), sorted(set(keeps) - set(has))
            yield f"“{original}” of {owner}: {reader} lacks {missing} and has {extra}"
