"""supervisord, which keeps the parts running: its configuration, and what we ask of it over its socket."""

import contextlib
import hashlib
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.local.errors import LocalError
from deploy.local.settings import BIN, ROOT

LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 104 or 108
STOPPED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")
# A program that ends within `startsecs` is started again after 1, 2, 3 … seconds, and never given up.
PROGRAM = """
[program:{name}]
command={command}
directory={directory}
environment={environment}
user={user}
autostart=false
autorestart=true
startsecs=10
startretries=1000000
stopsignal={stop_signal}
stopwaitsecs=15
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
"""
DAEMON = """[supervisord]
logfile={folder}/supervisord.log
logfile_maxbytes=0
pidfile={folder}/supervisord.pid
user={user}

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: str = "TERM"


class Supervisor:
    def __init__(self, state: Path) -> None:
        self.state = state
        self._folder = state / "supervisor"
        self.logs = state / "logs"
        self._configuration = self._folder / "supervisord.conf"
        self._log = self._folder / "supervisord.log"
        socket = str(self._folder / "socket")
        if len(socket) > LONGEST_SOCKET_PATH:
            short = hashlib.sha256(socket.encode()).hexdigest()[:16]
            socket = f"{tempfile.gettempdir()}/kommunity-{short}.socket"
        self._socket = socket

    def log_of(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def is_running(self) -> bool:
        try:
            return bool(self._ask("getPID"))
        except OSError:
            return False

    def is_configured_for(self, programs: Iterable[Program]) -> bool:
        return self._configuration.exists() and self._configuration.read_text() == self._written(programs)

    def launch(self, programs: Iterable[Program], environment: Mapping[str, str]) -> None:
        """Starts supervisord without starting any program. `environment` is what all programs inherit."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        self._log.unlink(missing_ok=True)  # the restarts are counted from here
        self._configuration.unlink(missing_ok=True)
        self._configuration.touch(mode=0o600)  # it holds passwords
        self._configuration.write_text(self._written(programs))
        command = [str(BIN / "supervisord"), "-c", str(self._configuration)]
        done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LocalError(f"supervisord did not start: {(done.stderr or done.stdout).strip()}")
        while not self.is_running():
            time.sleep(0.05)

    def start(self, part: str) -> bool:
        """Says whether the part had to be started."""
        try:
            self._ask("startProcess", part, False)
        except Fault as fault:
            if fault.faultCode == Faults.ALREADY_STARTED:
                return False
            raise LocalError(
                f"{part} could not be started ({fault.faultString}): see `make logs part={part}`."
            ) from fault
        return True

    def stop(self, *parts: str) -> None:
        """Stops the parts, all at the same time, and returns when they are gone."""
        for part in parts:
            with contextlib.suppress(Fault):
                self._ask("stopProcess", part, False)
        while any(info["statename"] not in STOPPED for name, info in self.processes().items() if name in parts):
            time.sleep(0.05)

    def shut_down(self) -> None:
        pid = self._ask("getPID")
        self._ask("shutdown")
        with contextlib.suppress(ProcessLookupError):
            while True:
                os.kill(pid, 0)
                time.sleep(0.05)

    def processes(self) -> dict[str, dict[str, Any]]:
        """supervisord's own facts of each program: statename, pid, start and now (Unix time), description."""
        return {info["name"]: info for info in self._ask("getAllProcessInfo")}

    def is_alive(self, part: str) -> bool:
        return self._ask("getProcessInfo", part)["statename"] in ("STARTING", "RUNNING")

    def deaths(self) -> Counter[str]:
        """How often each program ended by itself since supervisord was started."""
        text = self._log.read_text() if self._log.exists() else ""
        return Counter(re.findall(r"exited: (\S+) \(", text))

    def _ask(self, method: str, *arguments: object) -> Any:
        proxy = ServerProxy("http://127.0.0.1", transport=SupervisorTransport(None, None, f"unix://{self._socket}"))
        return getattr(proxy.supervisor, method)(*arguments)

    def _written(self, programs: Iterable[Program]) -> str:
        me = _escaped(str(os.geteuid()))
        text = DAEMON.format(folder=_escaped(str(self._folder)), socket=_escaped(self._socket), user=me)
        for program in programs:
            text += PROGRAM.format(
                name=program.name,
                command=" ".join(f'"{_escaped(word)}"' for word in program.command),
                directory="/" if program.user else _escaped(str(ROOT)),
                environment=",".join(f'{name}="{_escaped(value)}"' for name, value in program.environment.items()),
                user=program.user or me,
                stop_signal=program.stop_signal,
                log=_escaped(str(self.log_of(program.name))),
            )
        return text


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
