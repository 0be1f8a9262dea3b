"""The teaching of a transformer that foresees choices: the one place that knows torch.

torch is imported where it is needed: a model that was taught is asked without it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Tensor = Any
Weights = Mapping[str, Matrix]
Drop = Callable[[Tensor], Tensor]

HELD_OUT: Final = 20
"""One in so many users tells when to stop, and does not teach."""

MOST_HELD_OUT: Final = 2000

TOGETHER: Final = 1000
"""Choices, about, that make one step."""


@dataclass(frozen=True)
class Teaching:
    """How it is taught; the settings of the source say what each means."""

    heads: int
    ahead: float
    dropout: float
    negatives: int
    epochs: int
    patience: int
    learning_rate: float
    seed: int


@dataclass(frozen=True)
class Sequences:
    """What users chose, one after another, as rows of the table of items."""

    rows: Rows
    start: Rows
    """Where each user's begin."""
    lengths: Rows
    """How many they are, two at least."""

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, rows: Rows, users: npt.NDArray[np.int32]) -> Self:
        """From rows and whose they are, user after user."""
        _, start, lengths = np.unique(users, return_index=True, return_counts=True)
        enough = lengths > 1
        return cls(rows, start[enough], lengths[enough])

    def some(self, which: Rows) -> Self:
        """Those of some users."""
        return type(self)(self.rows, self.start[which], self.lengths[which])

    def lessons(
        self, length: int, ahead: float, lot: np.random.Generator
    ) -> Iterator[tuple[Rows, Rows]]:
        """Stretches of every user, in batches: histories and what came of them, some x length.

        There are as many of a user as they have choices for, one at least, each from anywhere.
        What comes of each choice is the next, or one that is a few further. Behind a stretch's
        end stands -1. Stretches of like length are together.
        """
        turns = np.maximum(1, np.rint(self.lengths / length)).astype(np.int64)
        start, lengths = np.repeat(self.start, turns), np.repeat(self.lengths, turns)
        room = np.minimum(lengths - 1, length)
        first = start + (lot.random(len(room)) * (lengths - room)).astype(np.int64)
        order = np.lexsort((lot.random(len(room)), room))
        batches = np.split(order, np.flatnonzero(np.diff(np.cumsum(room[order]) // TOGETHER)) + 1)
        for at in lot.permutation(len(batches)):
            some = batches[at]
            within = np.arange(room[some].max())
            place = first[some][:, None] + within
            there = within < room[some][:, None]
            place = np.where(there, place, first[some][:, None])
            left = (start + lengths)[some][:, None] - place - 1
            further = 1 + (lot.geometric(1 - ahead, place.shape) - 1) % left
            yield self.rows[place], np.where(there, self.rows[place + further], -1)


def taught(begun: Weights, sequences: Sequences, how: Teaching) -> dict[str, Matrix]:
    """The weights that foresee best what users choose who were not taught from."""
    import torch

    lot = np.random.default_rng(how.seed)
    generator = torch.Generator().manual_seed(how.seed)
    weights = {
        name: torch.tensor(array, requires_grad=True)  # a copy
        for name, array in begun.items()
    }
    steps = torch.optim.AdamW(weights.values(), lr=how.learning_rate)
    length = len(begun["positions"])
    teaching, telling = _parted(sequences, lot)
    drop = _Dropout(how.dropout, generator)
    best, found, waited = np.inf, dict(begun), 0
    with _one_thread():
        for _ in range(how.epochs):
            for history, right in teaching.lessons(length, how.ahead, lot):
                steps.zero_grad()
                losses(weights, history, right, how, lot, drop).mean().backward()
                steps.step()
            now = _mean_loss(weights, telling, how)
            waited += 1
            if now < best:
                best, waited = now, 0
                found = {name: each.detach().numpy().copy() for name, each in weights.items()}
            if waited == how.patience:
                break
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums over several threads would depend on how many there are."""
    import torch

    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


def _parted(sequences: Sequences, lot: np.random.Generator) -> tuple[Sequences, Sequences]:
    """Users who teach, and users who tell when to stop; the same where there is only one."""
    users = lot.permutation(len(sequences))
    held_out = min(MOST_HELD_OUT, -(-len(users) // HELD_OUT))
    teaching = users[held_out:] if len(users) > 1 else users
    return sequences.some(teaching), sequences.some(users[:held_out])


def _mean_loss(weights: Mapping[str, Tensor], telling: Sequences, how: Teaching) -> float:
    """Of the same choices every time, among the same others."""
    import torch

    lot = np.random.default_rng(how.seed)
    length = len(weights["positions"])
    with torch.no_grad():
        parts = [
            losses(weights, history, right, how, lot).numpy()
            for history, right in telling.lessons(length, how.ahead, lot)
        ]
    return float(np.concatenate(parts).mean())


def _kept(numbers: Tensor) -> Tensor:
    """All of them."""
    return numbers


@dataclass(frozen=True)
class _Dropout:
    """Leaves out some numbers, and makes up for them with the others."""

    share: float
    generator: Any

    def __call__(self, numbers: Tensor) -> Tensor:
        kept = numbers.new_empty(numbers.shape).bernoulli_(1 - self.share, generator=self.generator)
        return numbers * kept / (1 - self.share)


def losses(
    weights: Mapping[str, Tensor],
    history: Rows,
    right: Rows,
    how: Teaching,
    lot: np.random.Generator,
    drop: Drop = _kept,
) -> Tensor:
    """How surprising each choice was: minus the logarithm of its share.

    Where items are drawn, each counts as often as it stands for others.
    """
    import torch
    from torch.nn import functional

    there = torch.from_numpy(right >= 0)
    wanted = torch.from_numpy(right)[there]
    state = states(weights, torch.from_numpy(history), how.heads, drop)[there]
    items, bias, number = weights["items"], weights["bias"], len(weights["items"])
    if number <= how.negatives:
        return functional.cross_entropy(state @ items.T + bias, wanted, reduction="none")
    drawn = torch.from_numpy(lot.choice(number, how.negatives, replace=False))
    others = state @ items[drawn].T + bias[drawn] + float(np.log(number / how.negatives))
    others = others.masked_fill(wanted[:, None] == drawn, -torch.inf)
    own = (state * items[wanted]).sum(-1, keepdim=True) + bias[wanted][:, None]
    return torch.logsumexp(torch.cat([own, others], 1), 1) - own[:, 0]


def states(
    weights: Mapping[str, Tensor], history: Tensor, heads: int, drop: Drop = _kept
) -> Tensor:
    """Where the history up to each choice leads: users x length x dimensions.

    The same as `SasrecModel.state`, of many histories and all their beginnings at once.
    """
    from torch.nn import functional

    def normed(rows: Tensor, scale_and_shift: Tensor) -> Tensor:
        return functional.layer_norm(rows, rows.shape[-1:], *scale_and_shift)

    users, length = history.shape
    passed = drop(functional.embedding(history, weights["items"]) + weights["positions"][:length])
    for block, (before, between) in enumerate(weights["norms"]):
        split = normed(passed, before) @ weights["attention"][block]
        parts = split.view(users, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
        together = functional.scaled_dot_product_attention(*parts, is_causal=True)
        together = together.transpose(1, 2).reshape(users, length, -1)
        passed = passed + drop(together @ weights["attended"][block])
        inner = normed(passed, between) @ weights["inner"][block] + weights["inner_bias"][block]
        outer = drop(inner.relu()) @ weights["outer"][block] + weights["outer_bias"][block]
        passed = passed + drop(outer)
    return normed(passed, weights["norm"])
