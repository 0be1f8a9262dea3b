"""Two models asked the same questions, event after event, and how sure their difference is.

Predict, then learn (Dawid 1984): both are asked before the event is known to either.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from shortlist.core.times import Instant
from shortlist.online.bounds import Bounds, Watched
from shortlist.online.places import Places

DEPTH: Final = 100
"""Places of a list within which an item is found at all; who looks further?"""

Numbers = npt.NDArray[np.float64]


def progressive_score(scores: Numbers, right: int) -> float:
    """What an order is worth to somebody who chose the candidate at a place: 1 / log2(1 + rank).

    Equal scores rank before it. Nothing where it was no candidate (a place of -1), or is found too
    far down.

    >>> progressive_score(np.array([0.3, 0.9, 0.5]), 2)
    0.6309297535714575
    """
    if right < 0:
        return 0.0
    rank = int((scores >= scores[right]).sum())
    return float(1 / np.log2(1 + rank)) if rank <= DEPTH else 0.0


@dataclass
class Tally:
    """The scores of two models on the same events.

    Events of one person are not independent: of each only the first few count, and the sum of
    squares is that of the people where it is larger than that of the events. That widens the
    bounds, so that they hold all the more.
    """

    per_user: int
    """Events of one user that count."""
    watched: Watched = field(default_factory=Watched)
    places: Places = field(default_factory=Places)
    """How likely the places of the lists are looked at that people chose from."""
    weight: float = 0.0
    """The sum of what the events count."""
    mine: float = 0.0
    """The sum of the scores of the model that is compared."""
    theirs: float = 0.0
    """The same of the model it is compared with."""
    clustered: float = 0.0
    """Squared surprises of each user's events together."""
    _surprises: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lists: dict[str, Instant] = field(default_factory=dict)
    """When the list was asked for that a user chose from last, while more of it may come."""

    def wants(self, user: str) -> bool:
        """Whether another event of a user may count: known before it is.

        Of a list all choices count or none: the first ones of a list are those at its head.
        """
        return user in self._lists or self._surprises.get(user, (0, 0.0))[0] < self.per_user

    def add(self, user: str, mine: float, theirs: float, weight: float = 1.0) -> None:
        """Count an event, where it may count, by its weight (1 at most)."""
        if not self.wants(user):
            return
        count, before = self._surprises.get(user, (0, 0.0))
        difference = weight * (mine - theirs)
        surprise = difference - self.watched.mean
        self.clustered += (before + surprise) ** 2 - before**2
        self._surprises[user] = count + 1, before + surprise
        self.watched = self.watched.with_one(difference)
        self.weight += weight
        self.mine += weight * mine
        self.theirs += weight * theirs

    def add_shown(
        self,
        user: str,
        scores: tuple[float, float],
        worth: Numbers,
        place: int,
        asked: Instant,
    ) -> None:
        """Count a choice from a list that was shown: by how likely its place is looked at.

        `scores` are those of the model that is compared and of the other; `worth` is what the one
        that made the list expected of its items, in their order; `asked` is when it was asked for.
        The first choices only tell how places are looked at.
        """
        if self._lists.get(user) != asked:
            self._lists.pop(user, None)
            if not self.wants(user):
                return
            self._lists[user] = asked
        weight = self.places.weight(place)
        if weight is not None:
            self.add(user, *scores, weight)
        self.places.learn(worth, place)

    @property
    def users(self) -> int:
        """How many people's events are among them."""
        return len(self._surprises)

    def bounds(self, error: float) -> Bounds:
        """The mean difference, and how low and high it may truly be, at any time."""
        found = self.watched.bounds(error, self.clustered)
        if not found.n:
            return found
        each = self.weight / found.n
        low, high = max(-1.0, found.lower / each), min(1.0, found.upper / each)
        return Bounds(found.n, found.mean / each, low, high)

    def figures(self, error: float) -> dict[str, float | int]:
        """All of it, to be written down."""
        bounds = self.bounds(error)
        weight = self.weight or 1.0
        return {
            "n": bounds.n,
            "users": self.users,
            "score": round(self.mine / weight, 5),
            "score_of_other": round(self.theirs / weight, 5),
            "difference": round(bounds.mean, 5),
            "lower": round(bounds.lower, 5),
            "upper": round(bounds.upper, 5),
        }
