"""Places at which a fault test kills the process, to show that nothing is lost there.

In a test system KOMMUNITY_FAILPOINTS names a folder. A file in it that is named like a point is removed, and the
process dies there and then, as by kill -9: once for each file.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from shared.settings import settings

SLOW = "consumer.slow"


def _armed(point: str) -> Path | None:
    folder = settings().failpoints
    return folder / point if folder else None


def failpoint(point: str) -> None:
    file = _armed(point)
    if file is not None:
        try:
            file.unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def dawdle() -> None:
    """Wait the seconds that the file `consumer.slow` holds, as long as it is there."""
    file = _armed(SLOW)
    if file is not None and file.exists():
        time.sleep(float(file.read_text()))
