"""Processes of a local system that no supervisor holds any more, after it was killed itself."""

import os

import psutil

from deploy.local.layout import MARK, Layout


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
        # PostgreSQL writes its title over its environment, but names its data folder.
        return process.environ().get(MARK) == str(layout.state) or str(layout.postgres.data) in process.cmdline()
    except psutil.Error:
        return False
