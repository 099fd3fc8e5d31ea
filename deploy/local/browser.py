"""Finds a Chromium for the browser tests, or gets one: the system's, Debian's package, or Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.settings import BIN

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path:
    """The path of a Chromium that is there or was installed just now."""
    return _on_path() or _playwrights_own() or _from_debian() or _from_playwright()


def _on_path() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def _playwrights_own() -> Path | None:
    # Asked in a process of its own: the caller may be inside Playwright already.
    question = "from playwright.sync_api import *\nwith sync_playwright() as it: print(it.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    path = Path(done.stdout.strip() or "nowhere")
    return path if path.exists() else None


def _from_debian() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode != 0:
            return None
    return _on_path()


def _from_playwright() -> Path:
    done = subprocess.run([str(BIN / "playwright"), "install", "chromium"], capture_output=True, text=True, check=False)
    if done.returncode == 0 and (found := _playwrights_own()):
        return found
    raise LocalError(
        "There is no Chromium for the browser tests, and none could be fetched:"
        " install one (Debian: apt install chromium fonts-liberation) so that `chromium` is on PATH."
    )


if __name__ == "__main__":
    print(chromium())
