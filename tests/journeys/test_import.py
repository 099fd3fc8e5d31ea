"""Staff import their list through the page: tried first, refused row by row where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.support.town import Town, material

DEMO = Path("deploy/demo-data/materiel.csv").read_text()
CHAIRS = "Stabelstol;Borde og bænke;udlån;"
BROKEN = {
    "wrong encoding": (DEMO.encode("latin-1"), "UTF-8"),
    "missing column": (DEMO.replace(";antal;", ";", 1).encode(), "antal"),
    "negative number": (DEMO.replace(f"{CHAIRS}150", f"{CHAIRS}-150").encode(), "antal"),
    "duplicate": ((DEMO + DEMO.splitlines()[3] + "\n").encode(), "Stabelstol"),
}


def try_file(page: Page, content: bytes) -> None:
    page.goto("/import")
    materials = page.get_by_role("radio", name="Materiel")
    if materials.count():
        materials.check()
    page.get_by_label("Fil fra regnearket").set_input_files(
        {"name": "materiel.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Prøv filen").click()


def test_a_changed_list_is_tried_first_and_then_saved(town: Town, open_page: OpenPage) -> None:
    lars = open_page("lars")
    changed = DEMO.replace("Cykelhegn;Afspærring;udlån;60", "Cykelhegn;Afspærring;udlån;70")
    changed += "Kaffevogn;Køkken;udlån;2;stk;1;;afhentning;4500,00;Assens Materielgård\n"
    try_file(lars, changed.encode())
    expect(lars.get_by_role("row").filter(has_text="Cykelhegn")).to_contain_text("70")
    assert stock(town, "Cykelhegn", "Glamsbjerg Materielgård") == 60, "a dry run changes nothing"
    lars.get_by_role("button", name="Gem 2 rækker").click()
    lars.goto("/lager?q=Kaffevogn")
    expect(lars.get_by_text("Kaffevogn").first).to_be_visible()
    assert stock(town, "Cykelhegn", "Glamsbjerg Materielgård") == 70


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_list_is_refused_and_nothing_changes(
    town: Town, open_page: OpenPage, content: bytes, said: str
) -> None:
    before = stock(town, "Stabelstol")
    lars = open_page("lars")
    try_file(lars, content)
    expect(lars.locator("main")).to_contain_text(said)
    expect(lars.get_by_role("button", name="Gem")).to_have_count(0)
    assert stock(town, "Stabelstol") == before


def stock(town: Town, name: str, depot: str = "Assens Materielgård") -> int:
    return int(town.person("lars").get("inventory", f"/resources/{material(name, depot)}")["total"])
