"""A log as what counters add up: each event once, and once more where it is taken back."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.datasets.snapshot import Dataset, Events

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entries:
    """What is added to counters, and what is taken off them again, in the order of time."""

    events: Events
    """An event that is taken back stands here twice, the second time at the instant of that."""
    sign: Numbers
    """1 where an event is added, -1 where it is taken off."""
    age: Numbers
    """Microseconds since the event happened: 0 where it is added."""

    @staticmethod
    def of(data: Dataset) -> "Entries":
        """The entries of a log."""
        events, n = data.events, len(data.events)
        if data.all_stands:
            return Entries(events, np.ones(n), np.zeros(n))
        undone = np.flatnonzero(~data.standing)
        place = np.concatenate([np.arange(n), undone])
        when = np.concatenate([np.arange(n), data.undone_by[undone]])
        sign = np.repeat([1.0, -1.0], [n, len(undone)])
        order = np.lexsort((sign, when))
        place, when, sign = place[order], when[order], sign[order]
        age = (events.time[when] - events.time[place]).astype(np.float64)
        return Entries(replace(events.take(place), time=events.time[when]), sign, age)

    def take(self, which: npt.NDArray[np.intp]) -> "Entries":
        """Some of the entries."""
        return Entries(self.events.take(which), self.sign[which], self.age[which])

    def faded(self, amount: Numbers, half_life: int) -> Numbers:
        """What is taken off has faded since it was added."""
        faded: Numbers = amount * np.exp2(-self.age / half_life)
        return faded
