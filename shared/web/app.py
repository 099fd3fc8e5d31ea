"""The app factory of every service but the portal: the same edge around different routes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from shared import clock, logging
from shared.db import Database
from shared.settings import Settings, settings
from shared.web import dead_letters
from shared.web.auth import init_auth
from shared.web.blueprint import Blueprint
from shared.web.docs import init_docs
from shared.web.errors import init_errors
from shared.web.etags import init_etags
from shared.web.events import init_events
from shared.web.health import init_health, init_request_context
from shared.web.i18n import init_i18n
from shared.web.tokens import Keys, RemoteKeys

LARGEST_BODY = 512 * 1024


def create_service(
    name: str,
    blueprints: Sequence[Blueprint],
    config: Settings | None = None,
    *,
    keys: Keys | None = None,
    database: Database | None = None,
    **flask_config: Any,
) -> Flask:
    """Build the Flask app of the service `name`. Tests may hand in their own keys and database."""
    config = config or settings()
    logging.configure(name, config.log_format)
    if config.clock_file:
        clock.use_file(config.clock_file)
    app = Flask(f"services.{name}")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update({"MAX_CONTENT_LENGTH": LARGEST_BODY, **flask_config})
    database = database or Database(config.database_url, config.database_pool)
    app.extensions["kommunity_database"] = database
    app.extensions["kommunity_settings"] = config
    init_request_context(app, name)
    init_i18n(app, Path(app.root_path) / "translations")
    init_auth(app, keys or RemoteKeys(f"{config.accounts_url}/.well-known/jwks.json"))
    init_etags(app)
    init_health(app, database)
    init_events(app, name)
    api = init_docs(app, name)
    for blueprint in (*blueprints, dead_letters.blueprint):
        api.register_blueprint(blueprint)
    init_errors(app)
    return app
