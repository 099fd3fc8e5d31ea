"""supervisord keeps programs running, and nothing survives the end of the system."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.layout import Existing, Layout
from deploy.local.settings import Ports
from deploy.local.strays import sweep
from deploy.local.supervision import Program, Supervisor
from tests.support.waiting import eventually

PATIENT = Program("patient", ["sleep", "600"])


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    layout = Layout(tmp_path_factory.mktemp("state"), Ports.free(), Existing())
    yield layout
    sweep(layout)


@pytest.fixture
def supervisor(layout: Layout) -> Supervisor:
    """One that runs, with its program."""
    supervisor = Supervisor(layout.state)
    if not supervisor.is_running():
        supervisor.launch([PATIENT], layout.inherited())
    supervisor.start("patient")
    return supervisor


def pid_of(supervisor: Supervisor, part: str) -> int:
    return int(supervisor.processes()[part]["pid"])


def test_a_killed_program_is_started_again_and_its_death_counted(supervisor):
    first = pid_of(supervisor, "patient")
    os.kill(first, signal.SIGKILL)
    eventually(lambda: pid_of(supervisor, "patient") not in (0, first), what="another process")
    assert supervisor.deaths()["patient"] == 1


def test_starting_what_runs_changes_nothing(supervisor):
    first = pid_of(supervisor, "patient")
    assert supervisor.start("patient") is False
    assert pid_of(supervisor, "patient") == first


def test_a_clean_stop_leaves_nothing_running(supervisor, layout):
    program = pid_of(supervisor, "patient")
    supervisor.stop("patient")
    supervisor.shut_down()
    assert not psutil.pid_exists(program)
    assert sweep(layout) is False


def test_what_a_killed_supervisor_leaves_behind_is_swept(supervisor, layout):
    program = pid_of(supervisor, "patient")
    os.kill(int((layout.state / "supervisor" / "supervisord.pid").read_text()), signal.SIGKILL)
    assert sweep(layout) is True
    assert not psutil.pid_exists(program)


def test_passwords_are_readable_by_their_owner_alone(supervisor, layout):
    files = [layout.state / "secrets.json", layout.state / "supervisor" / "supervisord.conf"]
    assert layout.secrets["postgres"]
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def test_a_deep_folder_still_gets_a_socket(tmp_path):
    deep = Path(tmp_path, *["a-rather-long-folder-name"] * 5)
    deep.mkdir(parents=True)
    layout = Layout(deep, Ports.free(), Existing())
    supervisor = Supervisor(deep)
    supervisor.launch([PATIENT], layout.inherited())
    assert supervisor.is_running()
    supervisor.shut_down()
