"""Rules of roles, log-in and profiles, in plain Python. `now` is real time, never the movable clock's."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from shared.actors import (
    ADMINISTRATOR,
    BOOKER,
    DEPOT_STAFF,
    FACILITY_MANAGER,
    MEMBER,
    VOLUNTEER_COORDINATOR,
)
from shared.errors import N_, Kind, Reason, Refusal
from shared.qualifications import QUALIFICATIONS

ACCESS_TOKEN_FOR = timedelta(minutes=10)
REFRESH_TOKEN_FOR = timedelta(days=7)
SESSION_FOR = timedelta(days=30)
REUSE_GRACE = timedelta(seconds=10)  # two tabs of one browser may refresh at once

THROTTLED_FOR = timedelta(minutes=15)
MOST_FAILURES_FROM_ADDRESS = 10
MOST_FAILURES = 50  # for one e-mail from all addresses together

OLDEST = 120  # years

INVITATION_FOR = timedelta(days=30)
EVERYDAY_ROLES = (BOOKER, MEMBER)  # a signatory gives and ends them too, and they can be turned into each other

MUNICIPALITY = "municipality"
SCOPE_KINDS = {
    DEPOT_STAFF: ("depot", MUNICIPALITY),
    FACILITY_MANAGER: ("facility", MUNICIPALITY),
    VOLUNTEER_COORDINATOR: (MUNICIPALITY,),
    ADMINISTRATOR: (MUNICIPALITY,),
}


def email_address(text: str) -> str:
    """The one form in which an e-mail address is stored and looked up, however it was typed."""
    return text.strip().lower()


def scope_problems(role: str, scope_kind: str, scope_id: UUID | None) -> Iterator[Reason]:
    """What is wrong with a staff role's scope: a depot for depot staff, a facility for managers, or the whole."""
    if scope_kind not in SCOPE_KINDS[role]:
        text = N_("Rollen gælder ikke for det område. Vælg et af: {choices}.")
        yield Reason("wrong-scope", text, "scope_kind", {"choices": ", ".join(SCOPE_KINDS[role])})
    if (scope_id is None) != (scope_kind == MUNICIPALITY):
        text = N_("Angiv id for depotet eller faciliteten, og kun der: hele kommunen har intet id.")
        yield Reason("wrong-scope-id", text, "scope_id")


def birth_date_problems(born_on: date, today: date) -> Iterator[Reason]:
    if not (today.year - OLDEST <= born_on.year and born_on <= today):
        yield Reason("impossible-birth-date", N_("Det kan ikke være en fødselsdato. Ret den."), "born_on")


def proof_problems(qualification: str, valid_until: date | None, today: date) -> Iterator[Reason]:
    """What is wrong with a declared proof's last day."""
    may_expire = QUALIFICATIONS[qualification][1]
    if valid_until is not None and not may_expire:
        yield Reason("never-expires", N_("Det udløber ikke. Lad datoen være tom."), "valid_until")
    elif valid_until is not None and valid_until < today:
        text = N_("Beviset er udløbet. Forny det først, og skriv så den nye dato.")
        yield Reason("already-expired", text, "valid_until")


def change_problems(held: Set[str], before: str, after: str) -> Iterator[Reason]:
    """Why one of the roles `held` cannot be turned into another."""
    if before not in EVERYDAY_ROLES:
        text = N_("Kun bookere og medlemmer kan skifte rolle. Fjern rollen, og invitér personen igen.")
        yield Reason("fixed-role", text, "role")
    if after in held:
        yield ALREADY_GRANTED
    if after == MEMBER and held - {before}:
        text = N_("Personen har også en anden rolle i foreningen. Fjern rollen som booker i stedet.")
        yield Reason("holds-more", text, "role")


class Verdict(Enum):
    """What a refresh token that comes back is worth."""

    GOOD = auto()
    WORTHLESS = auto()
    STOLEN = auto()  # it was exchanged before: somebody else has a copy


def judge_refresh(used_at: datetime | None, expires_at: datetime, now: datetime) -> Verdict:
    if used_at is not None and now - used_at > REUSE_GRACE:
        return Verdict.STOLEN
    return Verdict.GOOD if now < expires_at else Verdict.WORTHLESS


def refuse_throttled(from_address: int, in_all: int) -> None:
    """Refuse a log-in (429) after too many failures in the last while."""
    if from_address < MOST_FAILURES_FROM_ADDRESS and in_all < MOST_FAILURES:
        return
    minutes = THROTTLED_FOR // timedelta(minutes=1)
    text = N_("Der er forsøgt for mange gange. Vent {minutes} minutter, og prøv så igen.")
    reason = Reason("too-many-log-ins", text, None, {"minutes": minutes})
    raise Refusal(Kind.TOO_MANY, "too-many-log-ins", [reason], retry_after=minutes * 60)


def wrong_credentials() -> Refusal:
    text = N_("E-mail eller adgangskode er forkert. Ret dem, og prøv igen.")
    return Refusal(Kind.UNAUTHENTICATED, "wrong-credentials", [Reason("wrong-credentials", text)])


def session_over() -> Refusal:
    text = N_("Du er logget ud. Log ind igen.")
    return Refusal(Kind.UNAUTHENTICATED, "session-over", [Reason("session-over", text)])


def wrong_client() -> Refusal:
    text = N_("Tjenesten kendes ikke, eller dens hemmelighed er forkert. Ret indstillingerne.")
    return Refusal(Kind.UNAUTHENTICATED, "wrong-client", [Reason("wrong-client", text)])


def unknown_person() -> Refusal:
    text = N_("Ingen er oprettet med den e-mail. Bed en administrator om at oprette personen først.")
    return Refusal(Kind.CONFLICT, "unknown-person", [Reason("unknown-person", text, "email")])


def email_taken() -> Refusal:
    text = N_("En person er allerede oprettet med den e-mail. Søg efter personen i stedet.")
    return Refusal(Kind.CONFLICT, "email-taken", [Reason("email-taken", text, "email")])


ALREADY_GRANTED = Reason("already-granted", N_("Personen har allerede den rolle. Du behøver ikke gøre mere."), "role")


def already_granted() -> Refusal:
    return Refusal(Kind.CONFLICT, "already-granted", [ALREADY_GRANTED])


def already_invited() -> Refusal:
    text = N_("Der er allerede en invitation til den e-mail. Træk den tilbage først, hvis rollen skal være en anden.")
    return Refusal(Kind.CONFLICT, "already-invited", [Reason("already-invited", text, "email")])


def last_chair() -> Refusal:
    text = N_("Foreningen skal have en formand. Giv rollen til en anden først.")
    return Refusal(Kind.CONFLICT, "last-chair", [Reason("last-chair", text)])


def last_administrator() -> Refusal:
    text = N_("Kommunen skal have en administrator. Giv rollen til en anden først.")
    return Refusal(Kind.CONFLICT, "last-administrator", [Reason("last-administrator", text)])
