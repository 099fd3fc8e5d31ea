"""Every service's dead letters, for administrators: which events it could not apply, why, and what becomes of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

import marshmallow
from marshmallow import fields, validate
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from shared import clock
from shared.actors import ADMINISTRATOR
from shared.errors import not_found
from shared.messaging.operations import letters
from shared.web.auth import require_role, signed_in_actor
from shared.web.blueprint import Blueprint
from shared.web.paging import PageSchema, page_of
from shared.web.schema import Schema, Template
from shared.web.transactions import database, session, transactional
from shared.web.values import Filter, Instant

blueprint = Blueprint("dead_letters", __name__, description="Events that could not be applied")

UNSETTLED = "unsettled"
MOST_AT_ONCE = 10_000
LARGEST_ID = 2**63 - 1
LONGEST_NAME = 200


class MatchingSchema(Schema):
    """Which unsettled letters; without any field, all of them."""

    type = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_NAME),
        metadata={"description": "How the event's type begins."},
    )
    topic = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))
    since = Instant(load_default=None, metadata={"description": "Parked at or after this moment."})


class DeadLetterQuerySchema(PageSchema, MatchingSchema):
    state = fields.String(load_default=UNSETTLED, validate=Filter([UNSETTLED, *letters.STATES]))
    settled_since = Instant(
        load_default=None, metadata={"description": "Settled, or asked to be applied again, at or after this moment."}
    )


class DeadLetterSchema(Schema):
    id = fields.Integer()
    state = fields.String(validate=validate.OneOf(letters.STATES))
    type = fields.String()
    event_id = fields.String()
    topic = fields.String()
    partition = fields.Integer()
    offset = fields.Integer()
    error_class = fields.String()
    error_message = fields.String()
    parked_at = fields.AwareDateTime()
    settled_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "Of one that waits: when it was last asked to be applied again."}
    )
    settled_by = fields.String(metadata={"description": "A person's id, or who used the command line."})


class ContentSchema(Schema):
    """What came, as text or in base64; JSON with line breaks."""

    content = fields.String()
    encoding = fields.String(validate=validate.OneOf(["text", "base64"]))


class HeaderSchema(ContentSchema):
    name = fields.String()


class WholeDeadLetterSchema(DeadLetterSchema):
    key = fields.Nested(ContentSchema, allow_none=True)
    value = fields.Nested(ContentSchema, allow_none=True)
    headers = fields.List(fields.Nested(HeaderSchema))


class ChoiceSchema(Schema):
    """Either the ids, or what they have in common."""

    ids = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=1, max=LARGEST_ID)),
        validate=validate.Length(min=1, max=MOST_AT_ONCE),
    )
    matching = fields.Nested(MatchingSchema)
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Only say which would be taken."})

    @marshmallow.validates_schema
    def one_of_them(self, data: dict[str, Any], **_options: Any) -> None:
        if ("ids" in data) == ("matching" in data):
            raise marshmallow.ValidationError({"ids": [Template("Send enten ids eller matching.")]})


class ChosenSchema(Schema):
    dry_run = fields.Boolean()
    ids = fields.List(fields.Integer(), metadata={"description": "Those taken; others were settled before."})
    at = fields.AwareDateTime(metadata={"description": "When; a moment for settled_since."})


@blueprint.get("/dead-letters")
@require_role(ADMINISTRATOR)
@blueprint.arguments(DeadLetterQuerySchema, location="query")
@blueprint.response(200, page_of(DeadLetterSchema))
def list_dead_letters(query: dict[str, Any]) -> dict[str, Any]:
    """Newest first; those that nobody has settled, unless another state is asked for."""
    page, page_size, state = query.pop("page"), query.pop("page_size"), query.pop("state")
    states = letters.UNSETTLED if state == UNSETTLED else tuple(filter(None, [state]))
    found = letters.in_short(letters.Filter(states=states, **query), newest_first=True)
    with database().read() as current:
        total = current.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
        rows = current.execute(found.limit(page_size).offset((page - 1) * page_size)).all()
    return {"items": rows, "total": total, "page": page, "page_size": page_size}


@blueprint.get("/dead-letters/<int:letter_id>")
@require_role(ADMINISTRATOR)
@blueprint.response(200, WholeDeadLetterSchema)
def show_dead_letter(letter_id: int) -> dict[str, Any]:
    """With all that came: key, value and headers, as text where they are text."""
    with database().read() as current:
        found = letters.letters(current, letters.Filter(states=(), ids=(min(letter_id, LARGEST_ID),)))
    if not found:
        raise not_found("dead-letter")
    return _whole(found[0])


@blueprint.post("/dead-letters/replay")
@transactional
@require_role(ADMINISTRATOR)
@blueprint.arguments(ChoiceSchema)
@blueprint.response(200, ChosenSchema)
def replay_dead_letters(choice: dict[str, Any]) -> dict[str, Any]:
    """The worker applies them again within seconds; one that fails again waits on, with the new reason."""
    return _settle(choice, letters.request_replay)


@blueprint.post("/dead-letters/discard")
@transactional
@require_role(ADMINISTRATOR)
@blueprint.arguments(ChoiceSchema)
@blueprint.response(200, ChosenSchema)
def discard_dead_letters(choice: dict[str, Any]) -> dict[str, Any]:
    """They are settled without effect, for good."""
    return _settle(choice, letters.discard)


def _settle(choice: dict[str, Any], take: Callable[[Session, Iterable[int], str], list[int]]) -> dict[str, Any]:
    at = clock.now()
    which = letters.Filter(ids=tuple(choice.get("ids", ())), **choice.get("matching", {}))
    ids = letters.ids_of(session(), which)
    if not choice["dry_run"]:
        ids = take(session(), ids, str(signed_in_actor().person_id))
    return {"dry_run": choice["dry_run"], "ids": ids, "at": at}


def _whole(letter: Row[Any]) -> dict[str, Any]:
    return {
        **letter._mapping,
        "key": _readable(letter.key),
        "value": _readable(letter.value),
        "headers": [{"name": name, **(_readable(content) or {})} for name, content in letters.headers_of(letter)],
    }


def _readable(content: bytes | None) -> dict[str, str] | None:
    if content is None:
        return None
    try:
        return {"content": _in_lines(content.decode()), "encoding": "text"}
    except UnicodeDecodeError:
        return {"content": base64.b64encode(content).decode(), "encoding": "base64"}


def _in_lines(text: str) -> str:
    """JSON with a line for each member; any other text as it is."""
    try:
        told = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        told.encode()  # JSON may name half a character, which no answer can hold
    except (ValueError, RecursionError):
        return text
    return told
