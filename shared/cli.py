"""The `kommunity` command: runs a service's processes and looks after its data and events."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from shared import clock, logging, migrations
from shared.contracts.cli import contracts
from shared.db import Database
from shared.errors import Refusal
from shared.messaging import dead_letters as parking
from shared.messaging import topics as topic_list
from shared.messaging.consumer import topics_for
from shared.messaging.lag import lag as measure_lag
from shared.messaging.worker import run_worker
from shared.settings import settings

GUNICORN_CONF = Path(__file__).parents[1] / "deploy" / "gunicorn.conf.py"


def room(service: str, name: str) -> Any:
    """The module `services.<service>.<name>`, or None where the service has no such room."""
    if find_spec(f"services.{service}") is None:
        raise click.BadParameter(f"there is no service named {service!r}.")
    module = f"services.{service}.{name}"
    return import_module(module) if find_spec(module) else None


@click.group()
def main() -> None:
    """Kommunity: a municipality shares what it owns."""
    clock.use_file(settings().clock_file)


main.add_command(contracts)


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
    reactions = room(service, "reactions")
    run_worker(service, settings(), getattr(reactions, "REACTIONS", {}), getattr(reactions, "JOBS", {}))


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


@main.group()
def topics() -> None:
    """The Kafka topics of deploy/topics.toml."""


@topics.command("create")
def create_topics() -> None:
    """Create those that are missing."""
    created = topic_list.create_missing(settings().kafka_bootstrap)
    click.echo(f"created: {', '.join(created) or 'none, all were there'}")


@topics.command("list")
def list_topics() -> None:
    for topic in topic_list.described():
        click.echo(f"{topic.name}\t{topic.partitions} partitions\t{topic.config}")


@main.command()
@click.argument("service")
def lag(service: str) -> None:
    """How many events SERVICE has not applied yet, per topic, and its dead letters, as JSON."""
    reactions = getattr(room(service, "reactions"), "REACTIONS", {})
    click.echo(json.dumps(measure_lag(settings().kafka_bootstrap, service, topics_for(reactions))))


@main.group(name="dead-letters")
def dead_letters() -> None:
    """Records that a service could not apply."""


@dead_letters.command("list")
@click.argument("service")
def list_dead_letters(service: str) -> None:
    for record in parking.parked(settings().kafka_bootstrap, service):
        headers = parking.headers_of(record)
        click.echo(f"{record.offset}\t{headers.get('ce_type', '?')}\t{headers['kafka_dlt-exception-message']}")


@dead_letters.command("show")
@click.argument("service")
@click.argument("offset", type=int)
def show_dead_letter(service: str, offset: int) -> None:
    for record in parking.parked(settings().kafka_bootstrap, service):
        if record.offset == offset:
            for name, value in parking.headers_of(record).items():
                click.echo(f"{name}: {value}")
            click.echo((record.value or b"").decode("utf-8", "replace"))
            return
    raise click.ClickException(f"{service} has no dead letter with offset {offset}.")


@dead_letters.command("replay")
@click.argument("service")
def replay_dead_letters(service: str) -> None:
    """Send all of them to their topics again; what was applied meanwhile is skipped."""
    click.echo(f"replayed: {parking.replay(settings().kafka_bootstrap, service)}")


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
