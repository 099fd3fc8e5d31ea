"""Runs the house's own command (`kommunity …`) for a step of the start."""

import subprocess

from deploy.local.errors import LocalError
from deploy.local.settings import BIN, ROOT


def run_kommunity(arguments: list[str], environment: dict[str, str]) -> str:
    """What the command printed."""
    command = [str(BIN / "kommunity"), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise LocalError(f"`kommunity {' '.join(arguments)}` failed: {words[-1]}\n" + "\n".join(words[-15:-1]))
    return done.stdout
