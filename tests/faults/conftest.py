"""The quick rows play in one town, made when the first of them is played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.town import FaultTown, fault_town


@pytest.fixture(scope="module")
def disturbed_town() -> Iterator[FaultTown]:
    with fault_town() as town:
        yield town
