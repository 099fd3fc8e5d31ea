"""Writes a mail: its template pair, filled from the event and our copies, in the reader's language."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels.words import Words
from services.notifications.clients import Reasons
from services.notifications.domain import LETTERS
from services.notifications.models import Notice
from services.notifications.queries import Facts
from shared import clock
from shared.contracts.base import REGISTRY
from shared.service_client import Contact
from shared.settings import Settings

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"
BLANK_LINES = re.compile(r"\n{3,}")


def compose(
    delivery_id: UUID, notice: Notice, facts: Facts, reasons: Reasons, to: Contact, config: Settings
) -> EmailMessage:
    """The mail as it is sent. The same delivery always has the same Message-ID, so that mail programs see one."""
    letter = LETTERS[notice.template]
    number = facts.booking.number if facts.booking else notice.payload.get("number", "")
    gettext = words_in(to.language).translations.gettext
    link = config.portal_url.rstrip("/") + letter.path.format(**{"booking_id": notice.booking_id, **notice.payload})
    content = {
        "event": REGISTRY[notice.event_type].from_payload(notice.payload),
        "name": to.name,
        "number": number,
        "reasons": reasons,
        "booking": facts.booking,
        "association": facts.association,
        "depots": facts.depots,
        "delivered": facts.delivered,
        "subject": gettext(letter.subject).format(number=number),
        "why": gettext(letter.why),
        "action": gettext(letter.action),
        "link": link,
        "language": to.language,
    }
    sender = parseaddr(config.mail_from)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = content["subject"]
    message["From"] = Address(sender[0], addr_spec=sender[1])
    message["To"] = Address(to.name, addr_spec=to.email)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{delivery_id}@{sender[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = to.language
    message.set_content(BLANK_LINES.sub("\n\n", render(f"{notice.template}.txt", content)))
    message.add_alternative(render(f"{notice.template}.html", content), subtype="html")
    return message


def render(template: str, content: dict[str, Any]) -> str:
    return environment(content["language"]).get_template(template).render(content)


@cache
def environment(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = words_in(language)
    env.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(moment=words.moment)
    env.globals.update(words=words)
    return env


@cache
def words_in(language: str) -> Words:
    return Words(language)
