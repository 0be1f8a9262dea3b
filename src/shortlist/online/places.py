"""How likely each place of a list is looked at, as those who click tell.

Whoever clicks on an item of a list says which of its items was looked at and worth a click. Given
that they click on one,

    P(it stands at p) = looks(p) worth(p) / sum over q of looks(q) worth(q)

Worth is what the model that made the list expected. The looks are those that make the clicks most
likely (minorisation and maximisation: Hunter 2004, "MM algorithms for generalized Bradley-Terry
models", Annals of Statistics 32); a click counts for 1 / looks(p) then, so that a model is not
taken for good because what it put first was looked at more (Joachims, Swaminathan & Schnabel
2017, "Unbiased learning-to-rank with biased feedback", WSDM).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

LEARN: Final = 100
"""Clicks that tell the looks before any counts for more than that, and between two estimates."""

DARKEST: Final = 0.1
"""No place is taken to be looked at less than this, beside the one looked at most."""

AS_EXPECTED: Final = 3.0
"""Clicks as expected that every place is taken to have had, so that few do not make a curve."""

ROOM: Final = 1.25
"""How much more a click may come to count than the first estimate says of the darkest place."""

ROUNDS: Final = 30

Numbers = npt.NDArray[np.float64]


@dataclass
class Places:
    """What is known of the places of lists by now. It depends on the clicks and their order alone.

    >>> places = Places()
    >>> places.weight(0) is None
    True
    """

    _worths: list[Numbers] = field(default_factory=list)
    _clicked: list[int] = field(default_factory=list)
    _weights: Numbers | None = None
    _unit: float = 1.0

    def weight(self, place: int) -> float | None:
        """What a click at a place counts, 1 at most; None while too little is known."""
        if self._weights is None:
            return None
        return float(self._weights[min(place, len(self._weights) - 1)])

    def learn(self, worth: Numbers, clicked: int) -> None:
        """Take up a click: what was expected of the list's items in their order, and its place."""
        self._worths.append(worth)
        self._clicked.append(clicked)
        if len(self._clicked) % LEARN:
            return
        counts = 1 / np.maximum(looks(self._worths, self._clicked), DARKEST)
        if self._weights is None:
            self._unit = ROOM * float(counts.max())
        self._weights = np.minimum(1.0, counts / self._unit)


def looks(worths: list[Numbers], clicked: list[int]) -> Numbers:
    """How likely each place is looked at, beside the one looked at most."""
    table = np.zeros((len(worths), max(len(each) for each in worths)))
    for row, each in zip(table, worths, strict=True):
        row[: len(each)] = np.maximum(each, 1e-9)
    clicks = np.bincount(clicked, minlength=table.shape[1]).astype(np.float64)
    found = np.ones(table.shape[1])
    for _ in range(ROUNDS):
        expected = (table / (table @ found)[:, None]).sum(axis=0)
        found = (clicks + AS_EXPECTED) / (expected + AS_EXPECTED)
        found /= found.max()
    return found
