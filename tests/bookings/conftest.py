"""The town in a real database, its clock standing in July 2027."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from deploy.local.translations import compile_all
from services.bookings.app import create_app
from shared.contracts import accounts
from shared.db import Database
from shared.settings import Environment, Settings
from tests.bookings.town import (
    GLAMSBJERG,
    HALF_A,
    HALF_B,
    HALL,
    HANDBALL,
    NOW,
    VILLAGE,
    Town,
    depot,
    facility,
    material,
    numbered,
    on,
)
from tests.support.tokens import LocalKeys


@pytest.fixture
def town(database_of: Callable[[str], Database], moved_clock: Callable[[datetime], None]) -> Town:
    """Two depots, chairs, benches, pavilions, a tent with two numbers, sand, and a hall with two halves."""
    compile_all()
    database = database_of("bookings")
    app = create_app(Settings(environment=Environment.TEST), keys=LocalKeys(), database=database)
    moved_clock(on(NOW))
    town = Town(database, app)
    town.tell(
        depot(),
        depot(GLAMSBJERG),
        material("Stabelstol"),
        material("Bord-bænkesæt", 40, preparation_days=1),
        material("Pavillon", 8, category="Telte", preparation_days=2),
        numbered("Festtelt", 2, preparation_days=3),
        material("Legesand", 12, kind="consumable", category="Grønne områder", unit_name="m³"),
        facility(HALL),
        facility(HALF_A, HALL, capacity=200),
        facility(HALF_B, HALL, capacity=200),
        accounts.AssociationUpdated(HANDBALL, "Håndbold", "Glamsbjerg"),
        accounts.AssociationUpdated(VILLAGE, "Borgerforening", "Aarup"),
    )
    return town
