"""The candidates of one query, merged from all sources."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items


@dataclass(frozen=True)
class Pool:
    """Each candidate once, with what every source thinks of it, proposed by it or not."""

    items: Items
    """Ascending."""
    scores: npt.NDArray[np.float32]
    """sources x items: the source's own score."""
    tops: npt.NDArray[np.float32]
    """The best score of each source over what may be recommended."""
    ranks: npt.NDArray[np.float32]
    """sources x items: 0 for the source's best; the source's quota where it did not propose."""
    quota: int
    """How many items a source proposes at most."""

    def __len__(self) -> int:
        return len(self.items)

    def proposed_by(self, place: int) -> npt.NDArray[np.intp]:
        """The sources that proposed the candidate at this place, the keenest first."""
        ranks = self.ranks[:, place]
        order = np.argsort(ranks, kind="stable")
        return order[ranks[order] < self.quota]

    def take(self, places: npt.NDArray[np.intp]) -> "Pool":
        """Some of the candidates."""
        return Pool(
            self.items[places],
            self.scores.take(places, axis=1),
            self.tops,
            self.ranks.take(places, axis=1),
            self.quota,
        )
