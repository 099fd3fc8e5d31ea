"""What each service copied from the log, built anew from the log, has to be what the service has."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.local.settings import SERVICES
from shared.db import Database
from shared.messaging.operations.rebuild import Rebuild, Report
from shared.rooms import copy_tables_of, subscription_of
from tests.faults.ledger import UNEQUAL, Finding
from tests.faults.town import FaultSystem


def unequal_copies(system: FaultSystem) -> Iterator[Finding]:
    for service in filter(copy_tables_of, SERVICES):
        report = _rebuilt(system, service)
        if not report.is_equal:
            tables = tuple(f"{table} ({rows} rows)" for table, rows in report.differing.items())
            yield Finding(UNEQUAL, f"{service}: copies, and what the log makes of them", tables)


def _rebuilt(system: FaultSystem, service: str) -> Report:
    """Beside the live ones, which stay."""
    database = Database(system.database_url(service))
    bootstrap, subscription = system.cluster.bootstrap, subscription_of(service)
    try:
        return Rebuild(database, bootstrap, service, subscription, copy_tables_of(service)).run(lambda _: False)
    finally:
        database.engine.dispose()
