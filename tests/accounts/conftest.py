"""A small municipality in a real database, and people who call accounts with tokens of their rights."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask

from deploy.local.translations import compile_all
from services.accounts import commands
from services.accounts.app import create_app
from services.accounts.commands.rights import SYSTEM
from shared import clock
from shared.actors import StaffRole
from shared.db import Database
from shared.ids import natural_id
from shared.settings import Environment, Settings
from tests.support.client import Caller
from tests.support.tokens import LocalKeys

HEADINGS = "navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt"
HANDBALL, SCOUTS = "Glamsbjerg Ungdomshåndbold", "Haarby Spejdergruppe"
ASSOCIATIONS = f"""{HEADINGS}
{HANDBALL};10000001;ja;Glamsbjerg;børn og unge;212;18;01.09.2021
{SCOUTS};;nej;Haarby;børn og unge;64;12;
"""
PASSWORD = "en lang og god adgangskode"


def association_id(name: str) -> UUID:
    return natural_id("association", name)


class Town:
    """Builds what a test needs, through commands."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.begin() as session:
            commands.import_associations(session, ASSOCIATIONS.encode(), dry_run=False)

    def person(self, name: str, password: str = "") -> UUID:
        with self.database.begin() as session:
            person_id = commands.register_person(session, SYSTEM, email(name), name, "da", clock.now())
            if password:
                commands.set_password(session, person_id, password)
        return person_id

    def member(self, name: str, association: str, role: str) -> UUID:
        """Returns the membership's id."""
        with self.database.begin() as session:
            return commands.grant_membership(
                session, SYSTEM, association_id(association), email(name), role, clock.now()
            )

    def staff(self, name: str, role: str, scope_kind: str = "municipality", scope_id: UUID | None = None) -> UUID:
        """Returns the id of the role held."""
        with self.database.begin() as session:
            return commands.grant_staff_role(session, SYSTEM, email(name), role, scope_kind, scope_id, clock.now())


def email(name: str) -> str:
    return f"{name.split()[0].lower()}@kommunity.example"


@pytest.fixture
def database(database_of: Callable[[str], Database]) -> Database:
    return database_of("accounts")


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


@pytest.fixture
def config() -> Settings:
    return Settings(environment=Environment.TEST)


@pytest.fixture
def app(database: Database, config: Settings) -> Flask:
    """Accounts, believing the tokens that tests sign."""
    compile_all()
    return create_app(config, database=database, keys=LocalKeys())


@pytest.fixture
def people(town: Town, app: Flask) -> dict[str, Caller]:
    """One of each kind, by what they are; "nobody" is not signed in."""
    depot = uuid4()
    chair, signatory, booker, member, outsider, clerk, boss = (
        town.person(name)
        for name in ("Peter Lund", "Sara Toft", "Mette Holm", "Nina Vest", "Ali Demir", "Ole Skov", "Lars Vinther")
    )
    town.member("Peter", HANDBALL, "chair")
    town.member("Sara", HANDBALL, "signatory")
    town.member("Mette", HANDBALL, "booker")
    town.member("Nina", HANDBALL, "member")
    town.staff("Ole", "depot_staff", "depot", depot)
    town.staff("Lars", "administrator")
    handball = association_id(HANDBALL)
    return {
        "nobody": Caller(app),
        "outsider": Caller(app, outsider),
        "member": Caller(app, member),
        "booker": Caller(app, booker, {handball: ["booker"]}),
        "signatory": Caller(app, signatory, {handball: ["signatory"]}),
        "chair": Caller(app, chair, {handball: ["chair"]}),
        "depot staff": Caller(app, clerk, staff=[str(StaffRole("depot_staff", "depot", depot))]),
        "administrator": Caller(app, boss, staff=["administrator:municipality:"]),
    }
