"""Names and addresses for our own services, which keep none: asked for at the moment of delivery."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from services.accounts import queries
from services.accounts.schemas import ContactsQuerySchema, ContactsSchema
from shared.errors import forbidden
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("contacts", __name__, description="Contacts, for services")


def services_only(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not signed_in_actor().service:
            raise forbidden()
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/contacts")
@services_only
@blueprint.arguments(ContactsQuerySchema, location="query")
@blueprint.response(200, ContactsSchema)
def get_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """Who is to be told: some people, whom an e-mail means, an association's members, or holders of a staff role."""
    with database().read() as current:
        if "person_ids" in query:
            return {"contacts": queries.contacts_of_people(current, query["person_ids"])}
        if "email" in query:
            return {"contacts": queries.contacts_with_email(current, query["email"])}
        if "association_id" in query:
            return {"contacts": queries.contacts_of_association(current, query["association_id"], query["roles"])}
        return {"contacts": queries.contacts_of_role(current, query["role"], query["scope_id"])}
