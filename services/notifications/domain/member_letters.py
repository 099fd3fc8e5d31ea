"""Mails about being in an association."""

from __future__ import annotations

from services.notifications.domain.letter import Letter
from shared.errors import N_

MEMBER_LETTERS = {
    "invited": Letter(
        N_("Vil du være med i {title}?"),
        N_("Du får denne mail, fordi en forening har inviteret dig."),
        N_("Svar på invitationen"),
        "/profil#invitationer",
    )
}

ROLES = {
    "chair": N_("formand"),
    "signatory": N_("tegningsberettiget"),
    "booker": N_("booker"),
    "member": N_("medlem"),
}
