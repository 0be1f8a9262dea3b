"""Rows on their way from a file to the facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.datasets.importers.rejects import Rejected

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Some rows of a file, the line each begins on, and what was refused on the way."""

    table: pl.DataFrame
    lines: Lines
    rejected: list[Rejected] = field(default_factory=list)
    done: int = 0
    """How far into the file this is, in bytes."""

    @property
    def rows(self) -> int:
        """Rows read, good and bad."""
        return len(self.lines) + len(self.rejected)


Batches = Iterator[Batch]
