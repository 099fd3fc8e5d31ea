"""In, out, and on with a new access token when the old one has expired."""

from __future__ import annotations

import re
from html import unescape

from tests.portal.conftest import ME, Services, Visitor
from tests.support.tokens import token
from tests.support.town import SCOUTS

EMPTY = {"items": [], "total": 0, "page": 1, "page_size": 20}


def test_a_refused_log_in_says_why_and_keeps_the_address(visitor: Visitor, services: Services) -> None:
    services.refuse(
        "POST", "/accounts/session", 401, "wrong-credentials", **{"": "E-mail eller adgangskode er forkert."}
    )
    page = visitor.send("/login", email="jens@kommunity.example", password="forkert")
    assert page.status_code == 401
    assert "E-mail eller adgangskode er forkert." in page.text
    assert 'value="jens@kommunity.example"' in page.text
    assert 'forkert"' not in page.text


def test_the_header_says_who_one_is_and_for_whom(visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    assert "Jens – for Haarby Spejdergruppe" in visitor.see("/om").text
    visitor.send("/handl-for", association_id="")
    assert "Jens – for" not in visitor.see("/om").text


def test_the_services_learn_for_whom_one_acts(visitor: Visitor, services: Services) -> None:
    services.answer("GET", "/bookings/bookings", EMPTY)
    visitor.log_in(services)
    visitor.see("/bookinger")
    asked = services.calls("GET", "/bookings/bookings")[-1]
    assert asked.headers["Kommunity-Acting-For"] == str(SCOUTS)
    assert asked.headers["Authorization"].startswith("Bearer ")


def test_an_expired_token_is_renewed_once_without_being_noticed(visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    new = token(SCOUTS, jti="new")
    services.answer("GET", "/bookings/bookings", {"slug": "unauthenticated", "reasons": []}, 401)
    services.answer("GET", "/bookings/bookings", EMPTY)
    services.answer("POST", "/accounts/session/refresh", {"access_token": new, "refresh_token": "second"})
    assert visitor.see("/bookinger").status_code == 200
    assert visitor.see("/bookinger").status_code == 200
    assert len(services.calls("POST", "/accounts/session/refresh")) == 1
    assert services.calls("GET", "/bookings/bookings")[-1].headers["Authorization"] == f"Bearer {new}"


def test_an_ended_log_in_leads_to_the_log_in_and_back(visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    services.refuse("GET", "/bookings/bookings", 401, "unauthenticated")
    services.refuse("POST", "/accounts/session/refresh", 401, "session-over")
    assert visitor.see("/bookinger").location == "/bookinger"
    assert visitor.see("/bookinger").location == "/login?next=/bookinger"


def test_a_form_that_meets_an_ended_log_in_can_be_sent_after_the_next_one(visitor: Visitor, services: Services) -> None:
    typed = {"vagt": "1", "reason": 'Storm & "regn"\r\nfra vest', "email": "someone@else.example"}
    closed = visitor.send("/hold/aflys?tilbage=/hold", **typed)
    assert closed.status_code == 401
    in_part = visitor.client.post("/hold/aflys", data=typed, headers={"HX-Request": "true"})
    assert (in_part.status_code, in_part.headers["HX-Retarget"]) == (200, "main")
    assert "someone@else.example&" in closed.text
    assert 'value="someone@else.example"' not in closed.text
    kept = unescape(re.search(r'name="kept" value="([^"]+)"', closed.text)[1])  # type: ignore[index]
    services.refuse("POST", "/accounts/session", 401, "wrong-credentials", **{"": "Forkert."})
    assert 'name="kept"' in visitor.send("/login", email="a@b.example", password="x", kept=kept).text
    services.answers.pop(("POST", "/accounts/session"))
    services.answer("POST", "/accounts/session", {"access_token": token(SCOUTS), "refresh_token": "first"})
    services.answer("GET", "/accounts/me", ME)
    page = visitor.send("/login", email="a@b.example", password="kommunity", kept=kept)
    form = page.text[page.text.index('action="/hold/aflys?tilbage=/hold"') :]
    sent = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    assert typed.items() <= sent.items()
    elsewhere = visitor.send(
        "/login", email="a@b.example", password="kommunity", kept='["//evil.example",[]]', next="/om"
    )
    assert elsewhere.location == "/om"


def test_logging_out_ends_the_session_at_accounts_too(visitor: Visitor, services: Services) -> None:
    services.answer("DELETE", "/accounts/session")
    visitor.log_in(services)
    visitor.send("/logout")
    assert services.calls("DELETE", "/accounts/session")[0].json == {"refresh_token": "first"}
    assert ME["name"].split()[0] not in visitor.see("/om").text


def test_pages_go_on_while_accounts_is_away(visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    services.answers.pop(("GET", "/accounts/me"))
    services.answer("GET", "/accounts/me", {"slug": "unreachable", "reasons": []}, 503)
    assert visitor.see("/om").status_code == 200


def test_mails_follow_the_language_of_the_pages(visitor: Visitor, services: Services) -> None:
    services.answer("PATCH", "/accounts/me", {**ME, "language": "en"})
    visitor.log_in(services)
    assert visitor.send("/sprog", language="en", next="/?").location == "/"
    saved = services.calls("PATCH", "/accounts/me")[-1]
    assert saved.json == {"language": "en"}
    assert saved.headers["If-Match"] == '"1"'


def test_a_language_that_cannot_be_saved_is_used_all_the_same(visitor: Visitor, services: Services) -> None:
    services.refuse("PATCH", "/accounts/me", 503, "database-unavailable")
    visitor.log_in(services)
    assert visitor.send("/sprog", language="en").status_code == 302
    assert '<html lang="en">' in visitor.see("/om").text
