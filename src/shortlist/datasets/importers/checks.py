"""Put checked columns together: the rows that passed, and why the others did not."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from shortlist.datasets.importers.batch import Batch
from shortlist.datasets.importers.fields import Checked
from shortlist.datasets.importers.rejects import Reason, Rejected

_SHOWN: Final = 80
"""Characters of a refused field that the rejects file shows."""


def passed(batch: Batch, checked: Mapping[str, Checked]) -> Batch:
    """The rows in which every column passed, as a table of the checked columns.

    `checked` is by the column's name in the file, or by any other name where it has none there.
    """
    table = pl.DataFrame([each.column.alias(name) for name, each in checked.items()])
    refused = np.zeros(len(batch.lines), bool)
    rejected: list[Rejected] = []
    for name, each in checked.items():
        for reason, mask in each.problems.items():
            if not mask.any():
                continue
            fresh = np.flatnonzero(mask.to_numpy() & ~refused)
            rejected += _rejected(batch, name, reason, fresh)
            refused[fresh] = True
    if not rejected:
        return Batch(table, batch.lines, batch.rejected, batch.done)
    rejected.sort()
    kept = table.filter(pl.Series(~refused))
    return Batch(kept, batch.lines[~refused], batch.rejected + rejected, batch.done)


def drop(batch: Batch, mask: pl.Series, name: str, reason: Reason) -> Batch:
    """Refuse the rows under a mask, showing what their column `name` holds."""
    if not mask.any():
        return batch
    refused = mask.to_numpy()
    rejected = _rejected(batch, name, reason, np.flatnonzero(refused))
    return Batch(
        batch.table.filter(~mask), batch.lines[~refused], batch.rejected + rejected, batch.done
    )


def _rejected(
    batch: Batch, name: str, reason: Reason, at: "np.ndarray[tuple[int], np.dtype[np.intp]]"
) -> list[Rejected]:
    if name in batch.table.columns:
        shown = batch.table[name].gather(at).cast(pl.String, strict=False).to_list()
    else:
        shown = [None] * len(at)
    lines = batch.lines[at].tolist()
    return [
        Rejected(line, reason, name if each is None else f"{name}: {each[:_SHOWN]}")
        for line, each in zip(lines, shown, strict=True)
    ]
