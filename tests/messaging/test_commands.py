"""What an operator types, and what he is told when it cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from shared.cli import main
from shared.contracts import accounts
from shared.contracts.examples import example
from shared.db import Database
from shared.settings import settings
from tests.support.letters import park

Type = Callable[..., Result]


@pytest.fixture
def database(database_of: Callable[[str], Database]) -> Database:
    return database_of("inventory")


@pytest.fixture
def kommunity(database: Database, monkeypatch: pytest.MonkeyPatch) -> Type:
    """The command, beside the database of inventory."""
    monkeypatch.setenv("KOMMUNITY_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    return lambda *words: CliRunner().invoke(main, words)


@pytest.mark.parametrize(
    "words",
    [
        "events republish --service volunteers --since 2020-01-01T00:00 --dry-run",
        "events rewind volunteers --dry-run",
        "dead-letters list volunteers",
        "dead-letters replay volunteers",
        "lag volunteers",
        "rebuild volunteers --dry-run",
    ],
)
def test_no_command_works_on_the_database_of_another_service(kommunity: Type, words: str) -> None:
    done = kommunity(*words.split())
    assert done.exit_code == 1
    assert "KOMMUNITY_DATABASE_URL names no database of volunteers: there is no table " in done.output


def test_without_a_database_the_setting_is_named(kommunity: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOMMUNITY_DATABASE_URL")
    settings.cache_clear()
    done = kommunity("rebuild", "inventory")
    assert (done.exit_code, "KOMMUNITY_DATABASE_URL is not set" in done.output) == (1, True)


@pytest.mark.parametrize("command", ["replay", "discard"])
def test_a_number_that_is_no_letter_is_told(kommunity: Type, database: Database, command: str) -> None:
    park(database, example(accounts.AssociationUpdated))
    done = kommunity("dead-letters", command, "inventory", "4711")
    assert (done.exit_code, "inventory has no unsettled dead letter 4711." in done.output) == (1, True)


def test_a_letter_is_shown_with_its_key_and_can_be_had_byte_for_byte(kommunity: Type, database: Database) -> None:
    value = '{"navn": "Gård"'.encode("latin-1")
    number = str(park(database, example(accounts.AssociationUpdated), value=value))
    assert "\nkey: " in kommunity("dead-letters", "show", "inventory", number).output
    assert kommunity("dead-letters", "show", "inventory", number, "--raw").stdout_bytes == value
