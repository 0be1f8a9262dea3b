"""Where the demo's data comes from, and what is said about it."""

import hashlib
import os
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from shortlist.core.errors import BadFile

SIMULATED = 50_000
"""Interactions of the world that stands in where there is no data."""

NAME = "ml-latest-small"
ARCHIVE = f"https://files.grouplens.org/datasets/movielens/{NAME}.zip"
RATINGS_SHA256 = "aa289ca83157"
"""How the checksum of the release's ratings.csv (2018-09) begins."""

LICENCE = (
    "MovieLens data: F. Maxwell Harper and Joseph A. Konstan 2015, for research and not for "
    "commercial use, under the terms in its README.txt."
)
PATIENCE = 10
"""Seconds to wait for the server of the archive."""


@dataclass(frozen=True)
class Found:
    """A MovieLens folder, or none; and the first line people read."""

    folder: Path | None
    said: str

    @property
    def name(self) -> str | None:
        """What the data is called in the tables, where it is real."""
        return self.folder.name if self.folder else None


def find(given: Path | None) -> Found:
    """The first there is of: the given folder, SHORTLIST_DATASETS, the cache, a download.

    Raises BadFile where a folder was given and holds no MovieLens release.
    """
    if given is not None:
        if not _is_movielens(given):
            raise BadFile(f"{given} holds no MovieLens release: no ratings.csv with a movies.csv.")
        return Found(given, f"Data: {given}. {LICENCE}")
    cached = _cache() / NAME
    for folder in (*_shared(), cached):
        if _is_movielens(folder):
            return Found(folder, f"Data: {folder}. {LICENCE}")
    try:
        _download(cached)
    except (OSError, zipfile.BadZipFile, urllib.error.URLError) as error:
        return Found(
            None,
            f"SIMULATED DATA: no MovieLens folder was found and none could be downloaded "
            f"({error}). Every number below is about a simulated world.",
        )
    return Found(cached, f"Data: {ARCHIVE}, kept in {cached}. {LICENCE}")


def _shared() -> list[Path]:
    """Folders in SHORTLIST_DATASETS that may hold the release."""
    root = os.environ.get("SHORTLIST_DATASETS")
    return [Path(root) / name for name in ("movielens-latest-small", NAME)] if root else []


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "shortlist"


def _is_movielens(folder: Path) -> bool:
    return (folder / "ratings.csv").is_file() and (folder / "movies.csv").is_file()


def _download(folder: Path) -> None:
    """Fetch and unpack the release; it is there whole and verified, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        archive = Path(aside) / "archive.zip"
        with (
            urllib.request.urlopen(ARCHIVE, timeout=PATIENCE) as answer,
            archive.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(aside)
        ratings = (Path(aside) / NAME / "ratings.csv").read_bytes()
        if not hashlib.sha256(ratings).hexdigest().startswith(RATINGS_SHA256):
            raise zipfile.BadZipFile("the archive is not the release of 2018-09")
        (Path(aside) / NAME).rename(folder)
