"""A forest as tables that score hundreds of rows at once.

LightGBM walks every row through every tree, and at each fork the processor guesses wrong half
the time. Here all rows are asked all questions first, side by side, and nothing is guessed: each
tree has a row of bits, one a leaf, and the answers rule leaves out (QuickScorer, Lucchese et al.
2015, section 3). The scores are the same to the bit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Bits = npt.NDArray[np.unsignedinteger]

BLOCK = 160
"""Rows that are scored together: what is in between them fits into the processor's cache."""

WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)
"""What the bits of a tree's leaves may be kept in."""


@dataclass(frozen=True)
class Forest:
    """Trees over their distinct questions, each whether a column is greater than a threshold.

    A question that several trees ask is asked once. Nodes stand one a slot and tree; trees with
    fewer nodes than slots have empty ones, that rule nothing out.
    """

    columns: Places
    """The column that each question looks at."""
    thresholds: Matrix
    """questions x 1."""
    questions: Places
    """The question of each node: slot after slot, in each all trees."""
    left: Bits
    """nodes x 1: the leaves below its left branch, ruled out where the answer is yes."""
    first: Places
    """trees x 1: where the leaves of each tree begin among the values."""
    values: Numbers
    """What each leaf gives, tree after tree, from left to right."""

    @staticmethod
    def of(text: str) -> "Forest | None":
        """The tables of a forest in LightGBM's own text; None for one they cannot hold.

        They know thresholds alone, without categories and values that were missing in training,
        and at most 64 leaves a tree; and a text that is not as expected they leave alone.
        """
        trees = [_Tree.of(_lines(each)) for each in text.split("\nTree=")[1:]]
        leaves = max((len(each.values) for each in trees), default=1)
        width = next((each for each in WIDTHS if leaves <= 8 * np.dtype(each).itemsize), None)
        if width is None or not trees or not all(each.plain for each in trees):
            return None
        slots = max(1, leaves - 1)
        asked = np.zeros((slots, len(trees), 2))
        left = np.zeros((slots, len(trees)), width)
        values = np.zeros((len(trees), leaves))
        for place, each in enumerate(trees):
            inner = slice(0, len(each.columns))
            asked[inner, place] = np.stack([each.columns, each.thresholds], axis=1)
            left[inner, place] = each.left()
            values[place, : len(each.values)] = each.values[each.order()]
        distinct, questions = np.unique(asked.reshape(-1, 2), axis=0, return_inverse=True)
        return Forest(
            columns=distinct[:, 0].astype(np.int64),
            thresholds=_at_most(distinct[:, 1])[:, None],
            questions=questions.ravel(),
            left=left.reshape(-1, 1),
            first=(np.arange(len(trees)) * leaves)[:, None],
            values=values.ravel(),
        )

    def change(self, matrix: Matrix, column: int, values: npt.NDArray[np.float32]) -> Numbers:
        """What each row's score gains where a column has other values.

        Asked are the trees that look at the column, about the rows of which it matters to them.
        """
        gained, trees = np.zeros(len(matrix)), self._looking_at(column)
        if trees is None:
            return gained
        steps = np.sort(self.thresholds[self.columns == column, 0])
        before, after = (
            np.searchsorted(steps, np.nan_to_num(each, nan=0.0))
            for each in (matrix[:, column], values)
        )
        moved = np.flatnonzero(before != after)
        if len(moved):
            rows = matrix[moved]
            asked = trees.predict(rows)
            rows[:, column] = values[moved]
            gained[moved] = trees.predict(rows) - asked
        return gained

    def _looking_at(self, column: int) -> "Forest | None":
        """The trees alone that look at a column; None where none does."""
        slots = (-1, len(self.first))
        asked = (self.columns[self.questions] == column) & (self.left[:, 0] != 0)
        kept = asked.reshape(slots).any(axis=0)
        if not kept.any():
            return None
        return replace(
            self,
            questions=self.questions.reshape(slots)[:, kept].ravel(),
            left=self.left.reshape(slots)[:, kept].reshape(-1, 1),
            first=self.first[kept],
        )

    def predict(self, matrix: Matrix) -> Numbers:
        """The sum of each row's leaves (two rows or more). A number that is none counts as 0."""
        size = -(-len(matrix) // -(-len(matrix) // BLOCK))
        starts = range(0, len(matrix), size)
        return np.concatenate([self._scores(matrix[start : start + size]) for start in starts])

    def _scores(self, matrix: Matrix) -> Numbers:
        columns = np.ascontiguousarray(matrix.T)
        if np.isnan(columns).any():
            columns = np.where(np.isnan(columns), np.float32(0), columns)
        yes = columns.take(self.columns, axis=0) > self.thresholds
        ruled_out = yes.take(self.questions, axis=0) * self.left
        gone = np.bitwise_or.reduce(ruled_out.reshape(-1, len(self.first), len(matrix)), axis=0)
        leftmost = np.bitwise_count(gone & ~(gone + 1))
        scores: Numbers = self.values.take(leftmost + self.first).sum(axis=0)
        return scores


@dataclass(frozen=True)
class _Tree:
    """A tree as LightGBM writes it: inner nodes by number, a leaf as minus its number less one."""

    columns: Places
    thresholds: Numbers
    decisions: Numbers
    lower: Places
    """What is below each node where its column is at most the threshold: the left branch."""
    upper: Places
    values: Numbers
    linear: bool

    @staticmethod
    def of(lines: Mapping[str, str]) -> "_Tree":
        return _Tree(
            columns=_numbers(lines, "split_feature").astype(np.int64),
            thresholds=_numbers(lines, "threshold"),
            decisions=_numbers(lines, "decision_type"),
            lower=_numbers(lines, "left_child").astype(np.int64),
            upper=_numbers(lines, "right_child").astype(np.int64),
            values=_numbers(lines, "leaf_value"),
            linear=lines.get("is_linear", "0") != "0",
        )

    @property
    def plain(self) -> bool:
        """Whether it asks for thresholds alone, and was written as we read it."""
        nodes = (self.columns, self.thresholds, self.decisions, self.lower, self.upper)
        whole = {len(each) for each in nodes} == {len(self.values) - 1}
        return whole and not self.linear and set(self.decisions.tolist()) <= {0, 2}

    def order(self) -> list[int]:
        """The leaves from left to right."""
        return list(self._below(0 if len(self.columns) else -1))

    def left(self) -> list[int]:
        """For each node the leaves of its left branch, as bits in their order."""
        place = {leaf: bit for bit, leaf in enumerate(self.order())}
        return [sum(1 << place[leaf] for leaf in self._below(int(each))) for each in self.lower]

    def _below(self, node: int) -> Iterator[int]:
        if node < 0:
            yield ~node
        else:
            yield from self._below(int(self.lower[node]))
            yield from self._below(int(self.upper[node]))


def _lines(tree: str) -> dict[str, str]:
    """The lines `name=value` up to the first empty one."""
    own = tree.partition("\n\n")[0].splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in own)}


def _numbers(lines: Mapping[str, str], name: str) -> Numbers:
    return np.array(lines.get(name, "").split(), np.float64)


def _at_most(thresholds: Numbers) -> Matrix:
    """The largest float32 at or below each: a float32 is greater than the one if than the other."""
    rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
