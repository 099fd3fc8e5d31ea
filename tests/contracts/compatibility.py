"""May this event class take the place of the one that wrote the golden file? Old and new code run side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.contracts import Event
from shared.contracts.codec import ContractError

ADVICE = "add optional fields only; for anything else register a new version beside the old one (version=2)"


def incompatibilities(event_class: type[Event], envelope: dict[str, Any]) -> list[str]:
    """Why not, one sentence each; empty if all is well."""
    if event_class.event_type != envelope["type"]:
        return [
            f"{envelope['type']} is called {event_class.event_type} now, and old events are not recognised: {ADVICE}"
        ]
    try:
        payload = event_class.from_payload(envelope["data"]).to_payload()
    except ContractError as error:
        return [f"{envelope['type']}: old events cannot be read, {error}: {ADVICE}"]
    return [f"{envelope['type']}: {difference}: {ADVICE}" for difference in differences(envelope["data"], payload)]


def differences(old: Any, new: Any, path: str = "data") -> Iterator[str]:
    """What an old reader would miss or misread in what the new code writes."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old):
            if name in new:
                yield from differences(old[name], new[name], f"{path}.{name}")
            else:
                yield f"the field {path}.{name} is gone, and old code needs it"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for pair in zip(old, new, strict=True):
            yield from differences(*pair, path)
    elif old != new or type(old) is not type(new):
        yield f"{path} was {old!r} and is written as {new!r} now"
