"""The proofs that a role may ask for, by slug: accounts keeps who has them, volunteers asks for them."""

from __future__ import annotations

from shared.errors import N_

CHILD_PROTECTION = "boerneattest"

# What each is called, and whether it can run out. A municipality that asks for more adds it here.
QUALIFICATIONS: dict[str, tuple[str, bool]] = {
    CHILD_PROTECTION: (N_("børneattest erklæret"), True),
    "trailerkort": (N_("trailerkort"), True),
    "maskinkursus": (N_("maskinkursus"), True),
    "foerstehjaelp": (N_("førstehjælpskursus"), True),
    "hygiejnekursus": (N_("hygiejnekursus"), True),
    "dansk": (N_("taler dansk"), False),
    "engelsk": (N_("taler engelsk"), False),
    "tysk": (N_("taler tysk"), False),
    "arabisk": (N_("taler arabisk"), False),
    "ukrainsk": (N_("taler ukrainsk"), False),
}

# As tables and people write them.
_SPELLINGS = {"børneattest": CHILD_PROTECTION, "førstehjælp": "foerstehjaelp", "trailerkørekort": "trailerkort"}


def named(text: str) -> str | None:
    """The slug of what a table calls “børneattest” or “Trailerkort”; None for what we do not know."""
    word = text.strip().casefold()
    return _SPELLINGS.get(word) or (word if word in QUALIFICATIONS else None)
