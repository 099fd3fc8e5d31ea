"""Where the local system lies, and which ports it takes."""

import os
import random
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
SERVICES = ("accounts", "inventory", "bookings", "volunteers", "notifications")

DEFAULT_PORTS = {
    "portal": 8100,
    "accounts": 8101,
    "inventory": 8102,
    "bookings": 8103,
    "volunteers": 8104,
    "notifications": 8105,
    "accounts-worker": 8201,
    "inventory-worker": 8202,
    "bookings-worker": 8203,
    "volunteers-worker": 8204,
    "notifications-worker": 8205,
    "postgres": 54320,
    "kafka": 29092,
    "kafka-controller": 29093,
    "smtp": 1025,
    "inbox": 1080,
}


class Ports(Mapping[str, int]):
    """The port of every part, e.g. `ports["bookings-worker"]`."""

    def __init__(self, chosen: Mapping[str, int] | None = None) -> None:
        self._ports = {**DEFAULT_PORTS, **(chosen or {})}

    @classmethod
    def from_environment(cls) -> "Ports":
        given = {part: port for part in DEFAULT_PORTS if (port := os.environ.get(port_setting(part)))}
        for part, port in given.items():
            if not (port.isdecimal() and 0 < int(port) < 65536):
                raise LocalError(f"{port_setting(part)} is “{port}”, but must be a port between 1 and 65535.")
        return cls({part: int(port) for part, port in given.items()})

    @classmethod
    def free(cls) -> "Ports":
        """Ports that nobody listens on just now, for a second system beside a running one."""
        return cls(dict(zip(DEFAULT_PORTS, free_ports(len(DEFAULT_PORTS)), strict=True)))

    def __getitem__(self, part: str) -> int:
        return self._ports[part]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ports)

    def __len__(self) -> int:
        return len(self._ports)


def port_setting(part: str) -> str:
    return f"KOMMUNITY_PORT_{part.upper().replace('-', '_')}"


def free_ports(count: int) -> list[int]:
    """Below the range from which systems take ports for outgoing connections: ours stay ours while a part is down."""
    candidates = random.sample(range(15000, 32000), 1000)
    return [port for port in candidates if _can_bind(port)][:count]


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_listening(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def refuse_busy_port(part: str, port: int) -> None:
    if is_listening(port):
        raise LocalError(
            f"Port {port}, which {part} needs, is taken by another program: stop that program,"
            f" or choose another port, e.g. `{port_setting(part)}={port + 1000} make up`."
        )


def state_folder() -> Path:
    return Path(os.environ.get("KOMMUNITY_STATE") or ROOT / ".kommunity").resolve()


def parts_folder() -> Path:
    """Downloaded programs; one folder may serve several checkouts."""
    return Path(os.environ.get("KOMMUNITY_PARTS") or ROOT / ".kommunity" / "parts").resolve()
