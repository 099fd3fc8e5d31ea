"""The rules' reasons as a coordinator reads them: about somebody else, and with what she herself can do."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.volunteers.domain.rights import coordinates
from shared.actors import Actor
from shared.errors import N_, Reason, forbidden

_ABOUT_OTHERS = {
    "age-unknown": N_(
        "Skal være mindst {age} år, og alderen kendes ikke. Bed personen skrive sin fødselsdato under Min profil."
    ),
    "too-young": N_("Er under {age} år den dag. Find en opgave uden den grænse."),
    "missing": N_("Mangler: {requirement}. Spørg efter det, eller find en anden opgave."),
    "expired": N_("{requirement}: beviset gælder kun til {until}. Bed om et nyt."),
    "members-only": N_("Er ikke skrevet op i {audience}. Foreningen kan gøre det."),
    "participants-only": N_("Har ikke været med i {audience} før."),
    "no-children": N_("Har et barn med, og der kan ikke være børn på vagten. Aftal det med den voksne."),
    "child-too-young": N_("Barnet, der er med, er under {age} år. Aftal det med den voksne."),
    "overlap": N_("Er allerede med i “{title}” {starts_at}–{ends_at}. Det skal afmeldes først."),
}


def about_another(reasons: Iterable[Reason]) -> list[Reason]:
    """For the crew's list: same slugs and values, other words."""
    return [Reason(one.slug, _words(one.slug) or one.text, one.field, one.params) for one in reasons]


def _words(slug: str) -> str | None:
    return _ABOUT_OTHERS.get(slug) or _ABOUT_OTHERS.get(slug.partition("-")[0])


def refuse_unless_coordinating(actor: Actor, organiser_id: UUID | None) -> None:
    """Raises Refusal (403) for whoever does not plan this organiser's shifts."""
    if not coordinates(actor, organiser_id):
        raise forbidden(N_("Det kan kun de, der står for vagten. Spørg dem."))
