"""The web site: pages for people, made of the services' answers. It owns no data and decides nothing."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from services.portal import assets, basket, formats, history, pages, problems, security, session, ways_out, words
from services.portal.navigation import init_navigation
from shared import clock, logging
from shared.settings import Settings, settings
from shared.web.health import init_health, init_request_context
from shared.web.i18n import init_i18n


def create_app(config: Settings | None = None, **flask_config: Any) -> Flask:
    config = config or settings()
    logging.configure("portal", config.log_format)
    clock.use_file(config.clock_file)
    app = Flask(__name__, static_folder=None)
    app.extensions["kommunity_settings"] = config
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    security.init_cookies(app, config)
    app.config.update(flask_config)
    init_request_context(app, "portal")
    init_i18n(app, Path(app.root_path) / "translations", session.language)
    init_health(app, None)
    CSRFProtect(app)
    for part in (security, session, basket, assets, formats, words, ways_out, history, problems):
        part.init_app(app)
    init_navigation(app)
    for module in pkgutil.iter_modules(pages.__path__):
        app.register_blueprint(import_module(f"{pages.__name__}.{module.name}").blueprint)
    return app
