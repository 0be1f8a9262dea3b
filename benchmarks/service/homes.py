"""Trained homes: made once, only read, and copied to be served from."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import quote

import polars as pl
from results import FILE
from running import COMMAND, Site, bare_environment

from shortlist.bootstrap import Home
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import model_from
from shortlist.settings import read_settings
from shortlist.storage.facts import Facts, open_facts

ABOUT: Final = "benchmark.txt"
"""The file of a trained home that says what it was trained on."""


def options(about: str) -> argparse.ArgumentParser:
    """A parser with the options that say what is served."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    root = os.environ.get("SHORTLIST_DATASETS")
    data = Path(root) / "movielens-latest-small" if root else None
    add("--data", type=Path, default=data, help="a MovieLens folder with ratings.csv")
    add("--home", type=Path, help="a trained home; made here if it is missing, and not changed")
    add("--min-ratings", type=int, default=5, help="ratings a film needs to be in it")
    add("--results", type=Path, default=FILE, help="the page whose section is rewritten")
    add("--seed", type=int, default=7)
    return parser


@contextmanager
def prepared(asked: argparse.Namespace) -> Iterator["Trained"]:
    """The trained home that was asked for; made, where it is missing."""
    with tempfile.TemporaryDirectory() as folder:
        home = Trained(asked.home or Path(folder) / "home")
        if not (home.path / "bundles").is_dir():
            if asked.data is None:
                sys.exit("say where the data is: --data FOLDER, or SHORTLIST_DATASETS")
            _train(asked.data, asked.min_ratings, home.path)
        yield home


@dataclass(frozen=True)
class Trained:
    """A home that is only read."""

    path: Path

    @property
    def parts(self) -> Home:
        """Its parts, by its own settings alone."""
        return Home(self.path, read_settings(self.path, {}))

    @cached_property
    def model(self) -> Model:
        bundle = self.parts.bundles.open()
        return model_from(bundle.arrays, bundle.text)

    @cached_property
    def users(self) -> list[str]:
        """Everybody in the log."""
        with self.parts.facts as facts:
            parts = [batch["user"] for batch in facts.events(columns=["user"])]
        return sorted(set(pl.concat(parts).to_list()))

    @cached_property
    def items(self) -> list[str]:
        """All that can be ranked."""
        return list(self.model.retrieval.catalogue.ids)

    @cached_property
    def chosen(self) -> list[str]:
        """The item of every event of the log that can be ranked: the popular ones stand often."""
        with self.parts.facts as facts:
            parts = [batch["item"] for batch in facts.events(columns=["item"])]
        chosen = pl.concat(parts)
        return chosen.filter(chosen.is_in(self.items)).to_list()

    @property
    def about(self) -> str:
        """What it was trained on."""
        with self.parts.facts as facts:
            events = facts.count_events()
        note = self.path / ABOUT
        named = note.read_text("utf-8").strip() if note.exists() else "a home of one's own"
        return f"{named}: {len(self.users):,} users, {len(self.items):,} items, {events:,} events"

    @contextmanager
    def copied(self, database: str | None = None) -> Iterator["Site"]:
        """A copy to serve from; with a database's URL, its facts in a new schema there."""
        with tempfile.TemporaryDirectory(prefix="shortlist-benchmark-") as folder:
            shutil.copytree(self.path, Path(folder) / "home")
            site = Site(Path(folder))
            if database is None:
                yield site
                return
            with _schema(database) as url:
                with open_facts(site.database) as old, open_facts(url) as new:
                    _copy(old, new)
                yield Site(Path(folder), url)


def _train(data: Path, min_ratings: int, home: Path) -> None:
    """Import what is rated often enough, and train."""
    ratings = pl.read_csv(data / "ratings.csv")
    kept = ratings.filter(pl.len().over("movieId") >= min_ratings)
    with tempfile.TemporaryDirectory() as folder:
        kept.write_csv(f"{folder}/ratings.csv")
        for name in ("movies", "tags"):
            if (data / f"{name}.csv").exists():
                film = pl.col("movieId").is_in(kept["movieId"].unique().implode())
                table = pl.read_csv(data / f"{name}.csv", infer_schema_length=None)
                table.filter(film).write_csv(f"{folder}/{name}.csv")
        for words in (("import", "movielens", folder), ("train",)):
            environment = bare_environment()
            subprocess.run([*COMMAND, "--home", str(home), *words], env=environment, check=True)  # noqa: S603
    said = f"{data.resolve().name}, films with at least {min_ratings} ratings"
    (home / ABOUT).write_text(f"{said}\n", "utf-8")


@contextmanager
def _schema(url: str) -> Iterator[str]:
    """A schema of its own in a running PostgreSQL, dropped at the end."""
    import psycopg

    name = f"shortlist_benchmark_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            joint = "&" if "?" in url else "?"
            yield f"{url}{joint}options={quote(f'-csearch_path={name}')}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def _copy(old: Facts, new: Facts) -> None:
    with new.bulk() as bulk:
        bulk.put_items(old.items())
        bulk.put_users(old.users())
        for batch in old.events():
            bulk.append(batch.drop("sequence"))
