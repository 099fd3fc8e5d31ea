"""Members of an association, on the pages, over the real accounts service: each logs in and has her own browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.local.translations import compile_all
from services.accounts import commands
from services.portal.app import create_app
from shared.ids import natural_id
from shared.settings import Environment, Settings
from tests.portal.conftest import Services, Visitor
from tests.support.town_hall import TownHall, serving

VILLAGE = natural_id("association", "Borgerforening")
TABLE = """navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt
Borgerforening;;nej;Aarup;alle;64;12;
"""
MEMBERS = f"/foreninger/{VILLAGE}/medlemmer"
PASSWORD = "en lang og god adgangskode"

LogIn = Callable[[str], Visitor]


@pytest.fixture
def hall(database_of: Any) -> Iterator[TownHall]:
    """Birthe chairs the village's association, Sara signs for it, Mette books; Ali and Nina are not in it."""
    compile_all()
    with serving(TownHall(database_of("accounts"))) as hall:
        with hall.database.begin() as session:
            commands.import_associations(session, TABLE.encode(), dry_run=False)
        for name in ("Birthe Krogh", "Sara Toft", "Mette Holm", "Nina Vest", "Ali Demir"):
            email = hall.add(name)
            with hall.database.begin() as session:
                commands.set_password(session, natural_id("person", email), PASSWORD)
        for name, role in (("birthe", "chair"), ("sara", "signatory"), ("mette", "booker")):
            hall.make_member(VILLAGE, f"{name}@kommunity.example", role)
        yield hall


@pytest.fixture
def log_in(hall: TownHall, services: Services) -> LogIn:
    url = services.url  # type: ignore[attr-defined]
    others = {f"{name}_url": f"{url}/{name}" for name in ("bookings", "inventory", "notifications", "volunteers")}
    portal = create_app(Settings(environment=Environment.TEST, accounts_url=hall.url, **others))

    def made(name: str) -> Visitor:
        visitor = Visitor(portal.test_client())
        answer = visitor.send("/login", email=f"{name}@kommunity.example", password=PASSWORD)
        assert answer.status_code == 302
        return visitor

    return made


def addresses(page: str, of: str) -> list[str]:
    """Where the page's forms go to, of that kind, each once."""
    return list(dict.fromkeys(re.findall(rf'action="([^"]*/{of}/[^"]+)"', page)))


def test_an_invited_person_says_yes_and_later_books_for_the_association(log_in: LogIn) -> None:
    birthe, nina = log_in("birthe"), log_in("nina")
    assert MEMBERS in birthe.see("/profil").text
    sent = birthe.send(MEMBERS, MEMBERS, email="nina@kommunity.example", role="member")
    assert sent.status_code == 303
    assert "Nina Vest" not in birthe.see(MEMBERS).text

    [answer] = addresses(nina.see("/profil").text, "invitationer")
    assert nina.send(answer, "/profil", do="accept").status_code == 303
    after = nina.see("/profil").text
    assert "Du er medlem af" in after
    assert "Når du booker, er det for" not in after

    page = birthe.see(MEMBERS).text
    assert "Inviteret, ikke svaret" not in page
    entry = page[page.index("Nina Vest") :]
    assert birthe.send(addresses(entry, "medlemmer")[0], MEMBERS, do="booker").status_code == 303
    assert "Borgerforening (booker)" in log_in("nina").see("/profil").text


def test_the_page_looks_the_same_whether_the_address_has_an_account(log_in: LogIn) -> None:
    birthe, texts = log_in("birthe"), []
    for name in ("ali", "ukendt"):
        birthe.send(MEMBERS, MEMBERS, email=f"{name}@kommunity.example", role="member")
        page = birthe.see(MEMBERS).text
        assert birthe.send(addresses(page, "invitationer")[0], MEMBERS).status_code == 303
        texts.append(re.sub(r'"[^"]*"', "", page).replace(f"{name}@", ""))
        birthe.see(MEMBERS)  # what was flashed belongs to this round
    assert texts[0] == texts[1]


def test_what_is_wrong_with_an_invitation_stands_at_its_field(log_in: LogIn) -> None:
    birthe = log_in("birthe")
    for email in ("ikke en e-mail", ""):
        answer = birthe.send(MEMBERS, MEMBERS, email=email, role="member")
        assert (answer.status_code, "email-error" in answer.text) == (422, True)
    wish = {"email": "ali@kommunity.example", "role": "member"}
    assert birthe.send(MEMBERS, MEMBERS, **wish).status_code == 303
    again = birthe.send(MEMBERS, MEMBERS, **wish)
    assert (again.status_code, "Der er allerede en invitation" in again.text) == (409, True)
    assert 'value="ali@kommunity.example"' in again.text


def test_the_page_is_for_chairs_and_signatories_and_a_signatory_changes_no_chair(log_in: LogIn) -> None:
    for name in ("mette", "nina"):
        visitor = log_in(name)
        refused = visitor.see(MEMBERS)
        assert (refused.status_code, "Du kan skifte øverst" in refused.text) == (403, False), "nothing to switch to"
        assert MEMBERS not in visitor.see("/profil").text
    birthe, sara = log_in("birthe").see(MEMBERS).text, log_in("sara")
    assert birthe.count("Er du sikker på, at") == birthe.count('value="end"') == 3
    page = sara.see(MEMBERS).text
    assert len(addresses(birthe, "medlemmer")) == 3
    [mettes] = addresses(page, "medlemmer")
    assert 'value="chair"' in birthe
    assert 'value="chair"' not in page
    refused = sara.send(next(one for one in addresses(birthe, "medlemmer") if one != mettes), MEMBERS, do="end")
    assert (refused.status_code, "Kun formanden bestemmer" in refused.text) == (403, True)


def test_the_last_chair_stays_and_who_leaves_finds_the_way_back(log_in: LogIn, hall: TownHall) -> None:
    birthe = log_in("birthe")
    own = addresses(birthe.see(MEMBERS).text, "medlemmer")[0]
    refused = birthe.send(own, MEMBERS, do="end")
    assert (refused.status_code, "skal have en formand" in refused.text) == (409, True)
    hall.make_member(VILLAGE, "mette@kommunity.example", "chair")
    assert birthe.send(own, MEMBERS, do="end").headers["Location"] == "/profil"
    assert birthe.see(MEMBERS).status_code == 403


def test_a_member_leaves_by_herself_and_an_old_invitation_says_so(log_in: LogIn, hall: TownHall) -> None:
    hall.make_member(VILLAGE, "nina@kommunity.example", "member")
    nina = log_in("nina")
    [way_out] = re.findall(r'action="(/profil/medlemskaber/[^"]+)"', nina.see("/profil").text)
    assert nina.send(way_out, "/profil").status_code == 303
    assert nina.send(way_out, "/profil").status_code == 303
    assert "Du er medlem af" not in nina.see("/profil").text
    nina.send(f"/profil/invitationer/{VILLAGE}", "/profil", do="accept")
    assert "Bed foreningen om en ny" in nina.see("/profil").text
