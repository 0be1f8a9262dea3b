"""Parquet files, some rows at a time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.batch import Batch, Batches
from shortlist.datasets.importers.columns_named import require_columns


def read_parquet(path: Path, wanted: Sequence[str], *, rows: int = 500_000) -> Batches:
    """The wanted columns with their own types; rows are numbered from 1.

    Raises BadFile for a file that is not Parquet, is cut off, or lacks a wanted column.
    """
    try:
        source = pl.scan_parquet(path, glob=False)
        present = source.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFile(f"{path} cannot be read as Parquet: {error}") from error
    require_columns(path, wanted, present)
    columns = source.select(list(dict.fromkeys(wanted)))
    total = int(source.select(pl.len()).collect().item())
    size = path.stat().st_size
    for start in range(0, total, rows):
        try:
            table = columns.slice(start, rows).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise BadFile(f"{path} is damaged near row {start + 1}: {error}") from error
        end = start + len(table)
        yield Batch(table, np.arange(start + 1, end + 1), [], size * end // max(1, total))
