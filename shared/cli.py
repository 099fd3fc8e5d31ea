"""The `kommunity` command: runs a service's processes and looks after its data and events."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from shared import clock, logging, migrations
from shared.contracts.cli import contracts
from shared.db import Database
from shared.errors import Refusal
from shared.messaging.kafka_clients import NotLetIn
from shared.messaging.operations.access import NotSecured
from shared.messaging.operations.cli import dead_letters, events, lag, rebuild_copies, topics
from shared.messaging.worker import run_worker
from shared.rooms import room, subscription_of
from shared.settings import settings

GUNICORN_CONF = Path(__file__).parents[1] / "deploy" / "gunicorn.conf.py"


class Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """What an operator can mend is said in a sentence, without a traceback."""
        try:
            return super().invoke(ctx)
        except (NotLetIn, NotSecured) as trouble:
            raise click.ClickException(str(trouble)) from trouble


@click.group(cls=Commands)
def main() -> None:
    """Kommunity: a municipality shares what it owns."""
    clock.use_file(settings().clock_file)


for command in (contracts, topics, lag, dead_letters, events, rebuild_copies):
    main.add_command(command)


@main.command(name="run")
@click.argument("service")
@click.argument("what", type=click.Choice(["web", "worker", "migrate", "seed"]))
def run_service(service: str, what: str) -> None:
    """Run SERVICE's web or worker process, migrate its database, or load its demo story."""
    logging.configure(service, settings().log_format)
    {"web": _web, "worker": _worker, "migrate": _migrate, "seed": _seed}[what](service)


def _web(service: str) -> None:
    os.environ["KOMMUNITY_PORT"] = str(settings().web_port(service))
    app = f"services.{service}.app:create_app()"
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(GUNICORN_CONF), app])  # noqa: S606


def _worker(service: str) -> None:
    jobs = getattr(room(service, "reactions"), "JOBS", {})
    run_worker(service, settings(), subscription_of(service), jobs)


def _migrate(service: str) -> None:
    migrations.upgrade(service, settings().database_url)


def _seed(service: str) -> None:
    seeds = room(service, "seeds")
    if seeds is None:
        raise click.ClickException(f"{service} has no demo story.")
    seeds.seed(Database(settings().database_url))


@main.command(name="import")
@click.argument("service")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_file(service: str, kind: str, file: Path, dry_run: bool) -> None:
    """Import FILE (a semicolon-separated table in UTF-8) into SERVICE. All rows are right, or nothing changes."""
    importers = getattr(room(service, "commands"), "IMPORTS", {})
    if kind not in importers:
        raise click.BadParameter(f"{service} imports: {', '.join(importers) or 'nothing'}.")
    try:
        with Database(settings().database_url).begin() as session:
            report = importers[kind](session, file.read_bytes(), dry_run=dry_run)
    except Refusal as refusal:
        reasons = (reason.text.format(**reason.params) for reason in refusal.reasons)
        raise click.ClickException("\n".join(reasons)) from refusal
    click.echo(report.as_text())
    if report.refused:
        raise click.ClickException("Nothing was changed. Correct the rows above and import again.")


@main.group(name="clock")
def clock_group() -> None:
    """Move the clock of a demo or test system (KOMMUNITY_CLOCK_FILE)."""


@clock_group.command("show")
def show_clock() -> None:
    click.echo(clock.local(clock.now()).isoformat(timespec="seconds"))


@clock_group.command("set")
@click.argument("moment")
def set_clock(moment: str) -> None:
    """Go on from MOMENT, e.g. 2027-08-13T09:00 (Danish time)."""
    try:
        wall = datetime.fromisoformat(moment)
    except ValueError as error:
        raise click.BadParameter(f"{moment} is no moment; write it like 2027-08-13T09:00.") from error
    clock.move_to(wall if wall.tzinfo else wall.replace(tzinfo=clock.COPENHAGEN))
    show_clock.callback()  # type: ignore[misc]


@clock_group.command("reset")
def reset_clock() -> None:
    clock.reset()


if __name__ == "__main__":
    main()
