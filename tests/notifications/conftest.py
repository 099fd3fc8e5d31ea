"""A post office between a real database, a real inbox, and the real accounts and bookings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import text

from deploy.local.translations import compile_all
from services.accounts import commands
from services.notifications.channels.delivery import PostOffice
from services.notifications.channels.email import MailServer
from shared.contracts import Event
from shared.db import Database
from shared.ids import new_id
from shared.messaging.context import Origin, originating_from
from shared.rooms import subscription_of
from shared.settings import Settings
from tests.notifications.events import ASSENS, COPIES, HALL, SCOUTS
from tests.notifications.parts import BookingDesk, Inbox, an_inbox
from tests.notifications.shifts import ShiftOffice
from tests.support.town_hall import TownHall, serving
from tests.volunteers.town import NOW, on

SUBSCRIPTION = subscription_of("notifications")

React = Callable[..., str]
OfficeTo = Callable[[int], PostOffice]

NOWHERE = "http://127.0.0.1:1"
ASSOCIATIONS = """navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt
Haarby Spejdergruppe;;nej;Haarby;børn og unge;64;12;
"""


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    compile_all()


@pytest.fixture(scope="session")
def _running_inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    with an_inbox(str(tmp_path_factory.mktemp("mail"))) as inbox:
        yield inbox


@pytest.fixture
def inbox(_running_inbox: Inbox) -> Inbox:
    _running_inbox.clear()
    return _running_inbox


@pytest.fixture
def town_hall(database_of: Callable[[str], Database]) -> Iterator[TownHall]:
    """Mette borrows, Jens chairs the scouts, Ole works at the depot, Hanne manages the hall and reads English."""
    with serving(TownHall(database_of("accounts"))) as hall:
        with hall.database.begin() as session:
            commands.import_associations(session, ASSOCIATIONS.encode(), dry_run=False)
        hall.make_member(SCOUTS, hall.add("Mette Holm"), "booker")
        hall.make_member(SCOUTS, hall.add("Jens Friis"), "chair")
        hall.make_staff(hall.add("Ole Skov"), "depot_staff", "depot", ASSENS)
        hall.make_staff(hall.add("Hanne Bach", "en"), "facility_manager", "facility", HALL)
        yield hall


@pytest.fixture
def desk(database_of: Callable[[str], Database], town_hall: TownHall) -> Iterator[BookingDesk]:
    with serving(BookingDesk(database_of("bookings"), town_hall)) as desk:
        yield desk


@pytest.fixture
def shift_office(
    database_of: Callable[[str], Database], town_hall: TownHall, react: React, moved_clock: Callable[[datetime], None]
) -> Iterator[ShiftOffice]:
    moved_clock(on(NOW))
    with serving(ShiftOffice(database_of("volunteers"), town_hall, react)) as office:
        yield office


@pytest.fixture
def database(database_of: Callable[[str], Database]) -> Database:
    return database_of("notifications")


@pytest.fixture
def react(database: Database) -> React:
    """Apply an event as the consumer does. Returns its id; give one to apply it again."""

    def apply(event: Event, event_id: str = "") -> str:
        event_id = event_id or str(new_id())
        with originating_from(Origin("", event_id)), database.begin() as session:
            SUBSCRIPTION.apply(session, event)
        return event_id

    for copy in COPIES:
        apply(copy)
    return apply


@pytest.fixture
def office_to(database: Database, town_hall: TownHall, desk: BookingDesk, request: pytest.FixtureRequest) -> OfficeTo:
    """A post office that hands its mails to the server on that port."""

    def make(smtp_port: int) -> PostOffice:
        shift_office = request.getfixturevalue("shift_office") if "shift_office" in request.fixturenames else None
        config = Settings(
            smtp_port=smtp_port,
            portal_url="https://kommunity.example",
            accounts_url=town_hall.url,
            bookings_url=desk.url,
            volunteers_url=shift_office.url if shift_office else NOWHERE,
        )
        return PostOffice.of(database, config, MailServer(config, 0.5))

    return make


@pytest.fixture
def office(office_to: OfficeTo, inbox: Inbox) -> PostOffice:
    return office_to(inbox.smtp_port)


@pytest.fixture
def make_all_due(database: Database) -> Callable[[], None]:
    """As if every pause were over."""

    def pass_the_time() -> None:
        with database.begin() as session:
            for table in ("notices", "deliveries"):
                session.execute(text(f"UPDATE {table} SET due_at = now()"))

    return pass_the_time
