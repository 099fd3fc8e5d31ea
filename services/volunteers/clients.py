"""Names, addresses and telephone numbers, which accounts keeps: asked by the routes, before or after a command."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import structlog
from flask import current_app

from shared.errors import N_, Kind, Reason, Refusal
from shared.service_client import AccountsService, Contact, ServiceAway, ServiceToken

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


def _accounts() -> AccountsService:
    known: AccountsService | None = current_app.extensions.get(ACCOUNTS)
    if known is None:
        config = current_app.extensions["kommunity_settings"]
        token = ServiceToken(config.accounts_url, "volunteers", config.service_secret)
        known = current_app.extensions[ACCOUNTS] = AccountsService(config.accounts_url, token)
    return known


def _away(trouble: ServiceAway) -> Refusal:
    log.warning("accounts is away", trouble=str(trouble))
    text = N_("Vi kan ikke slå personer op lige nu. Prøv igen om et øjeblik.")
    return Refusal(Kind.UNAVAILABLE, "accounts-unavailable", [Reason("accounts-unavailable", text)])
