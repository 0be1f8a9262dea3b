"""The ranker's input: what the sources say of a candidate, and its features."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shortlist.core.pool import Pool
from shortlist.features import FEATURES, View, compute

Matrix = npt.NDArray[np.float32]

SOURCE_COLUMNS = {
    "score": "What the source {source} scores the item.",
    "relative": "What the source {source} scores the item, as a share of its best.",
    "rank": "The place of the item among what the source {source} proposes; 0 is its best.",
}
"""The columns every source gets, and their meanings."""


def column_names(sources: Sequence[str]) -> list[str]:
    """The columns of the matrix, in order: each source's, then the features."""
    return [f"{source}.{kind}" for source in sources for kind in SOURCE_COLUMNS] + list(FEATURES)


def meaning(column: str) -> str:
    """What a column says, for people."""
    if column in FEATURES:
        return FEATURES[column].meaning
    source, kind = column.rsplit(".", 1)
    return SOURCE_COLUMNS[kind].format(source=source)


def source_columns(pool: Pool) -> Matrix:
    """candidates x (3 per source): score, share of the source's best, rank."""
    parts = np.empty((len(pool.scores), len(SOURCE_COLUMNS), len(pool)), np.float32)
    parts[:, 0] = pool.scores
    parts[:, 1] = pool.scores / np.maximum(pool.tops, np.float32(1e-9))[:, None]
    parts[:, 2] = pool.ranks
    return parts.reshape(len(parts) * len(SOURCE_COLUMNS), len(pool)).T


def matrix(pools: Sequence[Pool], view: View) -> Matrix:
    """The whole input, rows x columns, of the pools that the view's rows stand for.

    Its columns lie side by side in memory, as they are written and as the forest reads them.
    """
    parts = [source_columns(pool) for pool in pools]
    source_part = parts[0] if len(parts) == 1 else np.concatenate(parts)
    width = source_part.shape[1]
    whole = np.empty((width + len(FEATURES), len(source_part)), np.float32).T
    whole[:, :width] = source_part
    compute(view, into=whole[:, width:])
    return whole
