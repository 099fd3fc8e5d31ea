"""Shifts to start from: the municipality's own, and each association's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.volunteers.domain.rights import coordinates
from services.volunteers.models import Template
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, Refusal, forbidden, not_found, refuse_if


def keep(session: Session, actor: Actor, name: str, organiser_id: UUID | None, content: dict[str, Any]) -> Template:
    """Under a name that the organiser has already, the new one takes the old one's place. Raises Refusal (403, 409)."""
    if not coordinates(actor, organiser_id):
        raise forbidden(N_("Vælg en arrangør, som du planlægger vagter for."))
    missing = [] if name else [Reason("missing-value", N_("Feltet er tomt. Skriv noget."), "name")]
    refuse_if(missing, Kind.CONFLICT, "template-without-name")
    same = select(Template).where(Template.name == name, Template.organiser_id.is_not_distinct_from(organiser_id))
    template = session.scalar(same.with_for_update())
    if template is None:
        template = Template(name=name, organiser_id=organiser_id, content=content, version=1)
        session.add(template)
        _refuse_if_there(session)
    else:
        template.content = content
        template.version += 1
    return template


def _refuse_if_there(session: Session) -> None:
    """Two may keep the same name for the first time at once."""
    try:
        session.flush()
    except IntegrityError as error:
        text = N_("Nogen har lige gemt en skabelon med det navn. Se den, og gem så igen, eller vælg et andet navn.")
        raise Refusal(Kind.CONFLICT, "template-exists", [Reason("template-exists", text, "name")]) from error


def drop(session: Session, actor: Actor, template_id: UUID) -> None:
    """Raises Refusal (404) where it is not one's own."""
    template = session.get(Template, template_id)
    if template is None or not coordinates(actor, template.organiser_id):
        raise not_found("template")
    session.execute(delete(Template).where(Template.id == template_id))
