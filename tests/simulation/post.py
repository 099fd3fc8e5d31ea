"""The mail server's side of the town: takes every mail and keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from services.notifications.channels.delivery import PostOffice
from services.notifications.channels.email import MailServer
from shared.db import Database
from shared.settings import Settings
from tests.simulation.crashes import Fuse


class Letterbox(MailServer):
    """`taken`: the mails by their Message-ID; one sent again after a crash is the same mail."""

    def __init__(self, config: Settings, fuse: Fuse) -> None:
        super().__init__(config)
        self.fuse = fuse
        self.taken: dict[str, EmailMessage] = {}

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self

    def send_message(self, message: EmailMessage) -> None:
        self.fuse.burn("before a mail goes out")
        self.taken[message["Message-ID"]] = message
        self.fuse.burn("after a mail went out")


def open_office(database: Database, config: Settings, letterbox: Letterbox) -> PostOffice:
    return PostOffice.of(database, config, letterbox)
