"""Names, addresses, telephone numbers and birth dates, which accounts keeps: asked before or after a command."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from uuid import UUID

import structlog
from flask import current_app

from shared.actors import NOBODY
from shared.errors import N_, Kind, Reason, Refusal
from shared.service_client import AccountsService, Contact, ServiceAway, ServiceToken
from shared.settings import Settings, settings

log = structlog.get_logger(__name__)

ACCOUNTS = "kommunity_accounts"


def contacts_of(person_ids: Iterable[UUID | None]) -> dict[UUID, Contact]:
    """Whom accounts still knows of them. Raises Refusal (503) while accounts is away."""
    wanted = {person_id for person_id in person_ids if person_id}
    try:
        return _accounts().people(wanted) if wanted else {}
    except ServiceAway as trouble:
        raise _away(trouble) from trouble


def names_of(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names to show beside what is asked for. While accounts is away there are none, and the rest is shown."""
    try:
        return {person_id: contact.name for person_id, contact in contacts_of(person_ids).items()}
    except Refusal as refusal:
        log.warning("names are left out", why=refusal.slug)
        return {}


def person_with(email: str) -> Contact | None:
    """Whom an e-mail address means. Raises Refusal (503) while accounts is away."""
    try:
        return _accounts().person_with(email)
    except ServiceAway as trouble:
        raise _away(trouble) from trouble


def birth_date_of(person_id: UUID) -> date | None:
    """None where she did not write it. Raises Refusal (503) while accounts is away."""
    try:
        return _accounts().birth_dates({person_id} - {NOBODY}).get(person_id)
    except ServiceAway as trouble:
        raise _away(trouble) from trouble


@cache
def accounts_for_jobs() -> AccountsService:
    return _accounts_by(settings())


def _accounts() -> AccountsService:
    known: AccountsService | None = current_app.extensions.get(ACCOUNTS)
    if known is None:
        known = current_app.extensions[ACCOUNTS] = _accounts_by(current_app.extensions["kommunity_settings"])
    return known


def _accounts_by(config: Settings) -> AccountsService:
    token = ServiceToken(config.accounts_url, "volunteers", config.service_secret)
    return AccountsService(config.accounts_url, token)


def _away(trouble: ServiceAway) -> Refusal:
    log.warning("accounts is away", trouble=str(trouble))
    text = N_("Vi kan ikke slå personer op lige nu. Prøv igen om et øjeblik.")
    return Refusal(Kind.UNAVAILABLE, "accounts-unavailable", [Reason("accounts-unavailable", text)])
