"""What is asked (a query) and what is proposed (candidates)."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Items = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]
Times = npt.NDArray[np.int64]


def _no_items() -> Items:
    return np.empty(0, np.int32)


def _no_numbers() -> Scores:
    return np.empty(0, np.float32)


def _no_times() -> Times:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Query:
    """Who asks, when, and what they did before.

    The history is oldest first. Its columns have one length: the item (catalogue index), the
    weight of the event (its kind's setting; negative is a dislike), its value where it had one
    (NaN elsewhere), and its instant. An item stands in it as often as it was chosen.
    """

    history: Items = field(default_factory=_no_items)
    weights: Scores = field(default_factory=_no_numbers)
    values: Scores = field(default_factory=_no_numbers)
    times: Times = field(default_factory=_no_times)
    time: int = 0
    """The instant of the question; nothing at or after it is known."""
    user: int = -1
    """Index of the user among those trained on; -1 is somebody new."""
    excluded: Items = field(default_factory=_no_items)
    """Items that must not be answered, beside what sources leave out themselves."""
    shown: Items = field(default_factory=_no_items)
    """Items that were shown to the user lately, oldest first, chosen or not."""

    def __post_init__(self) -> None:
        n = len(self.history)
        for name, default in (("weights", 1.0), ("values", np.nan), ("times", 0)):
            column = getattr(self, name)
            if len(column) == 0 and n:
                object.__setattr__(self, name, np.full(n, default, column.dtype))
            elif len(column) != n:
                raise ValueError(f"query.{name} has {len(column)} entries for {n} in the history")


@dataclass(frozen=True)
class Candidates:
    """Items and what their source thinks of them, best first."""

    items: Items
    scores: Scores

    def __len__(self) -> int:
        return len(self.items)

    @staticmethod
    def best(scores: Scores, limit: int, *, without: Items | None = None) -> "Candidates":
        """The `limit` best of a score for every item; ties go to the smaller index.

        Items scored zero or less, or not a number, are not proposed: the source has nothing to
        say about them.
        """
        usable = scores.copy()
        if without is not None and len(without):
            usable[without] = -np.inf
        proposed = np.flatnonzero(usable > 0)
        if limit <= 0:
            proposed = proposed[:0]
        elif len(proposed) > limit:
            threshold = np.partition(usable[proposed], len(proposed) - limit)[-limit]
            above = proposed[usable[proposed] > threshold]
            level = proposed[usable[proposed] == threshold][: limit - len(above)]
            proposed = np.concatenate([above, level])
        order = np.lexsort((proposed, -usable[proposed]))
        items = proposed[order].astype(np.int32)
        return Candidates(items, usable[items].astype(np.float32))
