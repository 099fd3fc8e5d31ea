"""Names, addresses and birth dates for our own services: no event holds them, so they are asked for here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from services.accounts import queries
from services.accounts.schemas import BirthDatesQuerySchema, BirthDatesSchema, ContactsQuerySchema, ContactsSchema
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


@blueprint.get("/birth-dates")
@services_only
@blueprint.arguments(BirthDatesQuerySchema, location="query")
@blueprint.response(200, BirthDatesSchema)
def get_birth_dates(query: dict[str, Any]) -> dict[str, Any]:
    """Of these people, those who wrote theirs: for the rules on age, where the person herself is not asking."""
    with database().read() as current:
        return {"people": queries.birth_dates(current, query["person_ids"])}
