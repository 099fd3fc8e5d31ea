"""Nobody is in two places, no role is overfull, and no offer outlives its time."""

from __future__ import annotations

from collections.abc import Iterator

from shared import clock
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town

ROLES = """
    SELECT s.title, r.name, r.capacity, r.taken, r.waiting,
           (SELECT count(*) FROM seats t WHERE t.role_id = r.id AND t.active) AS seats,
           (SELECT coalesce(sum(places), 0) FROM sign_ups u WHERE u.role_id = r.id AND u.state = 'offered') AS offered,
           (SELECT count(*) FROM sign_ups u WHERE u.role_id = r.id AND u.state = 'waiting') AS in_line
    FROM roles r JOIN shifts s ON s.id = r.shift_id
"""
TWICE = """
    SELECT a.person_id FROM seats a JOIN seats b ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
    WHERE a.active AND b.active
"""
STALE = "SELECT id, offer_until FROM sign_ups WHERE state = 'offered' AND offer_until <= %(now)s"


def faults(town: Town, _ledger: Ledger) -> Iterator[str]:
    for role in town.rows("volunteers", ROLES):
        name = f"{role.title}, {role.name}"
        if role.seats + role.offered > role.capacity:
            yield f"{name}: {role.seats} seats and {role.offered} offers on {role.capacity} places"
        if role.seats + role.offered != role.taken or role.in_line != role.waiting:
            yield f"{name}: counted as {role.taken} taken and {role.waiting} waiting, and they are {tuple(role)}"
    for row in town.rows("volunteers", TWICE):
        yield f"{row.person_id} sits in two places at once"
    for row in town.rows("volunteers", STALE, now=clock.now()):
        yield f"the offer {row.id} should have lapsed at {row.offer_until}"
