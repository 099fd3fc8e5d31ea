"""What the service stands on in these tests: an inbox, mail servers that behave badly, bookings."""

from __future__ import annotations

import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from deploy.local import node
from deploy.local.settings import free_ports
from services.bookings.app import create_app as create_bookings
from services.bookings.models import Booking, Happening, Line, Resource
from shared import clock
from shared.contracts.bookings import BookedLine, BookingRequested
from shared.db import Database
from shared.settings import Environment, Settings
from tests.support.town_hall import Served, TownHall
from tests.support.waiting import eventually


class Inbox:
    """A real mail server whose mails can be read."""

    def __init__(self, smtp_port: int, web_port: int) -> None:
        self.smtp_port = smtp_port
        self.url = f"http://127.0.0.1:{web_port}"

    def mails(self) -> list[dict[str, Any]]:
        return requests.get(f"{self.url}/email", timeout=5).json()

    def by_address(self) -> dict[str, dict[str, Any]]:
        """The last mail to each, by the part of the address before the @."""
        return {mail["to"][0]["address"].partition("@")[0]: mail for mail in self.mails()}

    def clear(self) -> None:
        requests.delete(f"{self.url}/email/all", timeout=5)

    def is_up(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.ConnectionError:
            return False


@contextmanager
def an_inbox(folder: str) -> Iterator[Inbox]:
    node.install_mail()
    smtp, web = free_ports(2)
    options = ["--ip", "127.0.0.1", "--smtp", str(smtp), "--web", str(web), "--mail-directory", folder]
    process = subprocess.Popen(
        [str(node.NODE), str(node.MAILDEV), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        inbox = Inbox(smtp, web)
        eventually(inbox.is_up)
        yield inbox
    finally:
        process.terminate()
        process.wait(10)


class BadServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP to say what `answer` says to each command (HELLO is the call itself).

    None is silence, "" hangs up.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answer: Callable[[str], str | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answer = answer
        self.done = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: BadServer

    def handle(self) -> None:
        command = "HELLO"
        while command:
            answer = self.server.answer(command)
            if answer is None:
                self.server.done.wait()
            if not answer:
                return
            self.wfile.write(f"{answer}\r\n".encode())
            command = self._after_the_mail() if answer.startswith("354") else self._line()

    def _after_the_mail(self) -> str:
        """The mail's own lines get no answer, up to the lone dot."""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            pass
        return line.decode().strip()

    def _line(self) -> str:
        return self.rfile.readline().decode("utf-8", "replace").strip()


@contextmanager
def a_bad_server(answer: Callable[[str], str | None]) -> Iterator[BadServer]:
    with BadServer(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.done.set()
            server.shutdown()


class BookingDesk(Served):
    """Bookings, where managers and borrowers wrote why. It trusts the town hall's tokens."""

    def __init__(self, database: Database, hall: TownHall) -> None:
        super().__init__(database)
        config = Settings(environment=Environment.TEST, accounts_url=hall.url)
        self.app = create_bookings(config, database=database)

    def write(
        self, request: BookingRequested, reasons: Mapping[BookedLine, str] | None = None, cancellation: str = ""
    ) -> None:
        """The booking of that event, as if these lines were refused and it was called off."""
        booking = Booking(
            id=request.booking_id,
            number=request.number,
            person_id=request.person_id,
            association_id=request.association_id,
            purpose="",
            open_to_all=False,
            place_of_use="",
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            state="confirmed",
            created_at=clock.now(),
        )
        reasons = reasons or {}
        with self.database.begin() as session:
            session.add_all(_resource(line) for line in request.lines)
            session.add(booking)
            session.flush()
            session.add_all(_line(request, line, reasons.get(line, "")) for line in request.lines)
            if cancellation:
                session.add(Happening(booking_id=booking.id, at=clock.now(), what="cancelled", note=cancellation))


def _resource(line: BookedLine) -> Resource:
    return Resource(
        id=line.resource_id,
        kind=line.kind,
        name=line.name,
        category="",
        depot_id=line.depot_id,
        needs_approval=True,
        lead_time_hours=0,
        active=True,
    )


def _line(request: BookingRequested, line: BookedLine, reason: str) -> Line:
    return Line(
        id=line.line_id,
        booking_id=request.booking_id,
        position=request.lines.index(line),
        resource_id=line.resource_id,
        kind=line.kind,
        name=line.name,
        unit_name=line.unit_name,
        depot_id=line.depot_id,
        quantity=line.quantity,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        ready_at=line.ends_at,
        state=line.state,
        needs_approval=True,
        reason=reason,
    )
