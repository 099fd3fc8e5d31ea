"""Copies what the portal's pages load from its node_modules to its static/vendor. Needs nothing but Python."""

import re
import shutil
from pathlib import Path

PORTAL = Path(__file__).resolve().parents[1] / "services" / "portal"
VENDOR = PORTAL / "static" / "vendor"

COPIES = {
    "dkfds/dist/js/dkfds.min.js": "js/dkfds.min.js",
    "htmx.org/dist/htmx.min.js": "js/htmx.min.js",
    "dkfds/dist/img/all-svg-icons.svg": "img/all-svg-icons.svg",
    "dkfds/dist/img/svg-icons": "img/svg-icons",
    "dkfds/src/fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2": "fonts/IBMPlexSans-Regular.woff2",
    "dkfds/src/fonts/IBMPlexSans/split/woff2/IBMPlexSans-SemiBold-Latin1.woff2": "fonts/IBMPlexSans-SemiBold.woff2",
}
# The package's own rules load the whole character set, 60 kB a weight; Danish and English need Latin 1 alone.
FONTS = "".join(
    "@font-face{font-display:swap;font-family:IBM Plex Sans;font-style:normal;"
    f'font-weight:{weight};src:url(../fonts/IBMPlexSans-{name}.woff2) format("woff2")}}'
    for weight, name in ((400, "Regular"), (600, "SemiBold"))
)


def copy_all() -> None:
    packages = PORTAL / "node_modules"
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (packages / source).is_dir() else shutil.copyfile
        copy(packages / source, VENDOR / target)
    css = (packages / "dkfds/dist/css/dkfds.min.css").read_text()
    (VENDOR / "css").mkdir()
    (VENDOR / "css" / "dkfds.min.css").write_text(_with_small_fonts(css))


def _with_small_fonts(css: str) -> str:
    without = re.sub(r"@font-face\{[^}]*IBM Plex Sans[^}]*\}", "", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", without) + FONTS


if __name__ == "__main__":
    copy_all()
