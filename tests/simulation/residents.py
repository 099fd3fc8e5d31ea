"""Who lives in the simulated town, and what stands in it when a seed begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from services.accounts import commands as accounts
from services.accounts.commands.rights import SYSTEM
from services.inventory.commands import import_facilities, import_materials
from services.volunteers.commands.shift_states import publish
from services.volunteers.models import Place, Role, Shift
from shared import clock
from shared.actors import ADMINISTRATOR, BOOKER, CHAIR, Actor, StaffRole
from shared.ids import natural_id

if TYPE_CHECKING:
    from tests.simulation.town import Town

HANDBALL, SCOUTS = natural_id("association", "Håndbold"), natural_id("association", "Spejdere")
ASSOCIATIONS = """navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt
Håndbold;;ja;Glamsbjerg;børn og unge;{members};20;
Spejdere;;ja;{town};børn og unge;50;10;
"""
MATERIALS = """navn;kategori;art;antal;enhed;klargøringsdage;krav;levering;værdi_kr;depot
Stabelstol;Borde og bænke;udlån;{chairs};stk;0;;{delivery};100;Assens Materielgård
Pavillon;Telte;udlån;4;stk;1;;afhentning;1000;Assens Materielgård
Festtelt;Telte;udlån nummereret;2;stk;1;mindst 2 voksne;afhentning;9000;Assens Materielgård
Legesand;Grønne områder;forbrug;{sand};m³;0;;personale;50;Glamsbjerg Materielgård
"""
FACILITIES = """navn;type;by;ejer;plads_til;handicapegnet;del_af;åbner;lukker
Demohal;hal;Glamsbjerg;Kommunen;400;ja;;07.00;23.00
Demohal, halvdel A;hal;Glamsbjerg;Kommunen;200;ja;Demohal;07.00;23.00
Demohal, halvdel B;hal;Glamsbjerg;Kommunen;200;ja;Demohal;07.00;23.00
"""
MATERIAL_IDS = {
    **{name: natural_id("material", "Assens Materielgård", name) for name in ("Stabelstol", "Pavillon", "Festtelt")},
    "Legesand": natural_id("material", "Glamsbjerg Materielgård", "Legesand"),
}
HALLS = {name: natural_id("facility", name) for name in ("Demohal", "Demohal, halvdel A", "Demohal, halvdel B")}
PEOPLE = ("mette", "sofie", "ali", "emma", "noah", "lars")
LARS = "lars"  # the administrator


@dataclass(frozen=True)
class Resident:
    """Somebody who is signed in; `headers` say so."""

    id: UUID
    headers: dict[str, str]


def email_of(name: str) -> str:
    return f"{name}@kommunity.example"


def move_in(town: Town) -> None:
    """Everything is begun by commands, so that the log tells of it from its first event."""
    databases = town.stores.databases
    with databases["accounts"].begin() as session:
        accounts.import_associations(session, associations().encode(), dry_run=False)
        for name in PEOPLE:
            _register(session, name)
        accounts.grant_staff_role(session, SYSTEM, email_of(LARS), ADMINISTRATOR, "municipality", None, clock.now())
        for name, association, role in (("mette", HANDBALL, CHAIR), ("sofie", SCOUTS, BOOKER)):
            accounts.grant_membership(session, SYSTEM, association, email_of(name), role, clock.now())
    with databases["inventory"].begin() as session:
        import_materials(session, materials().encode(), dry_run=False)
        import_facilities(session, FACILITIES.encode(), dry_run=False)
    with databases["volunteers"].begin() as session:
        session.add(Place(name="Assens Havneplads", area="Assens", latitude=55.2716, longitude=9.8894))
        drafts = [_shift(number) for number in range(3)]
        session.add_all(drafts)
        session.flush()
        coordinator = Actor(person_id(LARS), staff=frozenset({StaffRole(ADMINISTRATOR, "municipality", None)}))
        publish(session, coordinator, [draft.id for draft in drafts], clock.now())
    town.residents = {name: _signed_in(town, name) for name in PEOPLE}


def associations(members: int = 100, town: str = "Haarby") -> str:
    return ASSOCIATIONS.format(members=members, town=town)


def materials(chairs: int = 12, sand: int = 9, delivery: str = "afhentning") -> str:
    return MATERIALS.format(chairs=chairs, sand=sand, delivery=delivery)


def person_id(name: str) -> UUID:
    return natural_id("person", email_of(name))


def _register(session: Session, name: str) -> None:
    now = clock.now()
    accounts.register_person(session, SYSTEM, email_of(name), name.title(), "da", now, person_id=person_id(name))


def _shift(number: int) -> Shift:
    """Two that overlap on Thursday, one on Friday; few places, one of which asks for a proof."""
    begins = clock.at(date(2027, 7, 29 + number // 2), datetime.min.time()) + timedelta(hours=10 + number)
    now = clock.now()
    shift = Shift(
        title=f"Vagt {number + 1}",
        place="Assens Havneplads",
        area="Assens",
        organiser="Kommunen",
        insurance="kommunens forsikring",
        starts_at=begins,
        ends_at=begins + timedelta(hours=4),
        created_at=now,
        changed_at=now,
    )
    proof = ["foerstehjaelp"] if number == 2 else []
    shift.roles = [
        Role(position=0, name="Opstilling", capacity=1, minimum=1, requirements=[]),
        Role(position=1, name="Samarit", capacity=1, minimum=1, requirements=proof),
    ]
    return shift


def _signed_in(town: Town, name: str) -> Resident:
    represented = {"mette": {str(HANDBALL): [CHAIR]}, "sofie": {str(SCOUTS): [BOOKER]}}.get(name, {})
    claims = {
        "sub": str(person_id(name)),
        "for": represented,
        "staff": ["administrator:municipality:"] if name == LARS else [],
        "born": "1990-01-01",
    }
    token = town.stores.apps["accounts"].extensions["kommunity_signing_key"].access_token(claims)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "da"}
    return Resident(person_id(name), headers)
