"""The demo's people: one of each kind, all with the same password. Told through commands; twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.accounts import commands
from services.accounts.commands.rights import SYSTEM
from services.accounts.models import Person
from shared import clock
from shared.actors import (
    ADMINISTRATOR,
    BOOKER,
    CHAIR,
    DEPOT_STAFF,
    FACILITY_MANAGER,
    SIGNATORY,
    VOLUNTEER_COORDINATOR,
    StaffRole,
)
from shared.db import Database
from shared.errors import N_
from shared.ids import natural_id
from shared.settings import settings

HANDBALL, SCOUTS, VILLAGE = "Glamsbjerg Ungdomshåndbold", "Haarby Spejdergruppe", "Aarup Borgerforening"


@dataclass(frozen=True)
class DemoPerson:
    """`title` and `may` are shown beside the log-in button: who it is, and what this person can do."""

    name: str
    title: str
    may: str
    memberships: tuple[tuple[str, str], ...] = ()
    staff_roles: tuple[StaffRole, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@kommunity.example"

    @property
    def id(self) -> UUID:
        """Derived from the e-mail so that other services' stories can speak of the same people."""
        return natural_id("person", self.email)


@dataclass(frozen=True)
class DemoLogIns:
    password: str
    people: tuple[DemoPerson, ...]


def _depot(name: str) -> StaffRole:
    return StaffRole(DEPOT_STAFF, "depot", natural_id("depot", name))


def _everywhere(role: str) -> StaffRole:
    return StaffRole(role, "municipality", None)


DEMO_LOGINS = DemoLogIns(
    "kommunity",
    (
        DemoPerson(
            "Mette Holm",
            N_("Booker i Glamsbjerg Ungdomshåndbold og Haarby Spejdergruppe"),
            N_("Låner materiel og haller for sine to foreninger"),
            memberships=((HANDBALL, BOOKER), (SCOUTS, BOOKER)),
        ),
        DemoPerson(
            "Peter Lund",
            N_("Formand for Glamsbjerg Ungdomshåndbold"),
            N_("Låner for foreningen og får besked, hvis noget mangler"),
            memberships=((HANDBALL, CHAIR), (HANDBALL, SIGNATORY)),
        ),
        DemoPerson(
            "Jens Friis",
            N_("Formand for Haarby Spejdergruppe"),
            N_("Låner for spejderne og får besked, hvis noget mangler"),
            memberships=((SCOUTS, CHAIR), (SCOUTS, BOOKER)),
        ),
        DemoPerson(
            "Birthe Krogh",
            N_("Formand for Aarup Borgerforening"),
            N_("Låner for borgerforeningen og får besked, hvis noget mangler"),
            memberships=((VILLAGE, CHAIR), (VILLAGE, BOOKER)),
        ),
        DemoPerson("Ali Demir", N_("Borger uden forening"), N_("Låner som sig selv")),
        DemoPerson(
            "Ole Skov",
            N_("Medarbejder på Assens Materielgård"),
            N_("Udleverer, tager imod og retter lageret i Assens"),
            staff_roles=(_depot("Assens Materielgård"),),
        ),
        DemoPerson(
            "Karen Dam",
            N_("Medarbejder på Glamsbjerg Materielgård"),
            N_("Udleverer, tager imod og retter lageret i Glamsbjerg"),
            staff_roles=(_depot("Glamsbjerg Materielgård"),),
        ),
        DemoPerson(
            "Hanne Bach",
            N_("Halbestyrer i Glamsbjerg Demohal"),
            N_("Godkender bookinger af hallen og dens halvdele"),
            staff_roles=(StaffRole(FACILITY_MANAGER, "facility", natural_id("facility", "Glamsbjerg Demohal")),),
        ),
        DemoPerson(
            "Sofie Juul",
            N_("Facilitets- og frivilligkoordinator i kommunen"),
            N_("Godkender bookinger af alle kommunens faciliteter"),
            staff_roles=(_everywhere(FACILITY_MANAGER), _everywhere(VOLUNTEER_COORDINATOR)),
        ),
        DemoPerson(
            "Lars Vinther",
            N_("Administrator"),
            N_("Må det hele: godkender, udleverer, retter lageret og indlæser filer"),
            staff_roles=(_everywhere(ADMINISTRATOR),),
        ),
    ),
)


def seed(database: Database) -> None:
    """Register the demo's people. The associations must have been imported before."""
    if settings().is_production:
        raise RuntimeError("The demo's people have a known password and must never be in a production system.")
    database.transact(_tell)


def _tell(session: Session) -> None:
    for person in DEMO_LOGINS.people:
        if session.get(Person, person.id) is None:
            _introduce(session, person)


def _introduce(session: Session, person: DemoPerson) -> None:
    now = clock.now()
    commands.register_person(session, SYSTEM, person.email, person.name, "da", now, person_id=person.id)
    commands.set_password(session, person.id, DEMO_LOGINS.password)
    for association, role in person.memberships:
        association_id = natural_id("association", association)
        commands.grant_membership(session, SYSTEM, association_id, person.email, role, now)
    for held in person.staff_roles:
        commands.grant_staff_role(session, SYSTEM, person.email, held.role, held.scope_kind, held.scope_id, now)
