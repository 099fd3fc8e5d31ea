"""What every page keeps: a title and a language, no scripts needed, no stranger let in, nothing typed lost."""

from __future__ import annotations

import re

import pytest

from shared.settings import Environment
from tests.portal.conftest import Services, Visitor, portal
from tests.portal.shifts import a_page, a_shift

NOTHING = {
    "items": [],
    "total": 0,
    "page": 1,
    "page_size": 24,
    "facets": {"places": [], "categories": []},
    "loan": None,
}


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/kurv", "/om", "/was", "/privatliv", "/udviklere", "/udviklere/haendelser", "/find", "/vagter"],
)
def test_a_page_has_a_title_a_language_and_no_inline_script(path: str, visitor: Visitor, services: Services) -> None:
    services.answer("GET", "/bookings/resources", NOTHING)
    services.answer("GET", "/volunteers/shifts", a_page(a_shift()))
    page = visitor.see(path)
    assert page.status_code == 200
    assert re.search(r"<title>\w.* – Kommunity</title>", page.text)
    assert '<html lang="da">' in page.text
    assert not re.search(r"<script(?! src)|<style| style=| on\w+=", page.text)


def test_a_stranger_reads_her_browsers_language_until_she_chooses_one(visitor: Visitor) -> None:
    wish = {"Accept-Language": "en-GB,en;q=0.9,da;q=0.8"}
    assert '<html lang="en">' in visitor.client.get("/om", headers=wish).text
    visitor.send("/sprog", language="da")
    assert '<html lang="da">' in visitor.client.get("/om", headers=wish).text


def test_after_the_log_in_the_persons_own_language_counts(visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    assert '<html lang="da">' in visitor.client.get("/om", headers={"Accept-Language": "en"}).text


def test_a_form_with_an_old_token_says_to_a_stranger_that_she_is_not_logged_in(visitor: Visitor) -> None:
    refused = visitor.client.post("/profil", data={"csrf_token": "old", "name": "Jens"})
    assert refused.status_code == 400
    assert "Du er ikke logget ind" in refused.text
    assert "logget ind som en anden" not in refused.text
    assert 'value="Jens"' in refused.text


def test_the_language_is_switched_and_stays(visitor: Visitor) -> None:
    answer = visitor.send("/sprog", language="en", next="/kurv")
    assert answer.location == "/kurv"
    assert '<html lang="en">' in visitor.see("/om").text
    assert "The basket is empty" in visitor.see("/kurv").text


@pytest.mark.parametrize(
    "path",
    [
        "/bookinger",
        "/bookinger/00000000-0000-0000-0000-000000000001",
        "/profil",
        "/mine-vagter",
        "/mine-timer",
        "/depot",
        "/lager",
        "/import",
    ],
)
def test_a_page_of_ones_own_leads_to_the_log_in_and_back(path: str, visitor: Visitor) -> None:
    answer = visitor.see(f"{path}?a=b")
    assert (answer.status_code, answer.location) == (302, f"/login?next={path}?a%3Db") or answer.status_code == 403


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]
)
def test_the_log_in_sends_nobody_on_to_a_stranger(next_: str, visitor: Visitor, services: Services) -> None:
    visitor.log_in(services)
    answer = visitor.send("/login", email="jens@kommunity.example", password="kommunity", next=next_)
    assert answer.location == "/"


def test_a_form_from_elsewhere_is_refused_and_can_be_sent_again(visitor: Visitor) -> None:
    answer = visitor.client.post("/kurv/tjek", data={"purpose": "Lejr <b>", "password": "hemmelig"})
    assert answer.status_code == 400
    assert 'name="purpose" value="Lejr &lt;b&gt;"' in answer.text
    assert "hemmelig" not in answer.text


def test_what_was_typed_can_be_sent_again_when_a_service_is_away(visitor: Visitor, services: Services) -> None:
    services.answer("POST", "/accounts/session", {"slug": "database-unavailable", "reasons": []}, 503)
    answer = visitor.send("/login", email="jens@kommunity.example", password="kommunity")
    assert answer.status_code == 503
    assert 'name="email" value="jens@kommunity.example"' in answer.text


def test_an_unknown_address_has_a_page_of_its_own(visitor: Visitor) -> None:
    answer = visitor.see("/findes-ikke")
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.text


def test_a_production_cookie_is_for_this_host_and_tls_alone(services: Services) -> None:
    app = portal(
        services, Environment.PRODUCTION, session_secret="s" * 40, service_secret="t" * 40, link_secret="u" * 40
    )
    cookie = app.test_client().get("/om").headers["Set-Cookie"]
    assert cookie.startswith("__Host-kommunity=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_a_page_forbids_what_it_does_not_need(visitor: Visitor) -> None:
    policy = visitor.see("/om").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_static_files_are_small_and_kept_for_ever(visitor: Visitor) -> None:
    address = re.search(r'href="(/static/[^"]+kommunity.css)"', visitor.see("/om").text)
    assert address
    answer = visitor.client.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
