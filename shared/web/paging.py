"""Lists come in pages: ?page=1&page_size=50, answered with the total."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields, validate
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shared.web.schema import Schema

LARGEST_PAGE = 200


class PageSchema(Schema):
    """Query parameters of every list."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100_000))
    page_size = fields.Integer(load_default=50, validate=validate.Range(min=1, max=LARGEST_PAGE))


def page_of(items: type[Schema]) -> type[marshmallow.Schema]:
    """The schema of one page of `items`: {"items": […], "total", "page", "page_size"}."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(items)),
            "total": fields.Integer(),
            "page": fields.Integer(),
            "page_size": fields.Integer(),
        },
        name=items.__name__.removesuffix("Schema") + "PageSchema",
    )


def paged(session: Session, query: Select[Any], page: int, page_size: int) -> dict[str, Any]:
    """One page of ORM rows and the count of all."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = session.scalars(query.limit(page_size).offset((page - 1) * page_size)).all()
    return {"items": rows, "total": total, "page": page, "page_size": page_size}
