"""Compiles the gettext catalogues whose .mo is missing or older than its .po."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from deploy.local.settings import ROOT


def compile_all(root: Path = ROOT) -> bool:
    """Says whether there was anything to do."""
    catalogues = [
        *root.glob("shared/translations/*/LC_MESSAGES/*.po"),
        *root.glob("services/*/translations/*/LC_MESSAGES/*.po"),
    ]
    stale = [po for po in catalogues if not _is_fresh(po.with_suffix(".mo"), po)]
    for po in stale:
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=po.parts[-3]))
    return bool(stale)


def _is_fresh(mo: Path, po: Path) -> bool:
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime
