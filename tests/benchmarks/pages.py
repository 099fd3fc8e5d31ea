"""Every portal page with the demo data: how long the server takes, and what a first visit transfers."""

from __future__ import annotations

import time

import requests
from playwright.sync_api import sync_playwright

from deploy.local.browser import chromium
from tests.benchmarks.results import Figure, percentile
from tests.journeys.conftest import QUIET, log_in
from tests.support.town import Town, facility, material

ROUNDS = 20
BORROWER = [
    "/",
    "/find?fra=2027-08-14&til=2027-08-15",
    f"/ting/{material('Stabelstol')}",
    f"/ting/{facility('Glamsbjerg Demohal')}",
    "/kurv",
    "/bookinger",
    "/profil",
    "/vagter",
    "/mine-vagter",
    "/mine-timer",
]
STAFF = {
    "ole": ["/depot", "/lager", "/import", "/lager/konflikter", "/mangelrapporter"],
    "hanne": ["/godkendelser"],
    "sofie": ["/hold", "/hold/plan", "/hold/dag", "/hold/timer", "/hold/statistik"],
}


def measure(town: Town) -> list[Figure]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=QUIET)
        transferred = _first_visit(browser, town)
        figures = [Figure("first visit to the front page, transferred", transferred / 1000, "kB", 200)]
        for name, paths in {"mette": BORROWER, **STAFF}.items():
            context = browser.new_context(base_url=town.portal, locale="da-DK")
            log_in(context.new_page(), name)
            cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
            figures += [_page(town, path, cookies) for path in paths]
        browser.close()
    return figures


def _first_visit(browser, town: Town) -> float:  # type: ignore[no-untyped-def]
    """Bytes on the wire, headers and all, for a browser with an empty cache."""
    context = browser.new_context(locale="da-DK")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(town.portal, wait_until="networkidle")
    context.close()
    return sum(sizes)


def _page(town: Town, path: str, cookies: dict[str, str]) -> Figure:
    milliseconds = []
    with requests.Session() as http:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = http.get(town.portal + path, cookies=cookies, timeout=30)
            milliseconds.append((time.perf_counter() - begun) * 1000)
            answer.raise_for_status()
    return Figure(f"page {path.split('?')[0]}, p95", percentile(milliseconds, 95), "ms", 150)
