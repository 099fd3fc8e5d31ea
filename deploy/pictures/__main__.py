"""Take the README's pictures of the running portal: `make pictures`, after `make up`."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.local.browser import chromium
from deploy.local.system import System

HERE = Path(__file__).parent
PICTURES = {"find": "/find?fra=2027-08-14&til=2027-08-15"}


def main() -> None:
    portal = System.from_environment().url("portal")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=quiet)
        page = browser.new_page(viewport={"width": 1200, "height": 900}, locale="da-DK")
        for name, path in PICTURES.items():
            page.goto(portal + path, wait_until="networkidle")
            page.screenshot(path=HERE / f"{name}.png")
            print(f"{HERE / name}.png")
        browser.close()


if __name__ == "__main__":
    main()
