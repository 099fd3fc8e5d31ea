"""The lock files pin everything by hash, and name no registry: any mirror may serve them."""

import json
import re

import pytest

from deploy.local.settings import ROOT


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_python_package_is_pinned_with_hashes(name):
    text = (ROOT / "deploy" / name).read_text()
    packages = re.split(r"\n(?=\S)", text.replace("\\\n", " "))
    named = [package for package in packages if not package.startswith("#")]
    assert named
    assert [package for package in named if "==" not in package or "--hash=sha256:" not in package] == []
    assert "://" not in text


@pytest.mark.parametrize("folder", ["services/portal", "deploy/local/mail", "tests/contracts/parser"])
def test_every_npm_package_is_pinned_with_its_integrity(folder):
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert fetched
    assert [name for name, package in fetched.items() if "integrity" not in package or "resolved" in package] == []


def test_the_image_has_the_same_versions_as_the_tests():
    pins = [_pins((ROOT / "deploy" / name).read_text()) for name in ("requirements.lock", "requirements-dev.lock")]
    assert pins[0] <= pins[1]


def _pins(lock: str) -> set[str]:
    return set(re.findall(r"^([\w.\[\]-]+==\S+)", lock, re.MULTILINE))
