"""Links in mails answer once, for what they were made for, without log-in; looking at them changes nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from services.volunteers import links
from services.volunteers.reactions import fill_lines, lapse_offers
from shared import clock
from tests.support.client import Caller, slugs
from tests.volunteers.crossing import at_once
from tests.volunteers.town import Town, role


class Offered:
    """One place, whose holder has called off: Emma is offered it, Noah is next."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.shift = town.shift(roles=[role(capacity=1)])
        self.holder, self.emma, self.noah = town.caller(), town.caller(), town.caller()
        first, emmas, noahs = (self.sign_up(one) for one in (self.holder, self.emma, self.noah))
        self.cancel(self.holder, first)
        self.emmas, self.noahs = UUID(emmas["id"]), UUID(noahs["id"])
        self.offer = links.make(links.OFFER, self.emmas, 1)

    def sign_up(self, who: Caller) -> Any:
        return who.post(f"/shifts/{self.shift.id}/sign-ups", json={"role_id": str(self.shift.roles[0].id)}).json

    def cancel(self, who: Caller, made: Any) -> None:
        assert who.post(f"/sign-ups/{made['id']}/cancel", version=made["version"], json={}).status_code == 200

    def states(self) -> dict[UUID, str]:
        rows = self.town.query("SELECT id, state FROM sign_ups")
        return {row.id: row.state for row in rows}


@pytest.fixture
def offered(town: Town) -> Offered:
    return Offered(town)


def look(town: Town, token: str) -> TestResponse:
    return town.anybody().post("/links/look", json={"token": token})


def use(town: Town, token: str, answer: str) -> TestResponse:
    return town.anybody().post("/links/use", json={"token": token, "answer": answer})


def everything(town: Town) -> list[Any]:
    tables = ("shifts", "roles", "sign_ups", "seats", "volunteers", "outbox")
    return [town.query(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def test_looking_at_a_link_changes_nothing_however_often(town: Town, offered: Offered) -> None:
    before = everything(town)
    for token in (offered.offer, links.make(links.CANCEL, offered.noahs), links.make(links.STOP_ASKING, uuid4())):
        assert [look(town, token).json["usable"] for _ in range(3)] == [True, True, True]
    assert everything(town) == before


def test_a_link_shows_no_more_than_what_it_asks(town: Town, offered: Offered) -> None:
    shown = look(town, offered.offer).json
    assert shown["sign_up"].keys() == {"state", "places", "role", "offer_until", "late"}
    assert shown["shift"].keys() == {"id", "title", "place", "starts_at", "ends_at"}
    stop = look(town, links.make(links.STOP_ASKING, uuid4())).json
    assert (stop["sign_up"], stop["shift"]) == (None, None)


def test_a_yes_is_given_once(town: Town, offered: Offered) -> None:
    answer = use(town, offered.offer, "accept")
    assert (answer.status_code, answer.json["usable"], answer.json["sign_up"]["state"]) == (200, False, "confirmed")
    for again in ("accept", "decline"):
        second = use(town, offered.offer, again)
        assert (second.status_code, second.json["slug"], slugs(second)) == (409, "link-used", ["link-used"])
    assert offered.states()[offered.emmas] == "confirmed"
    assert look(town, offered.offer).json["reason"]["slug"] == "link-used"


def test_two_taps_at_once_are_one_answer(town: Town, offered: Offered) -> None:
    answers = at_once(town, *[partial(use, town, offered.offer, answer) for answer in ("accept", "accept", "decline")])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    [(taken,)] = town.query("SELECT taken FROM roles")
    assert taken == 1


def test_a_no_passes_the_place_on(town: Town, offered: Offered) -> None:
    assert use(town, offered.offer, "decline").json["sign_up"]["state"] == "declined"
    assert offered.states()[offered.noahs] == "offered"
    assert slugs(use(town, offered.offer, "accept")) == ["link-used"]
    assert offered.states()[offered.noahs] == "offered"


def test_a_yes_that_comes_too_late_takes_nothing(town: Town, offered: Offered, moved_clock: Any) -> None:
    moved_clock(clock.now() + timedelta(days=2))
    assert slugs(use(town, offered.offer, "accept")) == ["offer-lapsed"]
    lapse_offers(town.database)
    refused = use(town, offered.offer, "accept")
    assert (refused.status_code, refused.json["slug"]) == (409, "offer-lapsed")
    assert (offered.states()[offered.emmas], offered.states()[offered.noahs]) == ("lapsed", "offered")


def test_the_link_of_one_offer_never_accepts_a_later_one(town: Town, offered: Offered) -> None:
    """She was passed over meanwhile, kept her place in line, and is offered the place again."""
    elsewhere = town.shift(title="Kaffe")
    taken = offered.emma.post(f"/shifts/{elsewhere.id}/sign-ups", json={"role_id": str(elsewhere.roles[0].id)}).json
    fill_lines(town.database)
    assert slugs(use(town, offered.offer, "accept")) == ["offer-withdrawn"]
    offered.cancel(offered.emma, taken)
    use(town, links.make(links.OFFER, offered.noahs, 1), "decline")
    assert offered.states()[offered.emmas] == "offered"
    old, new = offered.offer, links.make(links.OFFER, offered.emmas, 2)
    assert (slugs(use(town, old, "accept")), slugs(use(town, old, "decline"))) == (["older-offer"], ["older-offer"])
    assert use(town, new, "accept").status_code == 200


def test_who_no_longer_fits_is_told_all_reasons(town: Town, offered: Offered) -> None:
    elsewhere = town.shift(title="Kaffe")
    offered.emma.post(f"/shifts/{elsewhere.id}/sign-ups", json={"role_id": str(elsewhere.roles[0].id)})
    refused = use(town, offered.offer, "accept")
    assert (refused.status_code, slugs(refused)) == (409, ["overlap"])


def test_calling_off_through_a_link_passes_the_place_on(town: Town, offered: Offered) -> None:
    use(town, offered.offer, "accept")
    off = links.make(links.CANCEL, offered.emmas)
    assert use(town, off, "cancel").json["sign_up"]["state"] == "cancelled"
    assert offered.states()[offered.noahs] == "offered"
    assert slugs(use(town, off, "cancel")) == ["link-used"]


def test_who_calls_off_late_through_a_link_may_say_why(town: Town, offered: Offered, moved_clock: Any) -> None:
    use(town, offered.offer, "accept")
    off = links.make(links.CANCEL, offered.emmas)
    assert look(town, off).json["sign_up"]["late"] is False
    moved_clock(offered.shift.starts_at - timedelta(hours=3))
    assert look(town, off).json["sign_up"]["late"] is True
    body = {"token": off, "answer": "cancel", "reason": "Feber"}
    assert town.anybody().post("/links/use", json=body | {"reason": "x" * 501}).status_code == 422
    assert town.anybody().post("/links/use", json=body).status_code == 200
    [(why,)] = town.query("SELECT ended_reason FROM sign_ups WHERE id = :id", id=offered.emmas)
    assert why == "Feber"


def test_after_the_start_a_link_calls_nothing_off(town: Town, offered: Offered, moved_clock: Any) -> None:
    use(town, offered.offer, "accept")
    moved_clock(offered.shift.starts_at)
    assert slugs(use(town, links.make(links.CANCEL, offered.emmas), "cancel")) == ["shift-started"]


def test_whoever_wants_no_more_questions_says_so_once(town: Town) -> None:
    emma = town.caller()
    stop = links.make(links.STOP_ASKING, emma.person_id)
    assert use(town, stop, "stop").json["usable"] is False
    assert emma.get("/preferences").json["may_be_asked"] is False
    assert slugs(use(town, stop, "stop")) == ["link-used"]


def test_a_link_for_one_thing_does_no_other(town: Town, offered: Offered) -> None:
    off, stop = links.make(links.CANCEL, offered.emmas), links.make(links.STOP_ASKING, offered.emma.person_id)
    for token, answer in ((off, "accept"), (off, "stop"), (stop, "accept"), (offered.offer, "cancel")):
        refused = use(town, token, answer)
        assert (refused.status_code, refused.json["slug"]) == (400, "other-purpose")
    assert offered.states()[offered.emmas] == "offered"


def forged(sign_up_id: UUID) -> list[str]:
    content = [links.OFFER, sign_up_id.hex, 1]
    real = links.make(*content[:1], sign_up_id, 1)
    payload, signature = real.split(".")
    return [
        "",
        "vrøvl",
        payload,
        f"{payload}.",
        f"{payload}.{signature[::-1]}",
        f"{links.make(links.CANCEL, sign_up_id).split('.')[0]}.{signature}",
        links.make(links.OFFER, uuid4(), 1).split(".")[0] + "." + signature,
        URLSafeSerializer("another secret", salt="kommunity-volunteers-links").dumps(content),
        URLSafeSerializer("demo-link-secret", salt="another purpose").dumps(content),
    ]


def test_a_forged_or_changed_link_opens_nothing(town: Town, offered: Offered) -> None:
    for token in forged(offered.emmas):
        for response in (look(town, token), use(town, token, "accept")):
            assert (response.status_code, response.json["slug"]) == (400, "forged-link"), token
    assert offered.states()[offered.emmas] == "offered"


def test_a_link_about_nothing_is_not_found(town: Town) -> None:
    for token in (links.make(links.OFFER, uuid4(), 1), links.make(links.CANCEL, uuid4())):
        assert look(town, token).status_code == 404
    assert use(town, links.make(links.CANCEL, uuid4()), "cancel").status_code == 404
