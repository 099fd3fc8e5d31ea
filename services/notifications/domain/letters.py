"""All kinds of mail, by the name of their templates."""

from __future__ import annotations

from services.notifications.domain.booking_letters import BOOKING_LETTERS
from services.notifications.domain.letter import Letter
from services.notifications.domain.member_letters import MEMBER_LETTERS
from services.notifications.domain.shift_letters import SHIFT_LETTERS

LETTERS: dict[str, Letter] = {**BOOKING_LETTERS, **MEMBER_LETTERS, **SHIFT_LETTERS}
GATHERED = frozenset(name for name, letter in SHIFT_LETTERS.items() if letter.waits_for_more)
