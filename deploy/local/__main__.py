"""`python -m deploy.local up|down|status|logs|reset`, which is what the Makefile calls."""

import os
import signal
import sys
import time
from collections.abc import Callable

import click
import psutil

from deploy.local.errors import LocalError, sentence_for
from deploy.local.kommunity import run_kommunity
from deploy.local.settings import BIN
from deploy.local.start import preparation
from deploy.local.status import table
from deploy.local.system import System
from deploy.local.welcome import welcome

INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.group()
def main() -> None:
    """The local Kommunity."""


@main.command()
def up() -> None:
    begun = time.monotonic()
    system = System.from_environment()
    was_running = system.supervisor.is_running()
    for number in INTERRUPTIONS:
        signal.signal(number, signal.default_int_handler)
    try:
        started = system.up()
    except KeyboardInterrupt:
        click.echo("\nInterrupted.", err=True)
        _give_up(system, was_running)
        os._exit(130)  # without waiting for what still runs in threads, such as a download
    except Exception:
        _give_up(system, was_running)
        raise
    if started:
        click.echo(f"\nUp in {time.monotonic() - begun:.0f} s.")
    else:
        click.echo("Everything is running already; nothing was changed.")
    click.echo(welcome(system))


@main.command()
def down() -> None:
    click.echo("Stopped." if System.from_environment().down() else "Nothing was running.")


@main.command()
@click.option("--browser/--no-browser", default=True)
def prepare(browser: bool) -> None:
    """Install what the tests need."""
    preparation(click.echo, with_browser=browser).run()


@main.command()
@click.argument("moment", required=False)
def clock(moment: str | None) -> None:
    """Move the clock of the local system to MOMENT (Danish time), or back to today."""
    system = System.from_environment()
    arguments = ["clock", "set", moment] if moment else ["clock", "reset"]
    click.echo(run_kommunity(arguments, system.env("bookings")).strip() or "The clock shows the real time again.")


@main.command()
def status() -> None:
    click.echo(table(System.from_environment()))


@main.command()
@click.argument("part", required=False)
def logs(part: str | None) -> None:
    """Follow the log of PART, or of all parts."""
    folder = System.from_environment().supervisor.logs
    files = sorted(folder.glob(f"{part or '*'}.log"))
    if not files:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.log"))) or "none yet: nothing was started"
        raise click.ClickException(f"There is no log of {part}; there are: {known}.")
    os.execvp("tail", ["tail", "-n", "100" if part else "10", "-F", *map(str, files)])  # noqa: S606


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("service")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def kommunity(service: str, words: tuple[str, ...]) -> None:
    """The house's own command, told what SERVICE is told: kommunity bookings rebuild bookings --dry-run."""
    command = str(BIN / "kommunity")
    os.execve(command, [command, *words], System.from_environment().env(service))  # noqa: S606


@main.command()
@click.option("--force", is_flag=True, help="Do not ask.")
def reset(force: bool) -> None:
    """Stop everything and forget all data."""
    system = System.from_environment()
    if not force:
        click.confirm(f"Stop everything and delete all data in {system.state}?", abort=True)
    system.reset()
    click.echo("All data is gone; `make up` starts afresh.")


def _sentence(error: LocalError | OSError) -> str:
    return str(error) if isinstance(error, LocalError) else sentence_for(error)


def _give_up(system: System, was_running: bool) -> None:
    """Leaves nothing running that this start brought up."""
    for number in INTERRUPTIONS:
        signal.signal(number, signal.SIG_IGN)
    for child in psutil.Process().children(recursive=True):
        _ignoring_the_dead(child.kill)
    if not was_running and system.down():
        click.echo("What had been started was stopped.", err=True)


def _ignoring_the_dead(action: Callable[[], None]) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return


if __name__ == "__main__":
    try:
        main()
    except (LocalError, OSError) as error:
        sys.exit(f"\n{_sentence(error)}")
