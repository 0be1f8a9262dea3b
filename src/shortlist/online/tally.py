"""Two models asked the same questions, event after event, and how sure their difference is.

Predict, then learn (Dawid 1984): both are asked before the event is known to either.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from shortlist.core.times import Instant
from shortlist.online.bounds import Bounds
from shortlist.online.differences import Differences
from shortlist.online.places import Places
from shortlist.online.sureness import Sureness

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


class Said(NamedTuple):
    """What two models say of the items of a list, in log-odds, and which one was chosen."""

    mine: Numbers
    theirs: Numbers
    right: int


@dataclass
class Tally:
    """The scores of two models on the same events: of each person only the first few count."""

    per_user: int
    """Events of one user that count."""
    ranks: Differences = field(default_factory=Differences)
    """Differences of their progressive scores."""
    foretold: Differences = field(default_factory=Differences)
    """How much likelier the model that is compared took each choice to be than the other did, in
    log-likelihood (Good 1952), 1 at most either way; of those choices of which both say it."""
    places: Places = field(default_factory=Places)
    """How likely the places of the lists are looked at that people chose from."""
    my_sureness: Sureness = field(default_factory=Sureness)
    their_sureness: Sureness = field(default_factory=Sureness)
    mine: float = 0.0
    """The sum of the scores of the model that is compared."""
    theirs: float = 0.0
    """The same of the model it is compared with."""
    _lists: dict[str, Instant] = field(default_factory=dict)
    """When the list was asked for that a user chose from last, while more of it may come."""

    def wants(self, user: str) -> bool:
        """Whether another event of a user may count: known before it is.

        Of a list all choices count or none: the first ones of a list are those at its head.
        """
        return user in self._lists or self.ranks.of(user) < self.per_user

    def add(
        self,
        user: str,
        mine: float,
        theirs: float,
        weight: float = 1.0,
        likelier: float | None = None,
    ) -> None:
        """Count an event, where it may count, by its weight (1 at most)."""
        if not self.wants(user):
            return
        self.ranks.add(user, mine - theirs, weight)
        self.mine += weight * mine
        self.theirs += weight * theirs
        if likelier is not None:
            self.foretold.add(user, likelier, weight)

    def add_shown(
        self,
        user: str,
        scores: tuple[float, float],
        worth: Numbers,
        place: int,
        asked: Instant,
        said: Said | None = None,
    ) -> None:
        """Count a choice from a list that was shown: by how likely its place is looked at.

        `scores` are those of the model that is compared and of the other; `worth` is what the one
        that made the list expected of its items, in their order; `asked` is when it was asked for.
        The first choices only tell how places are looked at, and how sure the models may be.
        """
        if self._lists.get(user) != asked:
            self._lists.pop(user, None)
            if not self.wants(user):
                return
            self._lists[user] = asked
        weight = self.places.weight(place)
        if weight is not None:
            self.add(user, *scores, weight, None if said is None else self._likelier(said))
        self.places.learn(worth, place)
        if said is not None:
            self.my_sureness.learn(said.mine, said.right)
            self.their_sureness.learn(said.theirs, said.right)

    def _likelier(self, said: Said) -> float | None:
        mine = self.my_sureness.foretold(said.mine, said.right)
        theirs = self.their_sureness.foretold(said.theirs, said.right)
        return None if mine is None or theirs is None else float(np.clip(mine - theirs, -1, 1))

    def bounds(self, error: float) -> tuple[Bounds, Bounds | None]:
        """Of the scores, and of what was foretold where that was said of half of the events.

        Either is wrong, ever, with at most this probability on each side: together, where both
        are there.
        """
        ranks = self.ranks.watched
        if not ranks.n or 2 * self.foretold.watched.n < ranks.n:
            return self.ranks.bounds(error), None
        return self.ranks.bounds(error / 2), self.foretold.bounds(error / 2)

    def figures(self, error: float) -> dict[str, float | int]:
        """All of it, to be written down."""
        bounds, foretold = self.bounds(error)
        weight = self.ranks.weight or 1.0
        found = {
            "n": bounds.n,
            "users": self.ranks.users,
            "score": round(self.mine / weight, 5),
            "score_of_other": round(self.theirs / weight, 5),
            "difference": round(bounds.mean, 5),
            "lower": round(bounds.lower, 5),
            "upper": round(bounds.upper, 5),
        }
        if foretold is not None:
            found |= {
                "foretold": round(foretold.mean, 5),
                "foretold_lower": round(foretold.lower, 5),
                "foretold_upper": round(foretold.upper, 5),
            }
        return found
