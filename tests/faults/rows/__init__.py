"""The rows of the fault matrix, by what they disturb."""

from tests.faults.row import ROWS
from tests.faults.rows import brokers, crowd, databases, log, network, processes, replays, times

MODULES = (brokers, crowd, databases, log, network, processes, replays, times)
ALL = sorted(ROWS, key=lambda row: row.id)

__all__ = ["ALL", "MODULES"]
