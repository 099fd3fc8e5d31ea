"""The whole local system, to start, stop and disturb.

system = System(folder, Ports.free())
system.up()
system.stop_part("kafka"); …; system.start_part("kafka")
system.down()
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import requests

from deploy.local.errors import LocalError
from deploy.local.layout import Existing, Layout
from deploy.local.settings import Ports, parts_folder, refuse_busy_port, state_folder
from deploy.local.start import plan_for
from deploy.local.strays import sweep
from deploy.local.supervision import Program, Supervisor
from shared.settings import KafkaSecurity

NEEDED_BYTES = 500_000_000
TRIES = 3
PATIENCE_S = 300


class System(Layout):
    def __init__(
        self, state: Path, ports: Ports, existing: Existing | None = None, show: Callable[[str], None] = print
    ) -> None:
        super().__init__(state, ports, existing or Existing())
        self.supervisor = Supervisor(self.state)
        self._show = show

    @classmethod
    def from_environment(cls) -> "System":
        return cls(state_folder(), Ports.from_environment(), Existing.from_environment())

    def up(self) -> bool:
        """Starts what is not running, and says whether that was anything. Raises LocalError with a clear sentence."""
        programs = self.programs()
        if self.supervisor.is_running():
            if not self.supervisor.is_configured_for(programs.values()):
                self._show("The settings have changed since the last start: stopping first.")
                self.down()
            elif all(map(self.is_healthy, programs)):
                return False
        if not self.supervisor.is_running():
            sweep(self)
            self._check_ground(programs)
            self.supervisor.launch(programs.values(), self.inherited())
        plan_for(self, self.start_part, self._show).run()
        return True

    def down(self) -> bool:
        """Stops everything, and says whether anything was running."""
        was_running = self.supervisor.is_running()
        if was_running:
            names = self.supervisor.processes().keys()
            servers = {"kafka", "mail", "postgres"}
            for wave in (names - servers, names & {"kafka", "mail"}, names & {"postgres"}):
                self.supervisor.stop(*wave)
            self.supervisor.shut_down()
        return sweep(self) or was_running

    def reset(self) -> None:
        """Stops everything and forgets all data; the downloaded parts stay."""
        self.down()
        if self.place != self.state:
            shutil.rmtree(self.place, ignore_errors=True)
        for entry in self.state.iterdir() if self.state.exists() else ():
            if entry != parts_folder():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        with suppress(OSError):  # the downloaded parts may be in it
            self.state.rmdir()

    def start_part(self, part: str) -> bool:
        """Starts the part, waits until it is ready, and says whether it had to be started."""
        started = self.supervisor.start(part)
        self.wait_for(part)
        return started

    def stop_part(self, part: str) -> None:
        self.supervisor.stop(part)

    def is_healthy(self, part: str) -> bool:
        if not self.supervisor.is_alive(part):
            return False
        if part == "postgres":
            return self.postgres.answers()
        if part == "kafka":
            return self.kafka.answers()
        return _says_ok(self.health_url(part))

    def wait_for(self, part: str, seconds: float = PATIENCE_S) -> None:
        """Gives up early on a part that dies again and again; a busy machine only takes long."""
        deadline = time.monotonic() + seconds
        deaths = self.supervisor.deaths()[part]
        while not self.is_healthy(part):
            if time.monotonic() > deadline or self.supervisor.deaths()[part] >= deaths + TRIES:
                raise LocalError(f"{part} did not become ready: {self._last_words(part)}. Run `make up` again.")
            time.sleep(0.2)

    def _check_ground(self, programs: Mapping[str, Program]) -> None:
        if "kafka" in programs and os.environ.get("KOMMUNITY_KAFKA_SECURITY") == KafkaSecurity.SCRAM_TLS:
            raise LocalError(
                "The local Kafka speaks no TLS: ask for KOMMUNITY_KAFKA_SECURITY=scram,"
                " or name a Kafka of yours in KOMMUNITY_KAFKA_BOOTSTRAP."
            )
        self.state.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.state).free < NEEDED_BYTES:
            raise LocalError(f"The disk of {self.state} is almost full: free at least 500 MB and run `make up` again.")
        for name, port in self.ports.items():
            part = {"smtp": "mail", "inbox": "mail", "kafka-controller": "kafka"}.get(name, name)
            if part in programs or f"{part}-web" in programs:
                refuse_busy_port(name, port)

    def _last_words(self, part: str) -> str:
        log = self.supervisor.log_of(part)
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        return f"{lines[-1] if lines else 'it said nothing'} (more with `make logs part={part}`)"


def _says_ok(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
