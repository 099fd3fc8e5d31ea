"""Copies converge whatever the order and however often they are told; the demo's story is told once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from services.bookings import seeds
from shared.contracts import accounts
from shared.messaging.copying import NotKnownYet
from tests.bookings.town import HANDBALL, book, depot, facility, material, numbered, some

TOLD = [
    depot("Haarby Materielgård"),
    numbered("Trailer", 2, at="Haarby Materielgård"),
    facility("Sal"),
    facility("Sal, forrest", "Sal"),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_copies_are_the_same_in_any_order_and_told_twice(town, order):
    for index in order:
        town.tell(TOLD[index])
    for index in order:
        town.tell(TOLD[index])
    who = town.person()
    found = {item["name"]: item for item in who.get("/resources?from=2027-08-14&page_size=50").json["items"]}
    assert (found["Trailer"]["place"], found["Trailer"]["free"]) == ("Haarby", 2)
    parts = who.get(f"/resources/{found['Sal']['id']}").json["parts"]
    assert [part["name"] for part in parts] == ["Sal, forrest"]
    assert town.told() == []


def test_an_association_gets_its_name_whenever_it_comes(town):
    who = town.person(HANDBALL)
    book(who, some("Stabelstol"))
    town.tell(accounts.AssociationUpdated(HANDBALL, "Glamsbjerg Ungdomshåndbold", "Glamsbjerg"))
    assert who.get("/bookings").json["items"][0]["association_name"] == "Glamsbjerg Ungdomshåndbold"


def test_stock_of_a_thing_not_known_yet_is_parked_and_can_be_told_again_after_it(town):
    with pytest.raises(NotKnownYet):
        town.stock("Ukendt", 4, 1)
    town.tell(material("Ukendt", 3))
    town.stock("Ukendt", 4, 1)
    assert town.person().get("/resources?q=ukendt").json["items"][0]["total"] == 4


def test_hand_outs_of_unknown_bookings_change_nothing(town):
    town.hand_out({"id": str(material("x").resource_id), "lines": []})
    town.take_back({"id": str(material("x").resource_id), "lines": []})
    assert town.told() == []


def stock_of_the_demo(town):
    for name, count in (("Stabelstol", 150), ("Bord-bænkesæt", 40), ("Klapbord 180 cm", 30), ("Pavillon 3x3 m", 8)):
        town.tell(material(name, count))
    town.tell(material("Kabeltromle 25 m", 12), numbered("Festtelt 6x12 m", 2, preparation_days=3))
    town.tell(material("Trillebør", 10, at="Glamsbjerg Materielgård"), facility("Glamsbjerg Demohal, halvdel A"))


def test_the_demos_story_is_told_once(town):
    stock_of_the_demo(town)
    seeds.seed(town.database, timedelta(0))
    told = len(town.told())
    seeds.seed(town.database, timedelta(0))
    assert len(town.told()) == told
    assert len(town.rows("SELECT 1 FROM bookings WHERE state = 'waiting'")) == 1
    (chairs,) = town.rows("SELECT quantity FROM booking_lines WHERE name = 'Stabelstol'")
    assert chairs.quantity == 148


def test_the_demos_story_says_what_it_lacks(town):
    with pytest.raises(LookupError, match="have not arrived"):
        seeds.seed(town.database, timedelta(0))


def test_the_api_describes_itself(town):
    spec = town.app.test_client().get("/openapi.json").json
    assert spec["openapi"] == "3.1.0"
    assert {"/bookings/check", "/resources/{resource_id}/calendar", "/slots"} <= spec["paths"].keys()
