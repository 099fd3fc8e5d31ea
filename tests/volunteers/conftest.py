"""The volunteers service on a real database, its clock standing on a Sunday in August 2027."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from deploy.local.translations import compile_all
from services.volunteers import clients
from services.volunteers.app import create_app
from services.volunteers.models import Place
from shared.contracts import accounts
from shared.db import Database
from shared.service_client import AccountsService, ServiceToken
from shared.settings import Environment, Settings
from tests.support.tokens import LocalKeys
from tests.support.town_hall import TownHall, serving
from tests.volunteers.town import NOW, SCOUTS, VILLAGE, Town, on

PLACES = [
    Place(name="Assens", area="Assens", latitude=55.2703, longitude=9.9003),
    Place(name="Assens Havneplads", area="Assens", latitude=55.2716, longitude=9.8894),
    Place(name="Aarup", area="Aarup", latitude=55.3723, longitude=10.0459),
    Place(name="Helnæs", area="Helnæs", latitude=55.1333, longitude=9.9986),
]


@pytest.fixture
def town(database_of: Callable[[str], Database], moved_clock: Callable[[datetime], None]) -> Town:
    """Two associations and a few places; no shifts yet."""
    compile_all()
    database = database_of("volunteers")
    app = create_app(Settings(environment=Environment.TEST), keys=LocalKeys(), database=database)
    moved_clock(on(NOW))
    town = Town(database, app)
    town.tell(
        accounts.AssociationUpdated(VILLAGE, "Borgerforening", "Aarup"),
        accounts.AssociationUpdated(SCOUTS, "Spejdere", "Haarby"),
    )
    with database.begin() as session:
        for place in PLACES:
            session.merge(place)
    return town


@pytest.fixture
def town_hall(town: Town, database_of: Callable[[str], Database]) -> Iterator[TownHall]:
    """Accounts, whom the town's service asks for names: `town_hall.add("Emma Holm")`."""
    with serving(TownHall(database_of("accounts"))) as hall:
        token = ServiceToken(hall.url, "volunteers", Settings().service_secret)
        town.app.extensions[clients.ACCOUNTS] = AccountsService(hall.url, token)
        yield hall
