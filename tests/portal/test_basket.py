"""The basket: small enough for a cookie, kept through the log-in, and honest about each line."""

from __future__ import annotations

import html
import json
import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.portal.basket import MOST_LINES, MOST_OF_ONE, Basket, Line
from services.portal.formats import end_time, half_hours
from services.portal.period import moment
from shared.clock import COPENHAGEN
from tests.portal.conftest import Services, Visitor

CHAIR = str(uuid4())
DEPOT = str(uuid4())
BOOKING = str(uuid4())
RESOURCE = {
    "id": CHAIR,
    "kind": "pool",
    "name": "Stabelstol",
    "depot_id": DEPOT,
    "category": "",
    "unit_name": "stk",
    "total": 150,
}
SLOTS = {
    "pickup": ["2027-08-13T05:00:00+00:00"],
    "return": ["2027-08-16T12:30:00+00:00"],
    "suggested": {"starts_at": "2027-08-13T05:00:00+00:00", "ends_at": "2027-08-16T12:30:00+00:00"},
}
LONG_TEXT = (
    "Håndboldstævne for børn og unge fra hele Vestfyn med fællesspisning lørdag aften, præmieoverrækkelse søndag "
    "formiddag og overnatning i telte på græsplænen ved siden af hallen. Vi regner med 240 deltagere, 35 trænere og "
    "omkring 60 frivillige, som også hjælper med at rydde op, så pladsen er ren igen mandag morgen kl. 9.30."
)
DETAILS = {"purpose": "Sommerlejr", "place_of_use": "Haarby", "terms_accepted": "ja"}


def said(**line: Any) -> dict[str, Any]:
    known = {"resource_id": CHAIR, "name": "Stabelstol", "kind": "pool", "quantity": 40, "free": 150, "total": 150}
    return {**known, "ok": True, "needs_approval": False, "reasons": [], "alternatives": [], **line}


@pytest.fixture
def borrower(visitor: Visitor, services: Services) -> Visitor:
    """Somebody with 40 chairs in the basket."""
    services.answer("GET", f"/bookings/resources/{CHAIR}", RESOURCE)
    services.answer("GET", "/bookings/slots", SLOTS)
    visitor.send(f"/ting/{CHAIR}", fra="2027-08-14", til="2027-08-15", antal="40")
    return visitor


def a_full_basket() -> Basket:
    noon = datetime(2027, 8, 14, 12, tzinfo=COPENHAGEN)
    things = [Line(str(uuid4()), MOST_OF_ONE, str(uuid4())) for _ in range(MOST_LINES - 5)]
    halls = [Line(str(uuid4()), starts_at=noon, ends_at=noon.replace(hour=17)) for _ in range(5)]
    basket = Basket(date(2027, 8, 14), date(2027, 8, 15), noon, noon, [*things, *halls])
    basket.say({"purpose": LONG_TEXT, "place_of_use": LONG_TEXT[::-1], "open_to_all": "ja", "terms_accepted": "ja"})
    return basket


def test_a_full_basket_is_the_same_after_the_cookie() -> None:
    basket = a_full_basket()
    again = Basket.load(json.loads(json.dumps(basket.dump())))
    assert again == basket


def test_a_full_basket_fits_a_cookie(visitor: Visitor) -> None:
    visitor.send("/sprog", language="en")
    with visitor.client.session_transaction() as session:
        session["basket"] = a_full_basket().dump()
        session["acting_for"] = str(uuid4())
    cookie = visitor.client.get_cookie("kommunity")
    assert cookie
    assert len(cookie.value) < 4000


def test_a_full_basket_takes_no_more_and_says_so(visitor: Visitor, services: Services) -> None:
    services.answer("GET", f"/bookings/resources/{CHAIR}", RESOURCE)
    services.answer("GET", "/bookings/resources", {"items": []})
    services.answer("GET", f"/bookings/resources/{CHAIR}/calendar", {"month": "2027-08", "days": [a_day()]})
    with visitor.client.session_transaction() as session:
        session["basket"] = a_full_basket().dump()
    page = visitor.send(f"/ting/{CHAIR}", fra="2027-08-14", til="2027-08-15", antal="40")
    assert page.status_code == 422
    assert "Kurven er fuld" in page.text


def a_day() -> dict[str, Any]:
    return {"date": "2027-08-14", "free": 3, "total": 3, "state": "free", "taken": []}


def test_each_line_tells_its_own_answer_and_what_is_free_instead(borrower: Visitor, services: Services) -> None:
    reason = {"slug": "too-few-free", "field": "lines.0.quantity", "text": "35 af 150 er ledige."}
    fewer = {"kind": "fewer", "quantity": 35, "resource_id": CHAIR, "name": "Stabelstol"}
    line = said(ok=False, reasons=[reason], alternatives=[fewer])
    services.answer("POST", "/bookings/bookings/check", {"ok": False, "reasons": [], "lines": [line]})
    page = borrower.see("/kurv")
    assert "35 af 150 er ledige." in page.text
    button = re.search(r'name="do" value="(exchange [^"]+)"', page.text)
    assert button
    services.answers.pop(("POST", "/bookings/bookings/check"))
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said(quantity=35)]})
    borrower.send("/kurv", do=button[1])
    borrower.see("/kurv")
    assert services.calls("POST", "/bookings/bookings/check")[-1].json["lines"][0]["quantity"] == 35


def test_a_basket_survives_the_log_in(borrower: Visitor, services: Services) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    assert "Log ind for at sende" in borrower.see("/kurv").text
    borrower.log_in(services)
    page = borrower.see("/kurv").text
    assert "Om bookingen" in page
    assert 'value="40"' in page


def test_empty_fields_are_told_together_and_nothing_typed_is_lost(borrower: Visitor, services: Services) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    borrower.log_in(services)
    assert borrower.send("/kurv/tjek", purpose="", place_of_use="Haarby Stadion").location == "/kurv/tjek"
    page = borrower.see("/kurv/tjek")
    assert page.status_code == 422
    assert 'href="#purpose"' in page.text
    assert 'href="#terms_accepted"' in page.text
    assert 'value="Haarby Stadion"' in page.text
    assert 'id="purpose-error"' in page.text


def test_what_was_shown_is_sent_with_the_key_of_the_page(borrower: Visitor, services: Services) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    services.answer("POST", "/bookings/bookings", {"id": BOOKING}, 201)
    borrower.log_in(services)
    borrower.send("/kurv/tjek", **DETAILS)
    page = borrower.see("/kurv/tjek").text
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(key|booking)" value="([^"]*)"', page)}
    sent = [borrower.send("/kurv/send", **fields) for _ in range(2)]
    assert {answer.location for answer in sent} == {f"/bookinger/{BOOKING}?ny=1"}
    calls = services.calls("POST", "/bookings/bookings")
    assert {call.headers["Idempotency-Key"] for call in calls} == {fields["key"]}
    assert calls[0].json["lines"] == [{"resource_id": CHAIR, "quantity": 40}]
    assert "Kurven er tom" in borrower.see("/kurv").text
    assert borrower.see("/kurv/tjek").location == "/kurv"


def test_all_that_was_typed_is_there_after_an_expired_log_in(borrower: Visitor, services: Services) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    borrower.log_in(services)
    borrower.client.delete_cookie("kommunity_login")
    borrower.send("/kurv/tjek", **DETAILS, acting_for="")
    away = borrower.see("/kurv/tjek")
    assert away.location == "/login?next=/kurv/tjek"
    assert "Du blev logget ud. Din kurv er gemt." in borrower.see(away.location).text
    borrower.log_in(services)
    page = borrower.see("/kurv/tjek").text
    assert all(text in page for text in ("Sommerlejr", "Haarby", "Dig selv", "Send booking"))


def test_what_was_typed_is_there_after_finding_more(borrower: Visitor, services: Services) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    borrower.log_in(services)
    assert borrower.send("/kurv", do="more", **DETAILS).location == "/find"
    page = borrower.see("/kurv").text
    assert 'value="Sommerlejr"' in page
    assert re.search(r'id="terms_accepted"[^>]* checked', page)
    assert not re.search(r'id="open_to_all"[^>]* checked', page)


def test_a_refused_booking_comes_back_with_all_reasons_and_what_was_typed(
    borrower: Visitor, services: Services
) -> None:
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    reason = {"slug": "none-free", "field": "lines.0.quantity", "text": "Alle 150 er lånt ud."}
    document = {"slug": "booking-refused", "reasons": [reason], "lines": [said(ok=False, reasons=[reason])]}
    services.answer("POST", "/bookings/bookings", document, 409)
    borrower.log_in(services)
    body = {"purpose": "Sommerlejr", "lines": [{"resource_id": CHAIR, "quantity": 40}]}
    page = borrower.send("/kurv/send", booking=json.dumps(body), key="k")
    assert page.status_code == 409
    assert re.search(r'href="#lines-0-quantity">Stabelstol: Alle 150 er lånt ud.', page.text)
    assert 'id="lines-0-quantity"' in page.text
    assert 'value="Sommerlejr"' in page.text


def test_days_that_bookings_refuses_are_told_at_their_field(borrower: Visitor, services: Services) -> None:
    services.answers.pop(("GET", "/bookings/slots"))
    services.refuse("GET", "/bookings/slots", 422, "invalid", to="Højst 62 dage senere.")
    services.answer("POST", "/bookings/bookings/check", {"ok": True, "reasons": [], "lines": [said()]})
    borrower.send("/kurv", fra="2027-08-14", til="2028-08-15")
    page = borrower.see("/kurv")
    assert 'href="#til">Højst 62 dage senere.' in page.text
    assert 'id="til-error"' in page.text


def test_logging_out_leaves_nothing_for_the_next_one_at_the_computer(borrower: Visitor, services: Services) -> None:
    borrower.log_in(services)
    borrower.send("/logout")
    assert "Kurven er tom" in borrower.see("/kurv").text


def test_a_hall_can_be_had_until_midnight_and_an_odd_time_stays_a_choice() -> None:
    on = date(2027, 8, 14)
    starts, ends = moment(on, "17:40"), moment(on, "24:00")
    assert starts
    assert ends == datetime(2027, 8, 15, tzinfo=COPENHAGEN)
    assert end_time(starts, ends) == "24:00"
    choices = half_hours("17:40", last="23:30")
    assert choices[0] == ("00:00", "00.00")
    assert choices[-1] == ("23:30", "23.30")
    assert ("17:40", "17.40") in choices
