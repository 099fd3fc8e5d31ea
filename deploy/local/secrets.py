"""The local system's own secrets: made once, readable by their owner alone."""

import json
import secrets
from pathlib import Path

from deploy.local.settings import SERVICES

NAMES = ("postgres", *SERVICES, "kafka", *(f"kafka-{service}" for service in SERVICES), "session", "service", "link")


def load_or_make(file: Path) -> dict[str, str]:
    """Passwords for the database and for Kafka, of who runs them and of each service; secrets of web, services, links.

    A system that was made before a secret was needed gets it now.
    """
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in NAMES if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(36) for name in missing}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(known, indent=1))
    return known
