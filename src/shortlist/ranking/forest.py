"""A forest as tables that score hundreds of rows at once.

LightGBM walks every row through every tree, and at each fork the processor guesses wrong half
the time. Here all rows are asked all questions first, side by side, and nothing is guessed. The
answers are kept as bits, one a row, so that the rows of a whole word go down a fork in two
operations: those that answer yes to the right, the others to the left. Which rows end in a leaf is
then a row of bits as well, and the leaves' numbers, written in binary, say the same for every row
(bit slicing, as QuickScorer, Lucchese et al. 2015, does it for the leaves instead of the rows). The
scores are the same to the bit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.unsignedinteger]

BLOCK: Final = 512
"""Rows that are scored together: what is in between them fits into the processor's cache."""

ASKED: Final = 128
"""Questions that are asked together, for the same reason."""

MOST_LEAVES: Final = 64
"""Leaves of a tree up to which the tables are known to be faster than LightGBM."""

WORDS: Final[Sequence[type[np.unsignedinteger]]] = (np.uint8, np.uint16, np.uint32, np.uint64)
"""What the bits of the rows are worked on in; the last as often as there are rows for it."""


@dataclass(frozen=True)
class _Level:
    """The forks of all trees that lie equally deep."""

    forks: Places
    """Their places among all nodes."""
    asked: slice
    """Their answers among those of all forks."""
    left: slice
    """The nodes on their left branches, in the same order."""
    right: slice


@dataclass(frozen=True)
class Forest:
    """Trees over their distinct questions, each whether a column is greater than a threshold.

    A question that several trees ask is asked once. The nodes, forks and leaves, stand level after
    level.
    """

    trees: Sequence["_Tree"]
    columns: Places
    """The column that each question looks at."""
    thresholds: Matrix
    """questions x 1."""
    questions: Places
    """The question of each fork, level after level."""
    levels: Sequence[_Level]
    nodes: int
    leaves: Places
    """leaves x (digits * trees): the leaves whose numbers have a 1 in the binary digit. There are
    fewer in some trees than in others; the rest of a column is the place after the last node."""
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
        fits = all(each.plain and len(each.values) <= MOST_LEAVES for each in trees)
        return Forest._of(trees) if trees and fits else None

    @staticmethod
    def _of(trees: Sequence["_Tree"]) -> "Forest":
        asked: list[tuple[float, float]] = []
        levels: list[_Level] = []
        place: dict[tuple[int, int], int] = {}
        level, begin = [(tree, each.root) for tree, each in enumerate(trees)], 0
        while level:
            end, before = begin + len(level), len(asked)
            place |= {node: begin + at for at, node in enumerate(level)}
            forks = [(tree, node) for tree, node in level if node >= 0]
            asked += [(trees[tree].columns[at], trees[tree].thresholds[at]) for tree, at in forks]
            left = [(tree, int(trees[tree].lower[at])) for tree, at in forks]
            right = [(tree, int(trees[tree].upper[at])) for tree, at in forks]
            if forks:
                between = end + len(forks)
                levels.append(
                    _Level(
                        forks=np.array([place[each] for each in forks]),
                        asked=slice(before, len(asked)),
                        left=slice(end, between),
                        right=slice(between, between + len(forks)),
                    )
                )
            level, begin = left + right, end
        distinct, questions = np.unique(np.array(asked).reshape(-1, 2), axis=0, return_inverse=True)
        orders = [each.order() for each in trees]
        most = max(len(order) for order in orders)
        values = np.zeros((len(trees), most))
        for row, each, order in zip(values, trees, orders, strict=True):
            row[: len(order)] = each.values[order]
        return Forest(
            trees=trees,
            columns=distinct[:, 0].astype(np.int64),
            thresholds=_at_most(distinct[:, 1])[:, None],
            questions=questions.ravel(),
            levels=levels,
            nodes=begin,
            leaves=_by_digit(
                [[place[tree, ~leaf] for leaf in order] for tree, order in enumerate(orders)], begin
            ),
            first=(np.arange(len(trees)) * most)[:, None],
            values=values.ravel(),
        )

    def change(self, matrix: Matrix, column: int, values: npt.NDArray[np.float32]) -> Numbers:
        """What each row's score gains where a column has other values.

        Asked are the trees that look at the column, about the rows of which it matters to them.
        """
        gained, looking = (
            np.zeros(len(matrix)),
            [each for each in self.trees if column in each.columns],
        )
        if not looking:
            return gained
        trees = Forest._of(looking)
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

    def predict(self, matrix: Matrix) -> Numbers:
        """The sum of each row's leaves (two rows or more). A number that is none counts as 0."""
        size = -(-len(matrix) // -(-len(matrix) // BLOCK))
        starts = range(0, len(matrix), size)
        return np.concatenate([self._scores(matrix[start : start + size]) for start in starts])

    def _scores(self, matrix: Matrix) -> Numbers:
        answers = self._answers(matrix)
        reached = np.empty((self.nodes + 1, answers.shape[1]), answers.dtype)
        reached[: len(self.first)] = ~answers.dtype.type(0)
        reached[-1] = 0
        for level in self.levels:
            here = reached.take(level.forks, axis=0)
            right = np.bitwise_and(here, answers[level.asked], out=reached[level.right])
            np.bitwise_xor(here, right, out=reached[level.left])
        digits = np.bitwise_or.reduce(reached.take(self.leaves, axis=0), axis=0)
        leaf = self._numbers(digits).astype(np.intp)
        leaf += self.first
        # Every place is within the values; to check that would take longer than all else here.
        scores: Numbers = self.values.take(leaf, mode="clip").sum(axis=0)
        return scores[: len(matrix)]

    def _answers(self, matrix: Matrix) -> Words:
        """forks x words: whether each row, a bit, is greater than the fork's threshold."""
        word = WORDS[min(max(len(matrix) - 1, 7).bit_length() - 3, 3)]
        bits = 8 * np.dtype(word).itemsize
        width = -(-len(matrix) // bits) * bits
        columns = np.zeros((matrix.shape[1], width), np.float32)
        columns[:, : len(matrix)] = matrix.T
        if np.isnan(columns).any():
            columns[np.isnan(columns)] = 0
        yes = np.empty((len(self.columns), width), bool)
        for start in range(0, len(yes), ASKED):
            some = slice(start, start + ASKED)
            asked = columns.take(self.columns[some], axis=0)
            np.greater(asked, self.thresholds[some], out=yes[some])
        packed = np.packbits(yes.ravel()).view(word).reshape(len(yes), width // bits)
        answers: Words = packed.take(self.questions, axis=0)
        return answers

    def _numbers(self, digits: Words) -> npt.NDArray[np.uint8]:
        """trees x rows: what the binary digits of the leaves' numbers say, the highest last."""
        bits = np.unpackbits(digits.view(np.uint8).ravel())
        *lower, numbers = bits.reshape(-1, len(self.first), bits.size // len(digits))
        for digit in reversed(lower):
            numbers += numbers
            numbers += digit
        return numbers


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

    @property
    def root(self) -> int:
        """The node that all rows begin at."""
        return 0 if len(self.columns) else -1

    def order(self) -> list[int]:
        """The leaves from left to right."""
        return list(self._below(self.root))

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


def _by_digit(leaves: Sequence[Sequence[int]], nothing: int) -> Places:
    """The places of each tree's leaves whose numbers have a 1 in a binary digit: see `leaves`."""
    digits = max(1, (max(len(own) for own in leaves) - 1).bit_length())
    lists = [
        [place for number, place in enumerate(own) if number >> digit & 1]
        for digit in range(digits)
        for own in leaves
    ]
    table = np.full((max(1, *(len(each) for each in lists)), len(lists)), nothing)
    for column, each in zip(table.T, lists, strict=True):
        column[: len(each)] = each
    return table
