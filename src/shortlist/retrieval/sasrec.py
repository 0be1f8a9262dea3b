"""Items that a small transformer expects next, from the order of the last choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.errors import NotInstalled
from shortlist.core.lazy import lazy
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.sasrec_fit import Sequences, Teaching, taught
from shortlist.retrieval.source import Arrays, Source, SourceModel

Matrix = npt.NDArray[np.float32]
Weights = Mapping[str, Matrix]
"""What is learned, by name. With d dimensions, and first one entry a block but for the first four:

items         items x d, what goes in and what it is compared with
bias          one an item
positions     length x d
norm          2 x d, the last normalisation: scale and shift
norms         2 x 2 x d, those before attention and before the network
attention     d x 3d, to query, key and value, head by head
attended      d x d, from all heads
inner         d x d
inner_bias    d
outer         d x d
outer_bias    d
"""

SMALL = 1e-5
"""What is added to a variance before it divides."""


@dataclass(frozen=True)
class SasrecModel(SourceModel):
    items: Items
    """The items that were chosen in the training, ascending: the rows of the tables."""
    n_items: int
    """Items of the catalogue; of those that are not among `items` nothing is known."""
    weights: Weights
    heads: int

    def score(self, query: Query) -> Scores:
        """How likely each item is chosen next, of all that are known (0 to 1)."""
        return np.asarray(self.score_many([query])[0], np.float32)

    def score_many(self, queries: Sequence[Query]) -> Matrix:
        scores = np.zeros((len(queries), self.n_items), np.float32)
        histories = [self._known(query) for query in queries]
        asked = np.flatnonzero([len(rows) for rows in histories])
        if len(asked):
            states = np.stack([self.state(histories[place]) for place in asked])
            logits = states @ self.weights["items"].T + self.weights["bias"]
            scores[np.ix_(asked, self.items)] = _softmax(logits)
        return scores

    def _known(self, query: Query) -> Items:
        """The rows of the last choices that the training knew, oldest first."""
        chosen = query.history[query.weights > 0]
        rows = self._rows[chosen[chosen < len(self._rows)]]
        return rows[rows >= 0][-len(self.weights["positions"]) :]

    @lazy
    def _rows(self) -> Items:
        """The row of each item in the tables; -1 for none."""
        rows = np.full(self.n_items, -1, np.int32)
        rows[self.items] = np.arange(len(self.items), dtype=np.int32)
        return rows

    def state(self, rows: Items) -> Scores:
        """Where a history leads: a vector in the space of the items."""
        weights = self.weights
        passed = weights["items"][rows] + weights["positions"][: len(rows)]
        blocks = len(weights["norms"])
        for block in range(blocks):
            # Of the last block only what it makes of the last choice is asked for.
            asked = slice(-1, None) if block == blocks - 1 else slice(None)
            before, between = weights["norms"][block]
            together = self._attended(_normed(passed, before), block, asked)
            passed = passed[asked] + together
            inner = _normed(passed, between) @ weights["inner"][block]
            inner = np.maximum(inner + weights["inner_bias"][block], 0)
            passed = passed + inner @ weights["outer"][block] + weights["outer_bias"][block]
        return np.asarray(_normed(passed, weights["norm"])[-1], np.float32)

    def _attended(self, normed: Matrix, block: int, asked: slice) -> Matrix:
        """What choices take from those before them and from themselves."""
        n, width = normed.shape
        split = (normed @ self.weights["attention"][block]).reshape(n, 3, self.heads, -1)
        query, key, value = split.transpose(1, 2, 0, 3)
        query = query[:, asked] * np.float32((width / self.heads) ** -0.5)
        later = np.triu(np.full((n, n), -np.inf, np.float32), 1)[asked]
        shares = _softmax(query @ key.transpose(0, 2, 1) + later)
        heads = (shares @ value).transpose(1, 0, 2).reshape(-1, width)
        found: Matrix = heads @ self.weights["attended"][block]
        return found

    def padded(self, n_items: int) -> Self:
        return replace(self, n_items=n_items)

    def arrays(self) -> Arrays:
        numbers = np.array([self.n_items, self.heads], np.int64)
        return {"chosen": self.items, "numbers": numbers, **self.weights}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        n_items, heads = np.asarray(arrays["numbers"], np.int64).tolist()
        own = {"chosen", "numbers"}
        return cls(
            items=np.asarray(arrays["chosen"], np.int32),
            n_items=n_items,
            weights={
                name: np.asarray(array, np.float32)
                for name, array in arrays.items()
                if name not in own
            },
            heads=heads,
        )


class Sasrec(Source):
    """Recommend what a small transformer expects next (SASRec, Kang & McAuley 2018).

    It is taught by a softmax over all items, or over many drawn at random, instead of one item
    that was not chosen: that is most of what it is worth (Klenitskiy & Vasilev 2023; Petrov &
    Macdonald 2023). Taught with torch (`pip install "shortlist[neural]"`), asked without it.
    A log without times has no order and teaches nothing.
    """

    name: ClassVar[str] = "sasrec"
    model: ClassVar[type[SourceModel]] = SasrecModel
    usual: ClassVar[bool] = False

    dimensions: PositiveInt = 64
    """Width of an item's vector, and of all that is made of it."""

    blocks: PositiveInt = 2
    """Layers of attention, each with a small network behind it."""

    heads: PositiveInt = 2
    """Parts in which attention is paid; the dimensions are divided among them."""

    length: PositiveInt = 50
    """The last choices that are looked at; time grows with its square."""

    ahead: float = Field(default=0.5, ge=0, lt=1)
    """How readily a later choice than the next is what is to be foreseen: the chance of going one
    further, time after time. 0 teaches the next alone."""

    dropout: float = Field(default=0.4, ge=0, lt=1)
    """The share of numbers that are left out while it is taught."""

    negatives: PositiveInt = 4000
    """Items that a choice is told from: all, where there are no more; else so many drawn at random
    for some hundred choices at a time."""

    epochs: PositiveInt = 40
    """Rounds through everybody's choices at most."""

    patience: PositiveInt = 4
    """Rounds after which it ends where users who are not taught from are no better foreseen."""

    learning_rate: PositiveFloat = 0.002
    """How large the steps are."""

    seed: NonNegativeInt = 0
    """Start of the weights, and of all that is drawn."""

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.dimensions % self.heads:
            raise ValueError("dimensions are not a multiple of heads")
        return self

    def ready(self) -> None:
        if find_spec("torch") is None:
            raise NotInstalled(
                "The source sasrec is trained with torch, which is not installed: "
                'pip install "shortlist[neural]". A bundle that has it is served without.'
            )

    def fit(self, data: Dataset) -> SasrecModel:
        self.ready()
        begun = self.untaught(data)
        sequences = _sequences(data, begun.items)
        if not len(begun.items) or not len(sequences):
            return begun
        teaching = Teaching(
            heads=self.heads,
            ahead=self.ahead,
            dropout=self.dropout,
            negatives=self.negatives,
            epochs=self.epochs,
            patience=self.patience,
            learning_rate=self.learning_rate,
            seed=self.seed,
        )
        return replace(begun, weights=taught(begun.weights, sequences, teaching))

    def untaught(self, data: Dataset) -> SasrecModel:
        """The model before its first lesson: it knows how often each item was chosen, no more."""
        chosen = data.events.item[data.positive] if data.timed else np.empty(0, np.int32)
        items, times = np.unique(chosen, return_counts=True)
        lot, d, blocks = np.random.default_rng(self.seed), self.dimensions, self.blocks

        def drawn(*shape: int) -> Matrix:
            return lot.standard_normal(shape, np.float32) * np.float32(0.3 * d**-0.5)

        scale_and_shift = np.stack([np.ones(d, np.float32), np.zeros(d, np.float32)])
        weights = {
            "items": drawn(len(items), d),
            "bias": np.log(times).astype(np.float32),
            "positions": drawn(self.length, d),
            "norm": scale_and_shift,
            "norms": np.tile(scale_and_shift, (blocks, 2, 1, 1)),
            "attention": drawn(blocks, d, 3 * d),
            "attended": drawn(blocks, d, d),
            "inner": drawn(blocks, d, d),
            "inner_bias": np.zeros((blocks, d), np.float32),
            "outer": drawn(blocks, d, d),
            "outer_bias": np.zeros((blocks, d), np.float32),
        }
        return SasrecModel(items.astype(np.int32), data.n_items, weights, self.heads)


def _sequences(data: Dataset, items: Items) -> Sequences:
    """The rows of everybody's choices, oldest first, of users with two at least."""
    order, _ = data.by_user
    order = order[data.positive[order]]
    rows = np.searchsorted(items, data.events.item[order]).astype(np.int64)
    return Sequences.of(rows, data.events.user[order])


def _normed(rows: Matrix, scale_and_shift: Matrix) -> Matrix:
    """Each row with mean 0 and variance 1, then scaled and shifted."""
    centred = rows - rows.mean(axis=-1, keepdims=True)
    variance = np.square(centred).mean(axis=-1, keepdims=True)
    scale, shift = scale_and_shift
    normed: Matrix = centred / np.sqrt(variance + np.float32(SMALL)) * scale + shift
    return normed


def _softmax(logits: Matrix) -> Matrix:
    """Shares of one along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=-1, keepdims=True)
    return shares
