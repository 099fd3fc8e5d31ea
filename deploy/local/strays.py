"""Processes of a local system that no supervisor holds any more, after it was killed itself."""

import os
import time

import psutil

from deploy.local.layout import MARK, Layout

LONGEST_START = 2  # seconds in which the kernel has put a new program in a process's place


def sweep(layout: Layout) -> bool:
    """Ends them all, and says whether there were any."""
    strays = [process for process in psutil.process_iter() if process.pid != os.getpid() and _is_ours(process, layout)]
    for stray in strays:
        stray.terminate()
    for stubborn in psutil.wait_procs(strays, timeout=10)[1]:
        stubborn.kill()
    return bool(strays)


def _is_ours(process: psutil.Process, layout: Layout) -> bool:
    try:
        _await_start(process)
        # PostgreSQL writes its title over its environment, but names its data folder.
        return process.environ().get(MARK) == str(layout.state) or str(layout.postgres.data) in process.cmdline()
    except psutil.Error:
        return False


def _await_start(process: psutil.Process) -> None:
    """A process in the middle of exec has a program, but shows neither its words nor its environment yet."""
    until = time.monotonic() + LONGEST_START
    while process.exe() and not process.cmdline() and time.monotonic() < until:
        time.sleep(0.001)
