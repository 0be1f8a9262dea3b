"""Events on their way into what was learned: in the order of arrival, as columns."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Scores, Times


@dataclass(frozen=True)
class Arrivals:
    """Events that arrived one after another, with what their users had chosen before each.

    An event that is taken back (an undone like, a rating that was changed) comes once more with
    sign -1 and all else as it was; a changed one then comes anew with sign 1. What is added up
    linearly is so put right by adding `sign` times the amount. Nothing else is ever unlearned.
    """

    user: npt.NDArray[np.int32]
    """A number for each user, the same for all their events in these arrivals; no index of a
    dataset."""
    item: Items
    """Catalogue indices; items that came since the training follow on those of the bundle."""
    time: Times
    """Microseconds since 1970 UTC; `EARLIEST` where nobody recorded it."""
    kind: npt.NDArray[np.int16]
    """The place of the event's kind among the `kinds`."""
    value: Scores
    """NaN where the event has none."""
    weight: Scores
    """What the event says of the user's interest, after its kind's setting."""
    liked: npt.NDArray[np.bool_]
    sign: npt.NDArray[np.int8]
    """1 for what happened, -1 for what is taken back."""
    kinds: tuple[str, ...]
    past: Items
    """What the users had chosen (positive events) before each event's instant, oldest first, each
    event's after another's: `past[bounds[n] : bounds[n + 1]]` are the n-th event's."""
    bounds: npt.NDArray[np.int64]
    """One entry more than events."""
    later: Items
    """What of the users' choices lies behind each event though it arrived before: nothing, but for
    events that come late and for what is taken back. Cut by `later_bounds` as `past` is."""
    later_bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.item)

    @property
    def positive(self) -> npt.NDArray[np.bool_]:
        """Which events speak for their item."""
        positive: npt.NDArray[np.bool_] = self.weight > 0
        return positive
