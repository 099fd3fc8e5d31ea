"""What people were told by mail, for themselves to read."""

from __future__ import annotations

from typing import Any

from services.notifications import queries
from services.notifications.schemas import MessageQuerySchema, MessagesSchema
from shared.errors import forbidden
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("messages", __name__, description="Messages sent, and why")


@blueprint.get("/messages")
@blueprint.arguments(MessageQuerySchema, location="query")
@blueprint.response(200, MessagesSchema)
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's messages, newest first; with all=true everybody's, for administrators."""
    who = signed_in_actor()
    if query["all"] and not who.is_administrator:
        raise forbidden()
    with database().read() as session:
        person_id = None if query["all"] else who.person_id
        return {"messages": queries.messages(session, person_id, query["booking_id"] or query["shift_id"])}
