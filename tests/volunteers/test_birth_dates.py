"""How old somebody is, where she is not the one who asks: accounts is asked, and asked again when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from services.volunteers import clients
from services.volunteers.reactions import ask_birth_dates
from shared.contracts import accounts
from shared.contracts.volunteers import SignUpFlagged
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.test_groups import Group
from tests.volunteers.test_offers import free_one, full, states
from tests.volunteers.test_sign_ups import join
from tests.volunteers.town import VILLAGE, Town, on, role

EMMA = "emma@kommunity.example"
GROWN, CHILD = date(1990, 6, 21), date(2012, 9, 12)


@pytest.fixture
def emma(town: Town, town_hall: TownHall, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """In the village's association; she has not signed up for anything yet. The job asks the same accounts."""
    monkeypatch.setattr(clients, "accounts_for_jobs", lambda: town.app.extensions[clients.ACCOUNTS])
    person_id = natural_id("person", town_hall.add("Emma Holm"))
    town.tell(accounts.MembershipGranted(person_id, VILLAGE, "member"))
    return town.caller(person_id, born=GROWN.isoformat())


def corrects(town: Town, town_hall: TownHall, who: UUID | None, born_on: date | None) -> None:
    """And volunteers hears of it."""
    assert who
    town_hall.born(EMMA, born_on)
    town.tell(accounts.BirthDateChanged(who))


def kept(town: Town) -> list[date | None]:
    return [
        row.born_on for row in town.query("SELECT born_on FROM volunteers WHERE born_on IS DISTINCT FROM '1980-05-17'")
    ]


def test_a_member_who_never_signed_up_is_named_where_one_must_be_grown_up(
    town: Town, town_hall: TownHall, emma: Caller
) -> None:
    group = Group(town, town_hall)
    refused = group.name(0, EMMA)
    assert (refused.status_code, slugs(refused)) == (409, ["age-unknown"])
    assert "Bed personen skrive sin fødselsdato under Min profil." in refused.json["reasons"][0]["text"]
    town_hall.born(EMMA, GROWN)
    assert group.name(0, EMMA).status_code == 200
    assert kept(town) == [GROWN]


def test_a_member_who_is_too_young_is_refused_with_all_reasons_by_id_too(
    town: Town, town_hall: TownHall, emma: Caller
) -> None:
    group = Group(town, town_hall)
    driving = town.shift("2027-08-15T08:00", roles=[role("Chauffør", 3, 1, "trailerkort")], minimum_age=18)
    group.sign_up, group.seats = group.takes(driving)
    town_hall.born(EMMA, CHILD)
    path = f"/sign-ups/{group.sign_up}/seats/{group.seats[0]}/person"
    for body in ({"email": EMMA}, {"person_id": str(emma.person_id)}):
        refused = group.chair.post(path, json=body)
        assert (refused.status_code, slugs(refused)) == (409, ["too-young", "missing-trailerkort"])
    assert kept(town) == [], "nothing is kept of whom nobody may name"


def test_who_comes_without_a_place_is_as_old_as_accounts_says(
    town: Town, town_hall: TownHall, emma: Caller, moved_clock: Callable[[datetime], None]
) -> None:
    shift = town.shift(minimum_age=18)
    moved_clock(on("2027-08-14T08:05"))
    path, body = f"/shifts/{shift.id}/walk-ins", {"role_id": str(shift.roles[0].id), "email": EMMA}
    town_hall.born(EMMA, CHILD)
    assert slugs(town.coordinator().post(path, json=body)) == ["too-young"]
    town_hall.born(EMMA, GROWN)
    assert town.coordinator().post(path, json=body).status_code == 201
    assert kept(town) == [GROWN]


def test_a_corrected_birth_date_gives_the_offer_to_the_next(town: Town, town_hall: TownHall, emma: Caller) -> None:
    shift, holder, _ = full(town, emma, town.caller())
    with town.database.begin() as session:
        session.get_one(type(shift), shift.id).minimum_age = 18
    town_hall.born(EMMA, GROWN)
    free_one(holder)
    ask_birth_dates(town.database)
    assert states(town, shift)[0] == "offered"
    corrects(town, town_hall, emma.person_id, CHILD)
    ask_birth_dates(town.database)
    assert states(town, shift)[0] == "waiting"


def test_who_is_in_and_turns_out_too_young_is_flagged_and_told_once(
    town: Town, town_hall: TownHall, emma: Caller, moved_clock: Callable[[datetime], None]
) -> None:
    town_hall.born(EMMA, GROWN)
    join(emma, town.shift(minimum_age=18))
    moved_clock(on("2027-08-08T09:00"))
    ask_birth_dates(town.database)
    assert town.told(SignUpFlagged) == []
    corrects(town, town_hall, emma.person_id, CHILD)
    for _ in range(2):
        ask_birth_dates(town.database)
    assert [(one.person_ids, one.rules) for one in town.told(SignUpFlagged)] == [((emma.person_id,), ("too-young",))]


def test_an_older_token_does_not_outlive_a_correction(town: Town, town_hall: TownHall, emma: Caller) -> None:
    """Tokens live for ten minutes, and say what they said when they were made."""
    corrects(town, town_hall, emma.person_id, CHILD)
    join(emma, town.shift())
    assert kept(town) == [GROWN]
    ask_birth_dates(town.database)
    assert kept(town) == [CHILD]


def test_while_accounts_is_away_the_question_waits(town: Town, town_hall: TownHall, emma: Caller) -> None:
    join(emma, town.shift())
    corrects(town, town_hall, emma.person_id, CHILD)
    town_hall.is_away = True
    ask_birth_dates(town.database)
    assert kept(town) == [GROWN]
    town_hall.is_away = False
    ask_birth_dates(town.database)
    assert kept(town) == [CHILD]


def test_a_correction_while_accounts_answers_is_asked_for_again(
    town: Town, town_hall: TownHall, emma: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(emma, town.shift())
    town_hall.born(EMMA, GROWN)
    real = clients.accounts_for_jobs()
    answers = iter([lambda: corrects(town, town_hall, emma.person_id, CHILD), lambda: None])

    class Slow:
        def birth_dates(self, ids):
            told = real.birth_dates(ids)
            next(answers)()
            return told

    monkeypatch.setattr(clients, "accounts_for_jobs", Slow)
    ask_birth_dates(town.database)
    assert kept(town) == [CHILD]
