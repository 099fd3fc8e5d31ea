"""SMTP, with the two kinds of trouble kept apart: the server's, which concerns all mails, and one mail's own."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import parseaddr

from shared.settings import Settings

TIMEOUT_S = 10.0
FOR_GOOD = 500


class ServerTrouble(Exception):
    """The mail server is away, slow or refuses us: every mail waits."""


class MailRefused(Exception):
    """The server refuses this mail or its address, for now or for good; others may go."""

    def __init__(self, code: int, text: bytes | str) -> None:
        self.for_good = code >= FOR_GOOD
        super().__init__(f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}")


class MailServer:
    """The server of the settings. `timeout` is how long it may stay silent, in seconds."""

    def __init__(self, config: Settings, timeout: float = TIMEOUT_S) -> None:
        self.config = config
        self.timeout = timeout
        self.domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"

    @contextmanager
    def connect(self) -> Iterator[smtplib.SMTP]:
        """An open, greeted and signed-in connection. Raises ServerTrouble, also for what happens inside."""
        config = self.config
        try:
            # Our own name is given, as looking it up may take long where there is no name server.
            with smtplib.SMTP(config.smtp_host, config.smtp_port, self.domain, self.timeout) as connection:
                if config.smtp_starttls:
                    connection.starttls(context=ssl.create_default_context())
                if config.smtp_user:
                    connection.login(config.smtp_user, config.smtp_password)
                yield connection
        except (OSError, smtplib.SMTPException) as error:
            raise ServerTrouble(f"{type(error).__name__}: {error}") from error


def send(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Hand over one mail to its one recipient. Raises MailRefused, or smtplib's errors for the server's troubles."""
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise MailRefused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise MailRefused(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(FOR_GOOD, str(error)) from error
