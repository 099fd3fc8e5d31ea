"""The table of `make status`."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from deploy.local.errors import LocalError
from deploy.local.kommunity import run_kommunity
from deploy.local.settings import SERVICES
from deploy.local.system import System

HEADINGS = ("part", "state", "address", "up for", "restarts", "lag", "dead letters")
WORDS = {"STARTING": "starting", "BACKOFF": "dies, tried again", "STOPPED": "stopped", "STOPPING": "stopping"}


def table(system: System) -> str:
    if not system.supervisor.is_running():
        return "Nothing is running. Start with `make up`."
    rows = [HEADINGS, *_rows(system)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _rows(system: System) -> list[tuple[str, ...]]:
    deaths = system.supervisor.deaths()
    with ThreadPoolExecutor() as pool:
        lags = dict(zip(SERVICES, pool.map(lambda service: _lag(system, service), SERVICES), strict=True))
        states = pool.map(lambda item: _state(system, *item), system.supervisor.processes().items())
    rows: list[tuple[str, ...]] = []
    for (part, info), state in zip(system.supervisor.processes().items(), states, strict=True):
        behind = lags[part.removesuffix("-worker")] if part.endswith("-worker") else ("", "")
        up_for = str(timedelta(seconds=info["now"] - info["start"])) if info["pid"] else ""
        rows.append((part, state, system.address(part), up_for, str(deaths[part]), *behind))
    return rows


def _state(system: System, part: str, info: dict[str, str]) -> str:
    if info["statename"] in ("RUNNING", "STARTING"):
        return "ready" if system.is_healthy(part) else "starting" if info["statename"] == "STARTING" else "not ready"
    return WORDS.get(info["statename"], info["statename"].lower())


def _lag(system: System, service: str) -> tuple[str, str]:
    """Events not applied yet, and dead letters."""
    try:
        counts = json.loads(run_kommunity(["lag", service], system.env(service)))
    except LocalError:
        return "?", "?"
    return str(sum(counts.values()) - counts["dead_letters"]), str(counts["dead_letters"])
