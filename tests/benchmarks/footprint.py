"""The memory of all processes together, and the time from `make up` on a prepared machine to the first page."""

from __future__ import annotations

import os
import time
from pathlib import Path

import requests

from deploy.local.layout import MARK
from deploy.local.system import System
from tests.benchmarks.results import Figure


def prepared_start(system: System) -> list[Figure]:
    """The system is down, but everything is installed and loaded."""
    begun = time.perf_counter()
    system.up()
    requests.get(system.url("portal"), timeout=30).raise_for_status()
    return [Figure("prepared start to the first page", time.perf_counter() - begun, "s", 20)]


def memory(system: System) -> list[Figure]:
    """Proportional set size: memory that processes share is counted once."""
    total_kb = sum(_pss_kb(process) for process in Path("/proc").iterdir() if _is_ours(process, system))
    return [Figure("memory of all processes together", total_kb / 1024, "MiB", 2.5 * 1024)]


def _is_ours(process: Path, system: System) -> bool:
    try:
        environment = (process / "environ").read_bytes() if process.name.isdigit() else b""
    except OSError:
        return False
    is_me = process.name == str(os.getpid())
    return f"{MARK}={system.state}\0".encode() in environment and not is_me


def _pss_kb(process: Path) -> int:
    lines = (process / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
