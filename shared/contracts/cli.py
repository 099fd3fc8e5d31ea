"""`kommunity contracts`: what the services promise each other, looked after."""

from __future__ import annotations

import json
from pathlib import Path

import click

from shared.contracts import asyncapi as asyncapi_document
from shared.contracts import golden

FOLDER = click.option(
    "--golden",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=golden.FOLDER,
    help="The golden files, by default tests/contracts/golden.",
)


@click.group()
def contracts() -> None:
    """The forms of events."""


@contracts.command()
@FOLDER
def check(folder: Path) -> None:
    """Say which change of an event class would break old code or old events, and what to do instead."""
    released = golden.released(folder)
    if not released:
        raise click.ClickException("what the last release kept is not there: tests/contracts/released.json")
    _check(golden.kept(folder), released)


@contracts.command()
@FOLDER
def keep(folder: Path) -> None:
    """Add new events, and new forms of old ones, to the golden files. Refuses what `check` refuses."""
    _refuse([*golden.problems(golden.kept(folder)), *golden.left_behind()])
    click.echo(f"kept: {', '.join(golden.keep(folder)) or 'none, all were there'}")


@contracts.command()
@FOLDER
@click.argument("version")
def release(folder: Path, version: str) -> None:
    """With each release: what is kept now is what the next one is compared with. Refuses what `check` refuses."""
    _check(golden.kept(folder), golden.released(folder))
    golden.release(version, folder)


def _check(goldens: dict[str, golden.Golden], released: dict[str, golden.Golden]) -> None:
    _refuse([*golden.problems(goldens), *golden.problems(released), *golden.left_behind()])
    if unkept := golden.unkept(goldens):
        raise click.ClickException(f"not kept yet: {', '.join(unkept)}. Run `kommunity contracts keep` and commit.")
    click.echo(f"{len(goldens)} event types: new code reads all old events, and old code reads new ones.")


def _refuse(found: list[str]) -> None:
    if found:
        raise click.ClickException("\n\n".join(dict.fromkeys(found)))


@contracts.command("asyncapi")
def show_asyncapi() -> None:
    """The AsyncAPI 3 document."""
    click.echo(json.dumps(asyncapi_document.document(), indent=2, ensure_ascii=False))
