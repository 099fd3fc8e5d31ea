"""What every operation of every service has in common, written into its API description."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from flask import Flask
from marshmallow import fields

from shared.web.auth import ACTING_FOR
from shared.web.etags import expected_version
from shared.web.schema import Schema
from shared.web.transactions import HEADER

PROBLEM_TYPE = "application/problem+json"
SECURITY = {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


class ProblemReasonSchema(Schema):
    slug = fields.String(metadata={"description": "Stable, for machines."})
    field = fields.String(allow_none=True, metadata={"description": "Dotted path of the input that it concerns."})
    text = fields.String(metadata={"description": "In the language of Accept-Language, Danish or English."})
    params = fields.Dict()


class ProblemSchema(Schema):
    """RFC 9457, with all reasons."""

    type = fields.String()
    slug = fields.String()
    title = fields.String()
    status = fields.Integer()
    request_id = fields.String()
    reasons = fields.List(fields.Nested(ProblemReasonSchema))


def complete(spec: dict[str, Any], app: Flask) -> dict[str, Any]:
    """Add what the decorators of the views mean: sign-in, headers, and problems as the answer to errors."""
    components = spec.setdefault("components", {})
    components["securitySchemes"] = SECURITY
    for response in components.get("responses", {}).values():
        if content := response.get("content", {}).pop("application/json", None):
            response["content"][PROBLEM_TYPE] = content
    for rule in app.url_map.iter_rules():
        path = spec["paths"].get(_openapi_path(rule.rule), {})
        for method in (rule.methods or set()) & {name.upper() for name in path}:
            _complete_operation(path[method.lower()], app.view_functions[rule.endpoint])
    return spec


def _openapi_path(rule: str) -> str:
    return "".join(
        "{" + part.rpartition(":")[2].removesuffix(">") + "}" if part.endswith(">") else part for part in _parts(rule)
    )


def _parts(rule: str) -> Iterator[str]:
    for chunk in rule.split("<"):
        name, closed, rest = chunk.partition(">")
        yield from (f"{name}>", rest) if closed else (chunk,)


def _complete_operation(operation: dict[str, Any], view: Any) -> None:
    parameters = operation.setdefault("parameters", [])
    if not getattr(view, "is_public", False):
        operation["security"] = [{"accessToken": []}]
        parameters.append(_header(ACTING_FOR, "The association that one acts for; absent for oneself.", False))
    if getattr(view, "is_idempotent", False):
        parameters.append(_header(HEADER, "A new one for each new thing; the same one when the same is sent again."))
    # A view that reads If-Match calls this function, and no other way leads to the header.
    if expected_version.__name__ in inspect.unwrap(view).__code__.co_names:
        parameters.append(_header("If-Match", "The version that was seen, from ETag."))


def _header(name: str, description: str, required: bool = True) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }
