"""The whole system once for all journeys, and a real browser for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.browser import chromium
from shared import clock
from tests.support.town import PASSWORD, Town, running_town

SCREENSHOTS = Path("build/journeys")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1280, "height": 900}

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    with running_town("journeys") as running:
        yield running


@pytest.fixture(autouse=True)
def _todays_clock(town: Town) -> Iterator[None]:
    """Each journey begins today, wherever the one before has moved the clock."""
    yield
    clock.reset()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=str(chromium()), args=QUIET)


@pytest.fixture
def open_page(town: Town, browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """open_page("mette", size=PHONE): a browser of her own in which she is logged in; without a name nobody is.

    Fails the test if a page threw a script error; takes a picture of every page if the test fails.
    """
    pages: list[Page] = []
    errors: list[str] = []

    def open_for(name: str | None = None, acting_for: str = "", size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(viewport=size or DESK, locale="da-DK", base_url=town.portal)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        if name:
            log_in(page, name, acting_for)
        return page

    yield open_for
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages):
        page.screenshot(path=SCREENSHOTS / f"{request.node.name}-{number}.png", full_page=True)
        page.context.close()
    assert errors == []


def log_in(page: Page, name: str, acting_for: str = "") -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(f"{name}@kommunity.example")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)
    if acting_for:
        page.locator("summary.k-tool").first.click()
        page.get_by_role("button", name=acting_for).first.click()
