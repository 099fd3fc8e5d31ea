"""Downloads are checked before they are used."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import parts
from deploy.local.errors import LocalError
from deploy.local.server_user import make_folder

ARTIFACT = "org.example:thing:1.0"


@pytest.fixture
def parts_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KOMMUNITY_PARTS", str(tmp_path))
    return tmp_path


def deliver(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(artifact: str) -> None:
        parts.cached(artifact).parent.mkdir(parents=True, exist_ok=True)
        parts.cached(artifact).write_bytes(content)

    monkeypatch.setattr(parts, "_download", write)


def sha256_of(content: bytes, folder: Path) -> str:
    (folder / "expected").write_bytes(content)
    return parts.digest(folder / "expected")


def test_a_download_with_another_checksum_is_refused_and_thrown_away(parts_in, monkeypatch):
    deliver(b"something else", monkeypatch)
    with pytest.raises(LocalError, match="not the file we know"):
        parts.fetch(ARTIFACT, sha256_of(b"the thing", parts_in))
    assert not parts.cached(ARTIFACT).exists()


def test_a_download_that_was_cut_short_is_fetched_again(parts_in, monkeypatch):
    deliver(b"the thing", monkeypatch)
    parts.cached(ARTIFACT).parent.mkdir(parents=True)
    parts.cached(ARTIFACT).write_bytes(b"the th")
    assert parts.fetch(ARTIFACT, sha256_of(b"the thing", parts_in)).read_bytes() == b"the thing"


def test_every_part_has_a_checksum():
    checksums = [*parts.CATALOGUE["kafka"].values(), *(each["sha256"] for each in parts.CATALOGUE["postgres"].values())]
    assert all(len(checksum) == 64 for checksum in checksums)


def test_folders_may_be_made_by_several_at_once(tmp_path):
    together = threading.Barrier(8)

    def make(number):
        together.wait()
        make_folder(tmp_path / str(number // 4) / "parts" / "programs")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(8)))
