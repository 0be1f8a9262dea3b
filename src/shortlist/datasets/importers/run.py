"""One import: files written in one transaction, good rows kept, bad ones told."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Literal, Protocol

import numpy as np
import polars as pl

from shortlist.core.errors import TooManyBadRows
from shortlist.datasets.importers.batch import Batch, Batches
from shortlist.datasets.importers.checks import drop
from shortlist.datasets.importers.read_ahead import read_ahead
from shortlist.datasets.importers.rejects import Example, Reason, Rejects
from shortlist.storage.facts import Facts, Fate
from shortlist.storage.facts.bulk import Bulk
from shortlist.storage.facts.frames import ITEMS, of_schema

UnknownItems = Literal["auto", "reject", "add"]


class Progress(Protocol):
    """Told how far an import is, after every batch."""

    def __call__(self, file: Path, done: int, total: int) -> None:
        """`done` of `total` bytes of the file."""


class Shape(Protocol):
    """Turns rows as they were read into facts."""

    def shape(self, batch: Batch) -> Batch: ...


@dataclass(frozen=True)
class Policy:
    """What an import puts up with."""

    max_bad_share: float = 0.05
    """The share of a file's rows that may be bad; above it the import is refused."""
    batch_rows: int = 100_000
    """Events handed to the database at a time."""
    unknown_items: UnknownItems = "auto"
    """Events of items nobody described: `reject` them, `add` the item, or (`auto`) reject them
    where there is a catalogue and take them where there is none."""


@dataclass
class FileReport:
    """What became of one file's rows: each was added, known already, or rejected."""

    file: Path
    what: str
    rows: int = 0
    added: int = 0
    known: int = 0
    rejected: Counter[Reason] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        return self.rejected.total()


@dataclass
class ImportReport:
    """What became of an import."""

    files: list[FileReport] = field(default_factory=list)
    rejects: Path | None = None
    examples: list[Example] = field(default_factory=list)
    """Some of the rejected rows: the last few of each reason."""
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.files)

    @property
    def rejected(self) -> Counter[Reason]:
        """How many rows of all files were rejected, by reason."""
        return sum((each.rejected for each in self.files), Counter[Reason]())


class Import:
    """An import under way; see `importing`."""

    def __init__(
        self, bulk: Bulk, rejects: Rejects, policy: Policy, progress: Progress | None
    ) -> None:
        self._bulk = bulk
        self._rejects = rejects
        self._policy = policy
        self._progress = progress
        self.report = ImportReport()

    def events(self, path: Path, batches: Batches, shape: Shape) -> None:
        """Add a file's events. Raises TooManyBadRows."""
        catalogue = self._bulk.item_ids()
        policy = self._policy.unknown_items
        refuse = policy == "reject" or (policy == "auto" and len(catalogue) > 0)
        for report, batch in self._each(path, "events", batches, shape):
            if policy == "add":
                self._add_items(batch.table["item"].unique(maintain_order=True))
            self._append(report, _of_known_items(batch, catalogue) if refuse else batch)

    def items(self, path: Path, batches: Batches, shape: Shape) -> None:
        """Write a file's items. Raises TooManyBadRows."""
        seen: set[str] = set()
        for report, batch in self._each(path, "items", batches, shape):
            once = _first_of_each(batch, seen)
            report.added += self._bulk.put_items(once.table)
            self._note(report, once)

    def users(self, path: Path, batches: Batches, shape: Shape) -> None:
        """Write a file's users. Raises TooManyBadRows."""
        seen: set[str] = set()
        for report, batch in self._each(path, "users", batches, shape):
            once = _first_of_each(batch, seen)
            report.added += self._bulk.put_users(once.table)
            self._note(report, once)

    def _each(
        self, path: Path, what: str, batches: Batches, shape: Shape
    ) -> Iterator[tuple[FileReport, Batch]]:
        report = FileReport(path, what)
        self.report.files.append(report)
        total = path.stat().st_size
        for batch in read_ahead(shape.shape(each) for each in batches):
            report.rows += batch.rows
            yield report, batch
            if self._progress is not None:
                self._progress(path, batch.done, total)
        report.known = report.rows - report.added - report.bad
        self._told()
        self._judge(report)

    def _append(self, report: FileReport, batch: Batch) -> None:
        if batch.table.is_empty():
            self._note(report, batch)
            return
        parts = batch.table.iter_slices(self._policy.batch_rows)
        fates = np.concatenate([self._bulk.append(part).fates for part in parts])
        report.added += int((fates == Fate.ACCEPTED).sum())
        repeated = pl.Series(fates == Fate.REPEATED)
        self._note(report, drop(batch, repeated, "item", Reason.DUPLICATE))

    def _add_items(self, ids: pl.Series) -> None:
        fresh = ids.filter(~ids.is_in(self._bulk.item_ids().implode()))
        self._bulk.put_items(of_schema({"id": fresh}, ITEMS))

    def _note(self, report: FileReport, batch: Batch) -> None:
        report.rejected += self._rejects.add(report.file, batch.rejected)

    def _told(self) -> None:
        self.report.rejects = self._rejects.written
        self.report.examples = [row for rows in self._rejects.examples.values() for row in rows]

    def _judge(self, report: FileReport) -> None:
        if report.bad <= self._policy.max_bad_share * report.rows:
            return
        reasons = ", ".join(
            f"{count:,} {reason}" for reason, count in report.rejected.most_common()
        )
        hint = "".join(f" {HINTS[each]}" for each in report.rejected if each in HINTS)
        raise TooManyBadRows(
            f"{report.bad:,} of the {report.rows:,} rows of {report.file} are bad, more than "
            f"{self._policy.max_bad_share:.1%}: {reasons}. Nothing was imported; the rows and "
            f"their lines are in {self._rejects.path}.{hint}"
        )


HINTS = {
    Reason.TIME_RANGE: "Are the times milliseconds? Say --time-unit ms.",
    Reason.UNKNOWN_ITEM: "Import the items first, or say --unknown-items add.",
    Reason.DUPLICATE: "Are repeated rows meant? Give them a column of ids or of times.",
    Reason.ENCODING: "Is the file not UTF-8? Say --encoding latin-1.",
}
"""What to try where a reason for refusal abounds."""


@contextmanager
def importing(
    facts: Facts, rejects: Path, policy: Policy, progress: Progress | None = None
) -> Iterator[Import]:
    """An import into the facts: all of what is done in the block is kept, or nothing of it."""
    started = perf_counter()
    written = Rejects(rejects)
    try:
        with facts.bulk() as bulk:
            run = Import(bulk, written, policy, progress)
            yield run
    finally:
        written.close()
    run.report.seconds = perf_counter() - started


def _of_known_items(batch: Batch, catalogue: pl.Series) -> Batch:
    unknown = ~batch.table["item"].is_in(catalogue.implode())
    return drop(batch, unknown, "item", Reason.UNKNOWN_ITEM)


def _first_of_each(batch: Batch, seen: set[str]) -> Batch:
    """Refuse rows whose id came before."""
    ids = batch.table["id"].to_list()
    repeated = []
    for each in ids:
        repeated.append(each in seen)
        seen.add(each)
    return drop(batch, pl.Series(repeated, dtype=pl.Boolean), "id", Reason.DUPLICATE)
