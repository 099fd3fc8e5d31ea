"""Writes a mail: one letter, or several as sections of one, each as text and HTML in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels.contents import Content, digest_content
from services.notifications.channels.words import words_in
from shared import clock
from shared.service_client import Contact
from shared.settings import Settings

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"
BLANK_LINES = re.compile(r"\n{3,}")


def compose(mail_id: UUID, contents: Sequence[Content], to: Contact, config: Settings) -> EmailMessage:
    """The mail as it is sent. What goes in the same mail again has the same Message-ID: mail programs see one."""
    content = contents[0] if len(contents) == 1 else digest_content(list(contents), to, config.portal_url)
    sender = parseaddr(config.mail_from)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = content.values["subject"]
    message["From"] = Address(sender[0], addr_spec=sender[1])
    message["To"] = Address(to.name, addr_spec=to.email)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail_id}@{sender[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = to.language
    message.set_content(BLANK_LINES.sub("\n\n", render(content, "txt")))
    message.add_alternative(render(content, "html"), subtype="html")
    for number, file in enumerate([file for one in contents for file in one.calendars], 1):
        method = {"method": file.method}
        message.add_attachment(file.text, subtype="calendar", params=method, filename=f"vagt-{number}.ics")
    return message


def render(content: Content, kind: str, layout: str = "base") -> str:
    """kind: txt or html. layout: base for a mail of its own, section for a part of one."""
    env = environment(content.values["language"])
    sections = [render(part, kind, "section") for part in content.values.get("parts", ())]
    return env.get_template(f"{content.template}.{kind}").render(
        {**content.values, "layout": f"{layout}.{kind}", "sections": sections}
    )


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
