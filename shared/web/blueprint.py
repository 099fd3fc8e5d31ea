"""Routes whose arguments are read strictly: a misspelt query parameter is refused, not ignored."""

from __future__ import annotations

import json
from typing import Any

import flask_smorest
import marshmallow
from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest


class Parser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": marshmallow.RAISE}  # noqa: RUF012

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise  # webargs answers these
        except (RecursionError, ValueError) as error:  # too deep, or a number of thousands of digits
            raise BadRequest from error


class Blueprint(flask_smorest.Blueprint):
    ARGUMENTS_PARSER = Parser()
