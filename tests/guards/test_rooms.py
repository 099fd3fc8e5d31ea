"""Every service has the house's rooms, under the house's names."""

from __future__ import annotations

import pytest

from tests.guards.house import PORTAL, ROOT, SERVICES, folder_of

NEEDED = {
    "README.md",
    "__init__.py",
    "app.py",
    "api",
    "schemas",
    "queries",
    "commands",
    "models",
    "domain",
    "migrations",
}
ALLOWED = NEEDED | {"reactions", "seeds", "translations"}
OWN = {"notifications": {"channels", "clients", "templates"}, "volunteers": {"calendars", "clients", "links"}}
NOT_IN_THE_PORTAL = {"models", "commands", "migrations", "domain", "reactions"}


def rooms(service: str) -> set[str]:
    """A room is a module or a package: commands.py or commands/."""
    entries = [path for path in folder_of(service).iterdir() if path.name != "__pycache__"]
    plain = {"README.md", "__init__.py", "app.py"}
    return {path.name if path.name in plain else path.name.removesuffix(".py") for path in entries}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_exactly_the_rooms_of_the_house(service: str) -> None:
    assert NEEDED - rooms(service) == set()
    assert rooms(service) - ALLOWED - OWN.get(service, set()) == set()


@pytest.mark.parametrize("service", [*SERVICES, PORTAL])
def test_a_service_has_tests(service: str) -> None:
    assert list((ROOT / "tests" / service).glob("test_*.py"))


def test_the_portal_decides_nothing_and_keeps_nothing() -> None:
    assert rooms(PORTAL) & NOT_IN_THE_PORTAL == set()
