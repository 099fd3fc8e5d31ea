"""What the service stands on in these tests: an inbox, mail servers that behave badly, and accounts' answers."""

from __future__ import annotations

import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import requests
from flask import Flask, abort, jsonify, request
from werkzeug.serving import make_server

from deploy.local import node
from deploy.local.settings import free_ports
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


class People:
    """Accounts' side of the seam: who has which address, and who holds which role."""

    def __init__(self) -> None:
        self.contacts: dict[UUID, dict[str, str]] = {}
        self.roles: dict[tuple[str, str], list[UUID]] = {}
        self.url = ""
        self.is_away = False
        self.tokens = 0

    def add(self, person_id: UUID, name: str, email: str, language: str = "da") -> None:
        self.contacts[person_id] = {"person_id": str(person_id), "name": name, "email": email, "language": language}

    def app(self) -> Flask:
        app = Flask("accounts")

        @app.before_request
        def may_be_away() -> None:
            if self.is_away:
                abort(503)

        @app.post("/service-token")
        def service_token() -> Any:
            if request.get_json() != {"client_id": "notifications", "client_secret": "demo-service-secret"}:
                abort(401)
            self.tokens += 1
            return jsonify(access_token=f"token-{self.tokens}", expires_in=600)

        @app.get("/contacts")
        def contacts() -> Any:
            if request.headers.get("Authorization") != f"Bearer token-{self.tokens}":
                abort(401)
            return jsonify(contacts=[self.contacts[one] for one in self._asked() if one in self.contacts])

        return app

    def _asked(self) -> list[UUID]:
        query = request.args
        if "person_ids" in query:
            return [UUID(one) for one in query["person_ids"].split(",")]
        if "association_id" in query:
            return self.roles.get(("association", query["association_id"]), [])
        return self.roles.get((query["role"], query["scope_id"]), [])


@contextmanager
def serving(people: People) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, people.app(), threaded=True)
    people.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
