"""Imports over HTTP: the table is the raw body, the answer a report; refused rows are a problem with all reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from marshmallow import fields

from shared.errors import Kind, Reason, Refusal
from shared.imports import ImportReport, Row
from shared.web.auth import require_role
from shared.web.blueprint import Blueprint
from shared.web.errors import UPLOADED
from shared.web.i18n import as_text, in_words
from shared.web.schema import Schema
from shared.web.transactions import transactional

LARGEST_UPLOAD = 5 * 1024 * 1024
CSV_BODY = {"required": True, "content": {UPLOADED: {"schema": {"type": "string"}}}}

View = TypeVar("View", bound=Callable[..., Any])
TakeIn = Callable[[bytes, bool], ImportReport]  # the file, and whether to say only what would change


class ImportQuerySchema(Schema):
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Only say what would change."})


class ImportChangeSchema(Schema):
    column = fields.String()
    old = fields.String()
    new = fields.String()


class ImportProblemSchema(Schema):
    slug = fields.String()
    column = fields.String()
    text = fields.String()


class ImportRowSchema(Schema):
    line = fields.Integer()
    outcome = fields.String()
    name = fields.String()
    changes = fields.List(fields.Nested(ImportChangeSchema))
    problems = fields.List(fields.Nested(ImportProblemSchema))
    notes = fields.List(fields.Nested(ImportProblemSchema))


class ImportReportSchema(Schema):
    dry_run = fields.Boolean()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    rows = fields.List(fields.Nested(ImportRowSchema))


def import_route(blueprint: Blueprint, path: str, role: str) -> Callable[[TakeIn], Callable[..., Any]]:
    """POST a table to `path`, in one transaction, for who holds `role`; the function below takes it in."""

    def decorate(take_in: TakeIn) -> Callable[..., Any]:
        @blueprint.post(path)
        @_upload
        @transactional
        @require_role(role)
        @blueprint.doc(requestBody=CSV_BODY)
        @blueprint.arguments(ImportQuerySchema, location="query")
        @blueprint.response(200, ImportReportSchema)
        @wraps(take_in)
        def view(query: dict[str, bool]) -> dict[str, Any]:
            return answer(take_in(request.get_data(), query["dry_run"]))

        return view

    return decorate


def _upload(view: View) -> View:
    """Let in a larger body than other routes do. Outside `transactional` and `idempotent`."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = LARGEST_UPLOAD
        return view(*args, **kwargs)

    wrapper.is_upload = True  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def answer(report: ImportReport) -> dict[str, Any]:
    """The report for ImportReportSchema. Raises Refusal (422, the report with it) if a real import refused rows."""
    document = {"dry_run": report.dry_run, "counts": report.counts, "rows": [_row(row) for row in report.rows]}
    if report.refused and not report.dry_run:
        reasons = [problem.at(str(row.line)) for row in report.rows for problem in row.problems]
        raise Refusal(Kind.INVALID, "import-refused", reasons, report=document)
    return document


def _row(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "outcome": row.outcome,
        "name": row.name,
        "changes": [
            {"column": column, "old": _cell(old), "new": _cell(new)} for column, (old, new) in row.changes.items()
        ],
        "problems": [_reason(problem) for problem in row.problems],
        "notes": [_reason(note) for note in row.notes],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"slug": reason.slug, "column": reason.field, "text": in_words(reason)}


def _cell(value: Any) -> str:
    """A value as it would stand in the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nej"))
    return value.strftime("%H.%M") if isinstance(value, time) else str(as_text(value))
