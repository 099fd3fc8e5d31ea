"""The commands that look after topics, events and dead letters."""

from __future__ import annotations

import getpass
import json
import os
import sys
from datetime import datetime
from typing import Any
from uuid import UUID

import click
from sqlalchemy import func, select

from shared import clock
from shared.db import Database
from shared.messaging.operations import access, letters, republish, rewind
from shared.messaging.operations import topics as topic_list
from shared.messaging.operations.lag import lag as measure_lag
from shared.messaging.operations.rebuild import Rebuild, Report
from shared.messaging.operations.replay import replay_requested
from shared.messaging.tables import inbox
from shared.rooms import copy_tables_of, database_of, subscription_of
from shared.settings import settings


class Moment(click.ParamType[datetime]):
    """Danish time, unless it names a zone."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no moment; write it like 2027-08-13T09:00.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.COPENHAGEN)


def _database(service: str) -> Database:
    return database_of(service, settings().database_url)


@click.group()
def topics() -> None:
    """The Kafka topics of deploy/topics.toml."""


@topics.command("create")
def create_topics() -> None:
    """Create those that are missing, and say what is otherwise than described; that is for a person to decide."""
    created = topic_list.create_missing(settings().kafka_bootstrap)
    click.echo(f"created: {', '.join(created) or 'none, all were there'}")
    for difference in topic_list.differing(settings().kafka_bootstrap):
        click.echo(difference, err=True)


@topics.command("secure")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def secure_topics(dry_run: bool) -> None:
    """Let each service write its own topics, read what it subscribes to, and nothing else.

    Log in as an administrator of the broker. A service whose password stands in KOMMUNITY_KAFKA_PASSWORD_<SERVICE> gets
    its user kommunity_<service> with that password; the others keep theirs.
    """
    changes = access.secure(settings().kafka_bootstrap, access.passwords_from(os.environ), dry_run)
    click.echo("\n".join(changes.lines()) or "nothing to change")


@topics.command("list")
def list_topics() -> None:
    for topic in topic_list.described():
        click.echo(f"{topic.name}\t{topic.partitions} partitions\t{topic.config}")


@click.command()
@click.argument("service")
def lag(service: str) -> None:
    """How many events SERVICE has not applied yet, per topic, and its unsettled dead letters, as JSON."""
    database, topics = _database(service), subscription_of(service).topics()
    behind = measure_lag(settings().kafka_bootstrap, service, topics) if topics else {}
    with database.read() as session:
        waiting = len(letters.ids_of(session, letters.Filter()))
    click.echo(json.dumps({**behind, "dead_letters": waiting}))


@click.group()
def events() -> None:
    """Events that a service has published."""


@events.command("republish")
@click.option("--service", required=True, help="Whose events; KOMMUNITY_DATABASE_URL has to be its database.")
@click.option("--since", type=Moment(), help="All events from this moment on, e.g. 2027-08-13T09:00 (Danish time).")
@click.option("--ids", default="", help="The ids of single events, separated by commas.")
@click.option("--dry-run", is_flag=True, help="Only say how many.")
def republish_events(service: str, since: datetime | None, ids: str, dry_run: bool) -> None:
    """Send events once more, e.g. after a topic was deleted and made again. Who applied them before skips them."""
    if (since is None) == (not ids):
        raise click.UsageError("Say either --since or --ids.")
    if not settings().relay:
        raise click.ClickException("There is no relay to send them (KOMMUNITY_RELAY=off): see deploy/debezium.")
    try:
        chosen = [UUID(one.strip()) for one in ids.split(",") if one.strip()]
    except ValueError as error:
        raise click.BadParameter(f"--ids: {error}; the ids are the events' ce_id.") from error
    which = republish.since(since) if since else republish.with_ids(chosen)
    with _database(service).begin() as session:
        count = republish.count(session, which) if dry_run else republish.republish(session, which)
    click.echo(f"{count} events of {service} {'would be' if dry_run else 'will be'} sent again")


@events.command("rewind")
@click.argument("service")
@click.option("--dry-run", is_flag=True, help="Only say how many.")
def rewind_events(service: str, dry_run: bool) -> None:
    """Let SERVICE read the log from the first once more, after its database came back from a backup.

    Stop its workers first. What the backup has applied is skipped; what came since takes effect now.
    """
    database, topics = _database(service), subscription_of(service).topics()
    try:
        again = rewind.rewind(settings().kafka_bootstrap, service, topics, dry_run) if topics else 0
    except rewind.WorkersAtWork as error:
        raise click.ClickException(str(error)) from error
    with database.read() as session:
        known = session.scalar(select(func.count()).select_from(inbox))
    click.echo(f"{again:,} records {'would be' if dry_run else 'will be'} read again; {known:,} of them are known")


@click.group(name="dead-letters")
def dead_letters() -> None:
    """Records that a service could not apply."""


def _chosen(command: Any) -> Any:
    for option in (
        click.option("--since", type=Moment(), help="Parked at or after this moment."),
        click.option("--topic", default="", help="From this topic."),
        click.option("--type", "event_type", default="", help="Whose event type begins so, e.g. inventory.stock."),
    ):
        command = option(command)
    return command


def _filter(
    event_type: str,
    topic: str,
    since: datetime | None,
    ids: tuple[int, ...] = (),
    states: tuple[str, ...] = letters.UNSETTLED,
) -> letters.Filter:
    return letters.Filter(states=states, type=event_type, topic=topic, ids=ids, since=since)


@dead_letters.command("list")
@click.argument("service")
@_chosen
@click.option("--all", "settled_too", is_flag=True, help="Also those that were replayed or discarded.")
def list_dead_letters(service: str, event_type: str, topic: str, since: datetime | None, settled_too: bool) -> None:
    states = () if settled_too else letters.UNSETTLED
    with _database(service).read() as session:
        for letter in session.execute(letters.in_short(_filter(event_type, topic, since, states=states))):
            parked = clock.local(letter.parked_at).isoformat(timespec="seconds")
            click.echo(f"{letter.id}\t{parked}\t{letter.state}\t{letter.type or '?'}\t{letter.error_message}")


@dead_letters.command("show")
@click.argument("service")
@click.argument("number", type=int)
@click.option("--raw", is_flag=True, help="The value alone, byte for byte.")
def show_dead_letter(service: str, number: int, raw: bool) -> None:
    with _database(service).read() as session:
        found = letters.letters(session, letters.Filter(states=(), ids=(number,)))
    if not found:
        raise click.ClickException(f"{service} has no dead letter {number}.")
    letter = found[0]
    if raw:
        sys.stdout.buffer.write(letter.value or b"")
        return
    for name in ("topic", "partition", "offset", "timestamp", "state", "settled_by", "error_class", "error_message"):
        click.echo(f"{name}: {getattr(letter, name)}")
    click.echo(f"key: {(letter.key or b'').decode('utf-8', 'replace')}")
    for name, content in letters.headers_of(letter):
        click.echo(f"{name}: {content.decode('utf-8', 'replace')}")
    click.echo((letter.value or b"").decode("utf-8", "replace"))


@dead_letters.command("replay")
@click.argument("service")
@click.argument("numbers", type=int, nargs=-1)
@_chosen
@click.option("--dry-run", is_flag=True, help="Only say which.")
def replay_dead_letters(
    service: str, numbers: tuple[int, ...], event_type: str, topic: str, since: datetime | None, dry_run: bool
) -> None:
    """Apply them again, all or those with NUMBERS; what fails again waits on, with the new reason."""
    chosen = _pick(service, _filter(event_type, topic, since, numbers), dry_run)
    if dry_run or not chosen:
        return
    database = _database(service)
    with database.begin() as session:
        letters.request_replay(session, chosen, getpass.getuser())
    outcomes = replay_requested(database, service, subscription_of(service))
    for outcome in outcomes:
        click.echo(f"{outcome.id}\t{outcome.trouble or 'applied'}")
    if any(outcome.trouble for outcome in outcomes):
        raise click.ClickException("Some failed again and wait on.")


@dead_letters.command("discard")
@click.argument("service")
@click.argument("numbers", type=int, nargs=-1)
@_chosen
@click.option("--dry-run", is_flag=True, help="Only say which.")
def discard_dead_letters(
    service: str, numbers: tuple[int, ...], event_type: str, topic: str, since: datetime | None, dry_run: bool
) -> None:
    """Settle them without effect: those with NUMBERS, or those that the options choose."""
    if not (numbers or event_type or topic or since):
        raise click.UsageError("Say which: by their numbers, or with --type, --topic or --since.")
    chosen = _pick(service, _filter(event_type, topic, since, numbers), dry_run)
    if chosen and not dry_run:
        with _database(service).begin() as session:
            letters.discard(session, chosen, getpass.getuser())


def _pick(service: str, which: letters.Filter, dry_run: bool) -> list[int]:
    with _database(service).read() as session:
        chosen = letters.ids_of(session, which)
    if unknown := set(which.ids) - set(chosen):
        raise click.ClickException(f"{service} has no unsettled dead letter {', '.join(map(str, sorted(unknown)))}.")
    click.echo(f"{len(chosen)} dead letters of {service}{' would be taken' if dry_run else ''}: {chosen}")
    return chosen


@click.command("rebuild")
@click.argument("service")
@click.option("--dry-run", is_flag=True, help="Only compare.")
@click.option("--accept", is_flag=True, help="Take the rebuilt copies even where they differ from the live ones.")
def rebuild_copies(service: str, dry_run: bool, accept: bool) -> None:
    """Build SERVICE's copies of what others own anew from the log, compare them with the live ones, and switch.

    Where they differ, the live ones stay unless --accept is given. In an empty database (stop its worker first)
    the copies are taken, and all that is in the log counts as applied: nobody is told of it again.
    """
    subscription, tables = subscription_of(service), copy_tables_of(service)
    if not tables:
        raise click.ClickException(f"{service} keeps no copies.")

    def decide(report: Report) -> bool:
        return not dry_run and (report.is_equal or accept or report.from_nothing)

    rebuild = Rebuild(_database(service), settings().kafka_bootstrap, service, subscription, tables, click.echo)
    report = rebuild.run(decide)
    click.echo(f"{report.events:,} events in {report.seconds:.1f} s, {report.left_out} of them could not be applied")
    click.echo(f"live    {report.live_hash}\nrebuilt {report.built_hash}")
    for table, rows in report.differing.items():
        click.echo(f"{table}: {rows} rows differ")
    if not report.is_equal and not decide(report):
        raise click.ClickException("The copies differ; nothing was changed. --accept takes the rebuilt ones.")
    if not dry_run:
        click.echo("The rebuilt copies are live.")
