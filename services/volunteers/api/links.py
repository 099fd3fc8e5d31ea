"""Links in mails work without log-in: whoever has one may look, and give the one answer that it is for."""

from __future__ import annotations

from typing import Any

from services.volunteers import links
from services.volunteers.commands.links import use_link
from services.volunteers.queries.links import look
from services.volunteers.schemas.links import LinkAnswerSchema, LinkSchema, LinkStateSchema
from shared import clock
from shared.web import database, public, session, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("links", __name__, description="Links in mails: look, and answer")


@blueprint.post("/links/look")
@public
@blueprint.arguments(LinkSchema)
@blueprint.response(200, LinkStateSchema)
def look_at_link(body: dict[str, Any]) -> Any:
    """What is it about, and can it still be used? Nothing changes, however often one looks."""
    with database().read() as current:
        return look(current, links.read(body["token"]), clock.now())


@blueprint.post("/links/use")
@public
@transactional
@blueprint.arguments(LinkAnswerSchema)
@blueprint.response(200, LinkStateSchema)
def answer_through_link(body: dict[str, Any]) -> Any:
    """Give the answer, once; then how things stand."""
    link, now = links.read(body["token"]), clock.now()
    use_link(session(), link, body["answer"], now, body["reason"].strip())
    return look(session(), link, now)
