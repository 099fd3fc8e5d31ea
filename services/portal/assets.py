"""Static files under /static/<hash>/: compressed once at the start, kept by browsers for ever."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

STATIC = Path(__file__).parent / "static"
A_YEAR_S = 365 * 24 * 3600
ICONS = "vendor/img/all-svg-icons.svg"


def init_app(app: Flask) -> None:
    prefix, folder = _published()
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        folder.name,
        prefix,
        max_age=A_YEAR_S,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
    )

    def asset(path: str) -> str:
        return prefix + path

    @cache
    def icon(name: str, label: str = "", classes: str = "") -> Markup:
        """A line icon of the design system; without a label it is decoration."""
        meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="icon-svg {}" focusable="false" {}><use href="{}#{}"></use></svg>').format(
            classes, meaning, asset(ICONS), name
        )

    app.jinja_env.globals.update(asset=asset, icon=icon)


@cache
def _published() -> tuple[str, tempfile.TemporaryDirectory[str]]:
    """Address and folder of the compressed files, once per process and as long as it lives.

    One hash for the whole folder, so that the style sheets' relative addresses stay as they are.
    """
    folder = tempfile.TemporaryDirectory(prefix="kommunity-static-")
    _compressed_copy(STATIC, Path(folder.name))
    return f"/static/{_fingerprint(STATIC)}/", folder


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _compressed_copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in target.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
