"""What others tell is kept as they told it, however often."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts import accounts, inventory
from tests.volunteers.town import VILLAGE, Town

PERSON = UUID(int=7)


def test_proofs_and_memberships_come_and_go(town: Town) -> None:
    granted = accounts.QualificationGranted(PERSON, "trailerkort", date(2027, 12, 31))
    joined = accounts.MembershipGranted(PERSON, VILLAGE, "booker")
    town.tell(granted, granted, joined, joined)
    assert town.query("SELECT valid_until FROM qualifications") == [(date(2027, 12, 31),)]
    assert len(town.query("SELECT 1 FROM memberships")) == 1
    town.tell(accounts.QualificationEnded(PERSON, "trailerkort"), accounts.MembershipEnded(PERSON, VILLAGE, "booker"))
    assert not town.query("SELECT 1 FROM qualifications") + town.query("SELECT 1 FROM memberships")


def test_a_facility_is_a_place_but_changes_none_that_is_known(town: Town) -> None:
    def facility(name: str, in_town: str) -> inventory.FacilityUpdated:
        return inventory.FacilityUpdated(UUID(int=1), name, "sal", in_town, "Kommunen", 80, True, ())

    town.tell(facility("Tommerup Medborgersal", "Tommerup"), facility("Assens Havneplads", "Et andet sted"))
    areas = dict(town.query("SELECT name, area FROM places"))
    assert areas["Tommerup Medborgersal"] == "Tommerup"
    assert areas["Assens Havneplads"] == "Assens"
