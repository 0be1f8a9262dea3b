"""What is answered: lists, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Reason:
    """One column's part in a score."""

    column: str
    meaning: str
    value: float | None
    amount: float


@dataclass(frozen=True)
class Because:
    """One of the user's own items that speaks for the one recommended."""

    item: str
    value: float | None
    share: float


@dataclass(frozen=True)
class Why:
    """Why an item is in the list; the base and all contributions sum to the ranker's score."""

    reason: str
    base: float
    contributions: Sequence[Reason]
    """Every column, the largest effect first."""
    because: Sequence[Because]


class Shown(NamedTuple):
    """One item of a list; a tuple, because a request makes hundreds of them."""

    item: str
    position: int
    """0 is the first of the whole list, over all its pages."""
    score: float
    probability: float | None
    """How likely the user is to choose it; None where the ranker could not say."""
    sources: Sequence[str]
    """The sources that proposed it, the keenest first."""
    propensity: float = 1.0
    """How likely the placement's policy was to put it here, given what stands above it."""
    pinned: bool = False
    why: Why | None = None


@dataclass(frozen=True)
class Answer:
    """A list, and what is to be known about it."""

    decision: str
    bundle: str | None
    placement: str
    items: Sequence[Shown]
    degraded: Sequence[str]
    """The parts that were left out of this answer, by name."""
    next: str | None
    """The cursor of the next page; None at the end."""
    relaxed: Sequence[str] = ()
    """Rules of the placement that could not be kept without shortening the list."""
    diversity_price: float = 0.0
    """What diversity and caps cost: the score given up, as a share of the plain list's."""
