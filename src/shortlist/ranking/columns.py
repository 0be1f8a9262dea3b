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
    best = np.maximum(pool.tops, np.float32(1e-9))[:, None]
    parts = np.stack([pool.scores, pool.scores / best, pool.ranks], axis=1)
    matrix: Matrix = parts.reshape(3 * len(pool.scores), len(pool)).T
    return matrix


def matrix(source_part: Matrix, view: View) -> Matrix:
    """The whole input, rows x columns."""
    rows, width = source_part.shape
    whole = np.empty((rows, width + len(FEATURES)), np.float32)
    whole[:, :width] = source_part
    compute(view, into=whole[:, width:])
    return whole
