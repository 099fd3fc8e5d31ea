"""The rows of the fault matrix that take seconds; `make test-faults` plays all of them, at length."""

from __future__ import annotations

import pytest

from tests.faults.judge import judge
from tests.faults.row import Row
from tests.faults.rows import ALL
from tests.faults.town import FaultTown

pytestmark = pytest.mark.faults
QUICK = [row for row in ALL if row.is_quick]


@pytest.mark.parametrize("row", QUICK, ids=[f"{row.id}-{row.fault}" for row in QUICK])
def test_a_fault_loses_nothing_and_doubles_nothing(disturbed_town: FaultTown, row: Row) -> None:
    verdict = judge(row, disturbed_town, quick=True)
    assert verdict.troubles == []
