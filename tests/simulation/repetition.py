"""The whole log once more: nothing changes, in any table of any service."""

from __future__ import annotations

from tests.simulation.rest import read_all
from tests.simulation.town import Town, Violation


def check(town: Town) -> None:
    """Raises Violation if a service changes when it reads everything anew."""
    before = _hashes(town)
    for worker in town.workers.values():
        town.log.committed[worker.service].clear()
        worker.die()
        read_all(worker)
    changed = [name for name, value in _hashes(town).items() if value != before[name]]
    if changed:
        raise Violation(f"reading the log once more changed {', '.join(changed)}")


def _hashes(town: Town) -> dict[str, str]:
    return {
        f"{service}.{row.name}": row.hash
        for service, query in town.stores.hashing.items()
        for row in town.rows(service, query)
    }
