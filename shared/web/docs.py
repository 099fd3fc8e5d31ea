"""/openapi.json (made by flask-smorest from the schemas) and /docs, the same for people."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask, render_template_string
from flask_smorest import Api

from shared.web.auth import public
from shared.web.openapi import ProblemSchema, complete

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ spec.info.title }}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{background:#f3f3f3;border-radius:3px;padding:.1em .3em}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;text-align:left;padding:.3em;vertical-align:top}summary{cursor:pointer}</style>
<h1>{{ spec.info.title }}</h1>
<p>The same as <a href="/openapi.json">openapi.json</a> (OpenAPI {{ spec.openapi }}).</p>
{% for path, methods in spec.paths.items() %}{% for method, op in methods.items() if method != "parameters" %}
<details><summary><code>{{ method|upper }} {{ path }}</code> {{ op.summary or "" }}</summary>
{% if op.description %}<p>{{ op.description }}</p>{% endif %}
{% if op.parameters %}<table><tr><th>Parameter<th>In<th>Type{% for p in op.parameters %}
<tr><td>{{ p.name }}{{ " *" if p.required }}<td>{{ p.in }}<td>{{ p.schema.type }}{% endfor %}</table>{% endif %}
{% if op.requestBody %}<p>Body: {{ op.requestBody.content|tojson }}</p>{% endif %}
<p>Answers: {% for code, r in op.responses.items() %}<code>{{ code }}</code> {{ r.description or "" }} {% endfor %}</p>
</details>{% endfor %}{% endfor %}
<h2>Schemas</h2>
{% for name, schema in (spec.components.schemas or {}).items() %}
<details id="{{ name }}"><summary>{{ name }}</summary><pre>{{ schema|tojson(indent=2) }}</pre></details>{% endfor %}
</html>"""


class HouseApi(Api):
    ERROR_SCHEMA = ProblemSchema


def init_docs(app: Flask, service: str) -> Api:
    """Prepare the API description; blueprints registered with the answer appear in it."""
    app.config.update(
        API_TITLE=f"Kommunity {service}",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = HouseApi(app)

    @cache
    def description() -> dict[str, Any]:
        return complete(api.spec.to_dict(), app)

    @public
    def openapi_json() -> dict[str, Any]:
        return description()

    app.view_functions["api-docs.openapi_json"] = openapi_json

    @app.get("/docs")
    @public
    def docs() -> str:
        return render_template_string(PAGE, spec=description())

    return api
