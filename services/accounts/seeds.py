"""The demo's people: one of each kind, all with the same password. Told through commands; twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
    MEMBER,
    SIGNATORY,
    VOLUNTEER_COORDINATOR,
    Actor,
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
    born_on: date = date(1980, 1, 1)
    phone: str = ""
    qualifications: tuple[tuple[str, date | None], ...] = ()

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
            born_on=date(1984, 5, 17),
            phone="00 00 01 01",
            qualifications=(("trailerkort", date(2027, 6, 30)), ("foerstehjaelp", date(2029, 3, 31))),
        ),
        DemoPerson(
            "Peter Lund",
            N_("Formand for Glamsbjerg Ungdomshåndbold"),
            N_("Låner for foreningen og får besked, hvis noget mangler"),
            memberships=((HANDBALL, CHAIR), (HANDBALL, SIGNATORY)),
            born_on=date(1971, 9, 3),
            phone="00 00 01 02",
        ),
        DemoPerson(
            "Jens Friis",
            N_("Formand for Haarby Spejdergruppe"),
            N_("Låner for spejderne og får besked, hvis noget mangler"),
            memberships=((SCOUTS, CHAIR), (SCOUTS, BOOKER)),
            born_on=date(1968, 2, 24),
            phone="00 00 01 03",
            qualifications=(("boerneattest", None), ("trailerkort", None)),
        ),
        DemoPerson(
            "Birthe Krogh",
            N_("Formand for Aarup Borgerforening"),
            N_("Låner for borgerforeningen og får besked, hvis noget mangler"),
            memberships=((VILLAGE, CHAIR), (VILLAGE, BOOKER)),
            born_on=date(1962, 11, 30),
            phone="00 00 01 04",
            qualifications=(("hygiejnekursus", None), ("foerstehjaelp", date(2028, 10, 31))),
        ),
        DemoPerson(
            "Ali Demir",
            N_("Borger uden forening"),
            N_("Låner som sig selv og tager vagter"),
            born_on=date(1986, 10, 9),
            phone="00 00 01 05",
            qualifications=(("engelsk", None), ("arabisk", None)),
        ),
        DemoPerson(
            "Emma Holm",
            N_("14 år, Mettes datter, medlem af Glamsbjerg Ungdomshåndbold"),
            N_("Tager de vagter, man må som 14-årig"),
            memberships=((HANDBALL, MEMBER),),
            born_on=date(2012, 9, 12),
            phone="00 00 01 11",
        ),
        DemoPerson(
            "Noah Krag",
            N_("Frivillig med trailerkort og maskinkursus"),
            N_("Kører og sætter op til arrangementer"),
            born_on=date(1988, 1, 27),
            phone="00 00 01 12",
            qualifications=(("trailerkort", None), ("maskinkursus", date(2030, 5, 31))),
        ),
        DemoPerson(
            "Ida Bech",
            N_("Frivillig, der har erklæret børneattest"),
            N_("Hjælper, hvor der er børn"),
            born_on=date(1995, 7, 4),
            phone="00 00 01 13",
            qualifications=(("boerneattest", None), ("foerstehjaelp", date(2028, 8, 31)), ("tysk", None)),
        ),
        DemoPerson(
            "Gerda Friis",
            N_("Pensionist, 72 år, medlem af Aarup Borgerforening"),
            N_("Tager vagter om dagen, også dem for foreningens medlemmer"),
            memberships=((VILLAGE, MEMBER),),
            born_on=date(1954, 4, 22),
            phone="00 00 01 14",
            qualifications=(("hygiejnekursus", None),),
        ),
        DemoPerson(
            "Yusuf Aydin",
            N_("19 år, taler arabisk og engelsk"),
            N_("Tager vagter om aftenen og i weekenden"),
            born_on=date(2007, 11, 15),
            phone="00 00 01 15",
            qualifications=(("arabisk", None), ("engelsk", None)),
        ),
        DemoPerson(
            "Ole Skov",
            N_("Medarbejder på Assens Materielgård"),
            N_("Udleverer, tager imod og retter lageret i Assens"),
            staff_roles=(_depot("Assens Materielgård"),),
            born_on=date(1966, 4, 8),
            phone="00 00 01 06",
        ),
        DemoPerson(
            "Karen Dam",
            N_("Medarbejder på Glamsbjerg Materielgård"),
            N_("Udleverer, tager imod og retter lageret i Glamsbjerg"),
            staff_roles=(_depot("Glamsbjerg Materielgård"),),
            born_on=date(1979, 8, 19),
            phone="00 00 01 07",
        ),
        DemoPerson(
            "Hanne Bach",
            N_("Halbestyrer i Glamsbjerg Demohal"),
            N_("Godkender bookinger af hallen og dens halvdele"),
            staff_roles=(StaffRole(FACILITY_MANAGER, "facility", natural_id("facility", "Glamsbjerg Demohal")),),
            born_on=date(1974, 12, 2),
            phone="00 00 01 08",
        ),
        DemoPerson(
            "Sofie Juul",
            N_("Facilitets- og frivilligkoordinator i kommunen"),
            N_("Godkender bookinger af alle kommunens faciliteter"),
            staff_roles=(_everywhere(FACILITY_MANAGER), _everywhere(VOLUNTEER_COORDINATOR)),
            born_on=date(1990, 6, 21),
            phone="00 00 01 09",
            qualifications=(("boerneattest", None), ("engelsk", None)),
        ),
        DemoPerson(
            "Lars Vinther",
            N_("Administrator"),
            N_("Må det hele: godkender, udleverer, retter lageret og indlæser filer"),
            staff_roles=(_everywhere(ADMINISTRATOR),),
            born_on=date(1977, 3, 14),
            phone="00 00 01 10",
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
        _describe(session, person)


def _introduce(session: Session, person: DemoPerson) -> None:
    now = clock.now()
    commands.register_person(session, SYSTEM, person.email, person.name, "da", now, person_id=person.id)
    commands.set_password(session, person.id, DEMO_LOGINS.password)
    for association, role in person.memberships:
        association_id = natural_id("association", association)
        commands.grant_membership(session, SYSTEM, association_id, person.email, role, now)
    for held in person.staff_roles:
        commands.grant_staff_role(session, SYSTEM, person.email, held.role, held.scope_kind, held.scope_id, now)


def _describe(session: Session, person: DemoPerson) -> None:
    """What was not asked for when the first demos began: they learn it too."""
    known = session.get_one(Person, person.id)
    if known.born_on is not None:
        return
    herself = Actor(person.id)
    commands.change_profile(session, herself, {"born_on": person.born_on, "phone": person.phone}, known.version)
    for qualification, valid_until in person.qualifications:
        if valid_until is None or valid_until >= clock.today():
            commands.declare_qualification(session, herself, person.id, qualification, valid_until)
