"""The questions that decide everything are answered by the GiST indexes, however much is booked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import TextClause, text

from services.bookings.models.free import BUSY, TAKEN
from shared import clock
from tests.bookings.town import material_id


@pytest.mark.parametrize(("statement", "index"), [(BUSY, "ix_quantity_holds_during"), (TAKEN, "ex_unit_holds_during")])
def test_what_is_free_is_looked_up_by_resource_and_time_together(town, statement: TextClause, index):
    """A parameter of the wrong type would leave the index aside. Few rows are read whole, hence the settings."""
    asked = {
        "resources": [material_id("Stabelstol")],
        "starts": [clock.now()],
        "ends": [clock.now() + timedelta(days=3)],
    }
    explain = text(f"EXPLAIN {statement.text}").bindparams(*statement._bindparams.values())
    with town.database.begin() as session:
        for way in ("seqscan", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = [row[0].strip() for row in session.execute(explain, asked)]
    assert any(re.search(rf"Index (Only )?Scan using {index} ", line) for line in plan), plan
    (condition,) = [line for line in plan if line.startswith("Index Cond:") and "&&" in line]
    assert "_id = " in condition
