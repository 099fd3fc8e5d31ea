"""Mails about what is borrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notifications.domain.letter import Letter
from shared.errors import N_

_BORROWER = N_("Du får denne mail, fordi du låner af kommunen.")
_DEPOT = N_("Du får denne mail, fordi du arbejder på depotet.")
_BOOKING = "/bookinger/{booking_id}"
_SEE_BOOKING = N_("Se bookingen")
_HANDOVER = "/depot/udleveringer/{handover_id}"

BOOKING_LETTERS = {
    "booking_received": Letter(N_("Vi har fået din booking {number}"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "approval_needed": Letter(
        N_("Booking {number} venter på dit svar"),
        N_("Du får denne mail, fordi du godkender bookinger."),
        N_("Se, hvad der venter"),
        "/godkendelser",
    ),
    "booking_confirmed": Letter(N_("Booking {number} er bekræftet"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "booking_refused": Letter(N_("Booking {number} er afvist"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "booking_cancelled": Letter(N_("Booking {number} er aflyst"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "booking_cancelled_depot": Letter(
        N_("Booking {number} er aflyst – intet skal hentes"), _DEPOT, N_("Se depotets dag"), "/depot"
    ),
    "booking_at_risk": Letter(N_("Der mangler noget til booking {number}"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "booking_at_risk_depot": Letter(
        N_("Depotet mangler noget til booking {number}"), _DEPOT, N_("Se alle konflikter"), "/lager/konflikter"
    ),
    "booking_secured": Letter(N_("Booking {number} er på plads igen"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "booking_overdue": Letter(N_("Booking {number} skulle være afleveret"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "shortage_reported": Letter(N_("Mangelrapport til booking {number}"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "shortage_reported_depot": Letter(
        N_("Mangelrapport fra booking {number}"), _DEPOT, N_("Se udleveringen"), _HANDOVER
    ),
    "materials_handed_out": Letter(N_("Kvittering: udleveret til booking {number}"), _BORROWER, _SEE_BOOKING, _BOOKING),
    "materials_returned": Letter(N_("Kvittering: afleveret fra booking {number}"), _BORROWER, _SEE_BOOKING, _BOOKING),
}


def tells_reasons(template: str, payload: Mapping[str, Any]) -> bool:
    """Does this mail tell what somebody wrote? Events carry none of it, so bookings must be asked first."""
    if template in ("booking_confirmed", "booking_refused"):
        return any(line["state"] == "refused" for line in payload["lines"])
    return template == "booking_cancelled"
