"""A volunteer's pages, as somebody on a phone without scripts meets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.portal.conftest import ME, Services, Visitor
from tests.portal.shifts import (
    DRIVER,
    FULL,
    KIOSK,
    MINE,
    NO_LICENCE,
    SEAT,
    SHIFT,
    SWAP,
    TOO_YOUNG,
    a_page,
    a_role,
    a_shift,
    a_sign_up,
)
from tests.support.tokens import token
from tests.support.town import SCOUTS


@pytest.fixture
def jens(visitor: Visitor, services: Services) -> Visitor:
    """Jens, 30, chair of the scouts, for whom he acts while he borrows things."""
    visitor.log_in(services, token(SCOUTS))
    services.answer("GET", "/accounts/people/names", {"names": {}})
    services.answer("GET", f"/volunteers/shifts/{SHIFT}", a_shift())
    services.answer("GET", f"/volunteers/sign-ups/{MINE}", a_sign_up())
    return visitor


def take(visitor: Visitor, **fields: str) -> TestResponse:
    return visitor.send(f"/vagter/{SHIFT}/tilmeld", **({"role_id": KIOSK, "do": "take"} | fields))


def test_shifts_stand_by_day_with_time_place_and_free_places(visitor: Visitor, services: Services) -> None:
    later = a_shift(SWAP, "Oprydning", starts_at="2027-08-15T22:00:00+02:00", ends_at="2027-08-16T02:00:00+02:00")
    services.answer("GET", "/volunteers/shifts", a_page(a_shift(), later))
    page = visitor.see("/vagter?fra=2027-08-14&tid=weekend")
    found = re.sub(r"<[^>]+>|\s+", " ", page.text)
    found = re.sub(" +", " ", found)
    assert "lørdag 14.08.2027 11.00–16.00" in found
    assert "22.00–02.00 næste dag" in found
    assert "3 af 8 pladser ledige" in found
    asked = services.calls("GET", "/volunteers/shifts")[-1].args
    assert (asked["from"], asked["when"]) == ("2027-08-14", "weekend")


def test_shifts_one_may_not_take_are_folded_under_with_all_reasons_and_what_helps(
    visitor: Visitor, services: Services
) -> None:
    shut = a_shift(SWAP, "Kørsel", a_role(may=False, reasons=[TOO_YOUNG, NO_LICENCE]))
    services.answer("GET", "/volunteers/shifts", a_page(a_shift(), shut))
    open_ones, folded = visitor.see("/vagter").text.split("Vagter, du ikke kan tage (1)")
    assert "Kaffe og kiosk" in open_ones
    assert TOO_YOUNG["text"] in folded
    assert re.search(rf'{NO_LICENCE["text"]} <a href="/profil#beviser">', folded)
    assert "Tag vagten" not in folded


def test_a_card_says_that_a_shift_is_for_members_only(visitor: Visitor, services: Services) -> None:
    members = a_shift(audience="association", audience_name="Haarby Spejdergruppe")
    services.answer("GET", "/volunteers/shifts", a_page(members))
    assert "Kun for Haarby Spejdergruppe" in visitor.see("/vagter").text


def test_each_role_has_its_own_button(visitor: Visitor, services: Services) -> None:
    roles = a_role(), a_role(DRIVER, "Chauffør", may=False, reasons=[NO_LICENCE])
    services.answer("GET", "/volunteers/shifts", a_page(a_shift(SHIFT, "Kiosk og kørsel", *roles)))
    page = visitor.see("/vagter").text
    assert page.count('name="role_id"') == 1
    assert f'name="role_id" value="{KIOSK}"' in page
    assert "Hvorfor kan jeg ikke tage den?" in page


def test_an_empty_list_begins_at_the_next_day_that_has_a_shift(visitor: Visitor, services: Services) -> None:
    services.answer("GET", "/volunteers/shifts", a_page(next_day="2027-08-14"))
    services.answer("GET", "/volunteers/shifts", a_page(a_shift()))
    assert "Kaffe og kiosk" in visitor.see("/vagter").text
    assert services.calls("GET", "/volunteers/shifts")[-1].args["from"] == "2027-08-14"


def test_who_is_not_logged_in_comes_back_to_the_same_shift_with_one_tap_left(
    visitor: Visitor, services: Services
) -> None:
    services.answer("GET", f"/volunteers/shifts/{SHIFT}", a_shift())
    answer = take(visitor)
    assert answer.location == f"/login?next=/vagter/{SHIFT}?rolle%3D{KIOSK}"
    assert services.calls("POST", f"/volunteers/shifts/{SHIFT}/sign-ups") == []
    visitor.log_in(services)
    services.answer("GET", "/accounts/people/names", {"names": {}})
    page = visitor.see(f"/vagter/{SHIFT}?rolle={KIOSK}").text
    ready = page[page.index("v-ready") : page.index("<h1>")]
    assert "Tag vagten" in ready


def test_one_takes_a_shift_for_oneself_whomever_one_acts_for(jens: Visitor, services: Services) -> None:
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", a_sign_up(), 201)
    answer = take(jens)
    assert (answer.status_code, answer.location) == (303, f"/mine-vagter/{MINE}?ny=ja")
    sent = services.calls("POST", f"/volunteers/shifts/{SHIFT}/sign-ups")[-1]
    assert "Kommunity-Acting-For" not in sent.headers
    assert sent.json == {"role_id": KIOSK, "accept_waiting": False}
    assert sent.headers["Idempotency-Key"]


def test_a_child_s_age_is_asked_where_children_may_come(jens: Visitor, services: Services) -> None:
    too_young = {**TOO_YOUNG, "slug": "child-too-young", "field": "child_age", "text": "Barnet skal være fyldt 9 år."}
    services.answers["GET", f"/volunteers/shifts/{SHIFT}"] = [(200, a_shift(child_minimum_age=9))]
    assert 'name="child_age"' in jens.see(f"/vagter/{SHIFT}").text
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", {"slug": "no", "reasons": [too_young]}, 409)
    refused = take(jens, with_child="ja", child_age="8", do="wait").text
    sent = services.calls("POST", f"/volunteers/shifts/{SHIFT}/sign-ups")[-1].json
    assert (sent["with_child"], sent["child_age"]) == (True, 8)
    assert 'id="child_age-error"' in refused
    assert re.search(r'id="child_age"[^>]*value="8"', refused)
    services.answers["GET", f"/volunteers/shifts/{SHIFT}"] = [(200, a_shift(children_welcome=False))]
    page = jens.see(f"/vagter/{SHIFT}").text
    assert 'name="child_age"' not in page
    assert "Kan ikke komme med" in page


def test_how_to_reach_a_contact_is_shown_where_it_is_told(jens: Visitor, services: Services) -> None:
    contact = {"contact_name": "Bodil Krag", "contact_phone": "12 34 56 78", "contact_email": "bodil@kommunity.example"}
    shift = a_shift(**contact, state="published", contact="Sofie")
    services.answers["GET", f"/volunteers/sign-ups/{MINE}"] = [(200, a_sign_up(shift=shift, places=2, child_age=8))]
    page = jens.see(f"/mine-vagter/{MINE}").text
    for words in ("Bodil Krag", 'href="tel:12345678"', 'href="mailto:bodil@kommunity.example"', "barn på 8 år"):
        assert words in page
    assert "Sofie" not in page


def test_asking_for_a_swap_says_nothing_of_the_address(jens: Visitor, services: Services) -> None:
    services.answer("POST", f"/volunteers/sign-ups/{MINE}/swaps", {"id": SWAP}, 201)
    answer = jens.send(f"/mine-vagter/{MINE}/byt", email="ingen@kommunity.example")
    assert "Har adressen en konto, får personen besked nu." in jens.see(answer.location).text


def test_places_for_an_association_are_taken_in_its_name(jens: Visitor, services: Services) -> None:
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", a_sign_up(places=5), 201)
    take(jens, places="5", do="wait")
    sent = services.calls("POST", f"/volunteers/shifts/{SHIFT}/sign-ups")[-1]
    assert sent.headers["Kommunity-Acting-For"] == str(SCOUTS)
    assert sent.json["places"] == 5


@pytest.mark.parametrize("changes", [{"may": False}, {"mine": {"id": MINE, "state": "confirmed", "role_id": KIOSK}}])
def test_a_booker_takes_places_for_others_where_she_may_not_or_is_on_it(
    changes: Any, jens: Visitor, services: Services
) -> None:
    shut = a_shift(SHIFT, "Kaffe", a_role(may=False, reasons=[TOO_YOUNG]), **({"mine": None} | changes))
    if shut["mine"]:
        shut["mine"] |= {"places": 1, "position": None, "offer_until": None}
    services.answers["GET", f"/volunteers/shifts/{SHIFT}"] = [(200, shut)]
    form = jens.see(f"/vagter/{SHIFT}").text.split("Tag pladser for Haarby Spejdergruppe")[1]
    assert f'name="role_id" value="{KIOSK}"' in form
    assert "Opgave: <strong>Kiosk</strong>" in form
    assert 'name="with_child"' not in form
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", {"slug": "full", "reasons": [FULL]}, 409)
    assert FULL["text"] in take(jens, places="3", do="wait").text


def test_a_place_taken_meanwhile_is_said_and_the_line_is_offered_not_chosen(jens: Visitor, services: Services) -> None:
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", {"slug": "full", "reasons": [FULL]}, 409)
    services.answers["GET", f"/volunteers/shifts/{SHIFT}"] = [(200, a_shift(SHIFT, "Kaffe", a_role(taken=8)))]
    answer = take(jens)
    assert answer.status_code == 409
    assert FULL["text"] in answer.text
    assert "Skriv mig på ventelisten" in answer.text


def test_all_reasons_against_are_shown_with_what_helps(jens: Visitor, services: Services) -> None:
    refusal = {"slug": "not-eligible", "reasons": [TOO_YOUNG, NO_LICENCE]}
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/sign-ups", refusal, 409)
    page = take(jens).text
    assert TOO_YOUNG["text"] in page
    assert NO_LICENCE["text"] in page
    assert 'href="/profil#beviser"' in page


def test_a_taken_shift_can_be_undone_at_once(jens: Visitor, services: Services) -> None:
    page = jens.see(f"/mine-vagter/{MINE}?ny=ja").text
    assert "Fortryd" in page
    services.answer("POST", f"/volunteers/sign-ups/{MINE}/cancel", a_sign_up("cancelled"))
    answer = jens.send(f"/mine-vagter/{MINE}/afbud", undo="ja", version="3")
    assert answer.location == "/vagter"
    assert services.calls("POST", f"/volunteers/sign-ups/{MINE}/cancel")[-1].headers["If-Match"] == '"3"'


@pytest.mark.parametrize(
    ("sign_up", "words"),
    [
        (a_sign_up("waiting", position=2), "Du er nr. 2 på ventelisten"),
        (
            a_sign_up("offered", offer_until="2027-08-10T20:00:00+02:00"),
            "Tilbud til dig indtil tirsdag 10.08.2027 kl. 20",
        ),
        (a_sign_up(places=5), "I er med, 5 pladser"),
    ],
)
def test_ones_own_state_is_said_in_words(sign_up: Any, words: str, jens: Visitor, services: Services) -> None:
    services.answers["GET", f"/volunteers/sign-ups/{MINE}"] = [(200, sign_up)]
    assert words in jens.see(f"/mine-vagter/{MINE}").text


def test_a_place_that_was_swapped_is_said_to_be(jens: Visitor, services: Services) -> None:
    services.answers["GET", f"/volunteers/sign-ups/{MINE}"] = [(200, a_sign_up("cancelled", swapped=True))]
    page = jens.see(f"/mine-vagter/{MINE}").text
    assert "Byttet" in page
    assert "Du meldte afbud" not in page


def test_whom_a_group_has_named_may_take_her_name_away(jens: Visitor, services: Services) -> None:
    others = "00000000-0000-0000-0000-000000000099"
    seat = {"id": SEAT, "kind": "named", "person_id": ME["id"], "attendance": "expected", "checked_in_at": None}
    named = a_sign_up(association_id=others, places=3, seats=[seat], may_cancel=False)
    named["shift"] |= {"starts_at": "2097-08-14T11:00:00+02:00", "ends_at": "2097-08-14T16:00:00+02:00"}
    here = named | {"seats": [seat | {"attendance": "present"}]}
    services.answers["GET", f"/volunteers/sign-ups/{MINE}"] = [(200, here), (200, named)]
    assert "Jeg kan ikke alligevel" not in jens.see(f"/mine-vagter/{MINE}").text
    assert "Jeg kan ikke alligevel" in jens.see(f"/mine-vagter/{MINE}").text
    services.answer("POST", f"/volunteers/sign-ups/{MINE}/seats/{SEAT}/person", seat | {"person_id": None})
    answer = jens.send(f"/mine-vagter/{MINE}/pladser/{SEAT}", email="", do="leave")
    assert answer.location == "/mine-vagter"
    assert services.calls("POST", f"/volunteers/sign-ups/{MINE}/seats/{SEAT}/person")[-1].json == {"email": None}


def test_a_reason_is_asked_for_only_when_it_is_late(jens: Visitor, services: Services) -> None:
    assert "Vil du sige hvorfor?" not in jens.see(f"/mine-vagter/{MINE}/afbud").text
    services.answers["GET", f"/volunteers/sign-ups/{MINE}"] = [(200, a_sign_up(late=True))]
    page = jens.see(f"/mine-vagter/{MINE}/afbud").text
    assert "Vil du sige hvorfor?" in page
    assert "Du skal ikke finde en afløser" in page


def test_an_offer_that_lapsed_meanwhile_is_explained(jens: Visitor, services: Services) -> None:
    services.refuse("POST", f"/volunteers/sign-ups/{MINE}/accept", 409, "offer-lapsed", **{"": "Tilbuddet er udløbet."})
    answer = jens.send(f"/mine-vagter/{MINE}/ja", version="3")
    assert answer.status_code == 409
    assert "Tilbuddet er udløbet." in answer.text


LINK: dict[str, Any] = {
    "purpose": "offer",
    "usable": True,
    "reason": None,
    "sign_up": {"state": "offered", "places": 1, "role": "Kiosk", "offer_until": "2027-08-10T20:00:00+02:00"},
    "shift": {
        key: value for key, value in a_shift().items() if key in ("id", "title", "place", "starts_at", "ends_at")
    },
}


def test_a_link_in_a_mail_is_looked_at_without_log_in_and_changes_nothing(visitor: Visitor, services: Services) -> None:
    services.answer("POST", "/volunteers/links/look", LINK)
    services.answer("POST", "/volunteers/links/use", LINK)
    page = visitor.see("/tilbud/abc.def")
    assert page.status_code == 200
    assert "Ja tak, jeg tager den" in page.text
    assert services.calls("POST", "/volunteers/links/use") == []
    done = visitor.send("/tilbud/abc.def", seen="/tilbud/abc.def", do="accept")
    assert "Du er med" in done.text
    assert services.calls("POST", "/volunteers/links/use")[-1].json == {
        "token": "abc.def",
        "answer": "accept",
        "reason": "",
    }


def test_late_afbud_through_a_link_may_say_why(visitor: Visitor, services: Services) -> None:
    off = LINK | {"purpose": "cancel", "sign_up": LINK["sign_up"] | {"state": "confirmed", "late": False}}
    services.answer("POST", "/volunteers/links/look", off)
    services.answer("POST", "/volunteers/links/look", off | {"sign_up": off["sign_up"] | {"late": True}})
    services.answer("POST", "/volunteers/links/use", off)
    assert "Vil du sige hvorfor?" not in visitor.see("/afbud/abc.def").text
    assert "Vil du sige hvorfor?" in visitor.see("/afbud/abc.def").text
    visitor.send("/afbud/abc.def", do="cancel", reason="Feber")
    assert services.calls("POST", "/volunteers/links/use")[-1].get_json()["reason"] == "Feber"


def test_a_forged_link_and_a_used_one_say_so(visitor: Visitor, services: Services) -> None:
    services.refuse("POST", "/volunteers/links/look", 400, "forged-link", **{"": "Linket er ikke helt."})
    answer = visitor.see("/afbud/forged")
    assert (answer.status_code, "Linket er ikke helt." in answer.text) == (400, True)
    used = LINK | {"usable": False, "reason": {"slug": "link-used", "text": "Du har sagt ja."}}
    services.answers["POST", "/volunteers/links/look"] = [(200, used)]
    page = visitor.see("/tilbud/used").text
    assert "Du har sagt ja." in page
    assert 'name="do"' not in page


def test_a_second_yes_through_a_link_is_good_news(visitor: Visitor, services: Services) -> None:
    said = {"slug": "link-used", "text": "Du har sagt ja, og pladsen er din."}
    taken = LINK | {"usable": False, "reason": said, "sign_up": LINK["sign_up"] | {"state": "confirmed"}}
    services.answer("POST", "/volunteers/links/look", taken)
    services.refuse("POST", "/volunteers/links/use", 409, "link-used", **{"": said["text"]})
    answer = visitor.send("/tilbud/abc.def", do="accept")
    assert answer.status_code == 409
    assert "<h1>Du har allerede sagt ja – pladsen er din</h1>" in answer.text
    assert "Kaffe og kiosk" in answer.text


def test_without_the_code_of_the_place_nobody_can_say_to_be_there(jens: Visitor) -> None:
    page = jens.see(f"/vagter/{SHIFT}/her").text
    assert "Scan koden på plakaten" in page
    assert f'action="/vagter/{SHIFT}/her"' not in page


@pytest.mark.parametrize("path", [f"/bytte/{SWAP}", f"/mine-vagter/{MINE}/afbud", f"/mine-timer/{SEAT}"])
def test_what_is_sent_after_the_log_in_was_lost_is_said_not_to_be_saved(path: str, visitor: Visitor) -> None:
    answer = visitor.send(path)
    assert "det blev ikke gemt. Log ind, og prøv igen." in visitor.see(answer.location).text


def test_scanning_the_code_checks_nobody_in_before_the_button(jens: Visitor, services: Services) -> None:
    services.answer("POST", f"/volunteers/shifts/{SHIFT}/check-in", {})
    assert 'name="kode" value="k0de"' in jens.see(f"/vagter/{SHIFT}/her?kode=k0de").text
    assert services.calls("POST", f"/volunteers/shifts/{SHIFT}/check-in") == []
    answer = jens.send(f"/vagter/{SHIFT}/her", kode="k0de")
    assert services.calls("POST", f"/volunteers/shifts/{SHIFT}/check-in")[-1].json == {"code": "k0de"}
    assert "noteret som mødt" in jens.see(answer.location).text


@pytest.mark.parametrize(
    ("hours", "told"), [("fire", "Skriv timer og minutter som hele tal"), ("24", "Skriv højst 24 timer og 0 minutter.")]
)
def test_hours_that_cannot_be_stay_as_typed(hours: str, told: str, jens: Visitor, services: Services) -> None:
    row = {
        "seat_id": SEAT,
        "shift": a_shift(),
        "minutes": 300,
        "proposed_minutes": 300,
        "note": "",
        "question": "",
        "state": "proposed",
        "version": 1,
    }
    months = [{"month": "2027-08", "minutes": 300, "marks": [44]}]
    services.answer("GET", "/volunteers/hours", {"items": [row], "months": months, "total": 1})
    assert "Du har nået 44 timer i denne måned. Det ser kun du." in jens.see("/mine-timer").text
    answer = jens.send(f"/mine-timer/{SEAT}", hours=hours, minutes="30", note="blev længere", version="1")
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{hours}"' in answer.text
    assert 'value="blev længere"' in answer.text
    assert services.calls("POST", f"/volunteers/hours/{SEAT}/report") == []


def test_a_calendar_program_gets_what_the_service_says(visitor: Visitor, services: Services) -> None:
    services.answer("GET", "/volunteers/feeds/secret.ics", None, 304)
    answer = visitor.client.get("/kalender/secret.ics", headers={"If-None-Match": '"7"'})
    asked = services.calls("GET", "/volunteers/feeds/secret.ics")[-1]
    assert (answer.status_code, asked.headers["If-None-Match"]) == (304, '"7"')
    assert visitor.see("/kalender/revoked.ics").status_code == 404


def test_a_calendar_address_is_shown_once_with_a_link_that_opens_it(jens: Visitor, services: Services) -> None:
    made = {"id": SEAT, "kind": "area", "subject": "Assens", "name": "Assens", "token": "hemmelig"}
    services.answer("POST", "/volunteers/feeds", made, 201)
    sent = jens.send("/kalender", kind="area", subject="Assens")
    assert (sent.status_code, sent.location) == (303, "/kalender")
    page = jens.see("/kalender").text
    assert "Vagter i Assens" in page
    assert re.search(r'href="webcal://[^"]+/kalender/hemmelig.ics"', page)
    assert jens.see("/kalender").location == "/mine-vagter#kalender"
    assert len(services.calls("POST", "/volunteers/feeds")) == 1


def test_a_swap_shows_what_speaks_against_it_and_no_yes(jens: Visitor, services: Services) -> None:
    swap = {
        "id": SWAP,
        "state": "asked",
        "sign_up_id": MINE,
        "from_name": "Ida Bech",
        "to_name": "",
        "mine": False,
        "shift": a_shift(),
        "role": "Kiosk",
        "in_exchange": None,
        "may": False,
        "reasons": [NO_LICENCE],
    }
    services.answer("GET", "/volunteers/swaps", {"items": [swap]})
    page = jens.see(f"/bytte/{SWAP}").text
    assert "Ida Bech spørger, om du vil tage vagten." in page
    assert NO_LICENCE["text"] in page
    assert 'value="agree"' not in page
    services.answer("POST", f"/volunteers/swaps/{SWAP}/answer", swap)
    jens.send(f"/bytte/{SWAP}", do="decline")
    assert services.calls("POST", f"/volunteers/swaps/{SWAP}/answer")[-1].json == {"agree": False}


def test_a_birth_date_is_in_the_token_at_once(jens: Visitor, services: Services) -> None:
    new = token(SCOUTS, born="1997-01-27")
    services.answer("PATCH", "/accounts/me", ME | {"born_on": "1997-01-27", "version": 2})
    services.answer("POST", "/accounts/session/refresh", {"access_token": new, "refresh_token": "second"})
    jens.send("/profil", name="Jens", phone="", born_on="1997-01-27", version="1")
    assert services.calls("PATCH", "/accounts/me")[-1].json["born_on"] == "1997-01-27"
    services.answer("GET", "/volunteers/shifts", a_page(a_shift()))
    jens.see("/vagter")
    assert services.calls("GET", "/volunteers/shifts")[-1].headers["Authorization"] == f"Bearer {new}"


def test_a_refused_proof_keeps_what_was_chosen(jens: Visitor, services: Services) -> None:
    known = [{"qualification": "trailerkort", "name": "trailerkort", "may_expire": True}]
    services.answer("GET", "/accounts/me/qualifications", {"items": [], "known": known})
    services.answer("GET", "/accounts/me/invitations", {"invitations": []})
    services.refuse("POST", "/accounts/me/qualifications", 422, "invalid", valid_until="Beviset er udløbet.")
    answer = jens.send("/profil/beviser", qualification="trailerkort", valid_until="2020-01-01")
    assert answer.status_code == 422
    assert 'href="#valid_until"' in answer.text
    assert 'value="2020-01-01"' in answer.text


def test_the_front_page_is_there_while_volunteers_is_away(jens: Visitor, services: Services) -> None:
    services.answer("GET", "/volunteers/sign-ups", {"slug": "database-unavailable", "reasons": []}, 503)
    page = jens.see("/")
    assert page.status_code == 200
    assert 'href="/vagter"' in page.text
