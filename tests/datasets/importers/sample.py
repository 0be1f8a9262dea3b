"""Small imports into a real database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.run import FileReport, Policy, importing
from shortlist.datasets.importers.tables import TableFile
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.frames import LOG

RATINGS = EventColumns(user="user", item="item", time="time", value="stars", as_kind="rating")
LENIENT = Policy(max_bad_share=1)


@dataclass
class Bench:
    """A database, and a place for files."""

    folder: Path
    facts: Facts

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def rejects(self) -> Path:
        return self.folder / "rejects" / "rejects.csv"

    def events(
        self,
        content: str | bytes | Path,
        columns: EventColumns = RATINGS,
        policy: Policy = LENIENT,
        table: TableFile | None = None,
    ) -> FileReport:
        path = content if isinstance(content, Path) else self.file("events.csv", content)
        read = (table or TableFile(path)).read(columns.wanted)
        with importing(self.facts, self.rejects, policy) as run:
            run.events(path, read, columns)
        return run.report.files[0]

    @property
    def log(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=LOG), *self.facts.events()])

    @property
    def rejected(self) -> list[tuple[int, str, str]]:
        """Line, reason and detail of the rows in the rejects file."""
        with self.rejects.open(encoding="utf-8", newline="") as file:
            return [(int(r["line"]), r["reason"], r["detail"]) for r in csv.DictReader(file)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_facts(f"sqlite:///{tmp_path / 'facts.db'}") as facts:
        yield Bench(tmp_path, facts)
