"""The local system's own secrets: made once, readable by their owner alone."""

import json
import secrets
from pathlib import Path

from deploy.local.settings import SERVICES

NAMES = ("postgres", *SERVICES, "session", "service")


def load_or_make(file: Path) -> dict[str, str]:
    """Passwords of the database's superuser and of each service's role, and the two secrets of the web."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps({name: secrets.token_urlsafe(36) for name in NAMES}, indent=1))
    known: dict[str, str] = json.loads(file.read_text())
    return known
