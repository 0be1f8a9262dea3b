"""What one user did -> what is asked for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores, Times
from shortlist.core.times import EARLIEST
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings, take_backs
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.datasets.undone import undone_by

Kinds = Mapping[str, KindSettings]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """A user's events on items of one catalogue, oldest first (ties in the order of arrival)."""

    items: Items
    kinds: tuple[str, ...]
    """The kind of each event."""
    values: Scores
    """NaN where the event has none."""
    times: Times
    """`EARLIEST` where nobody recorded it."""
    weights: Scores
    chosen: Mask
    """Which events mean that the user now has the item."""

    @staticmethod
    def of(
        catalogue: Catalogue,
        settings: Kinds,
        items: Sequence[str],
        kinds: Sequence[str],
        values: Sequence[float | None],
        times: Sequence[int | None],
    ) -> "History":
        """From events in the order of arrival.

        Items the catalogue does not know are left out, and events that later ones took back.
        """
        place = catalogue.ids.indices_of(items)
        time = np.array([EARLIEST if each is None else each for each in times], np.int64)
        order = np.argsort(time, kind="stable")
        order = order[place[order] >= 0]
        order = order[_standing(place[order], [kinds[each] for each in order.tolist()], settings)]
        kind = np.array(kinds, np.object_)[order]
        value = np.array([np.nan if each is None else each for each in values], np.float32)[order]
        weight, chosen = np.zeros(len(order), np.float32), np.zeros(len(order), bool)
        for name in dict.fromkeys(kind.tolist()):
            about, own = settings.get(name, DEFAULT_KIND), kind == name
            weight[own] = about.weigh(value[own])
            chosen[own] = about.is_choice
        return History(place[order], tuple(kind.tolist()), value, time[order], weight, chosen)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def newest(self) -> int:
        """The instant of the newest event; `EARLIEST` where none is known."""
        return int(self.times[-1]) if len(self) else EARLIEST

    def of_kinds(self, kinds: Sequence[str]) -> Mask:
        """Which events are of one of the kinds."""
        wanted = {*kinds}
        return np.array([each in wanted for each in self.kinds], bool)

    def query(self, time: int, *, limit: int = 500, excluded: Mask | None = None) -> Query:
        """What is asked at an instant: the newest `limit` events that say something.

        The items of the `excluded` events must not be answered; of what the user has chosen,
        where nobody says otherwise.
        """
        telling = self._telling[-limit:]
        without = self._had if excluded is None else np.unique(self.items[excluded])
        return Query(
            history=self.items[telling],
            weights=self.weights[telling],
            values=self.values[telling],
            times=self.times[telling],
            time=time,
            excluded=without.astype(np.int32, copy=False),
            shown=self._shown[-limit:],
        )

    @cached_property
    def _telling(self) -> npt.NDArray[np.intp]:
        """Which events say something of the user's interest."""
        return np.flatnonzero(self.weights != 0)

    @cached_property
    def _had(self) -> Items:
        """What the user has, each once, ascending."""
        return np.unique(self.items[self.chosen])

    @cached_property
    def _shown(self) -> Items:
        """What was shown to the user, oldest first."""
        return self.items[self.of_kinds((IMPRESSION,))]


def _standing(items: Items, kinds: Sequence[str], settings: Kinds) -> Mask:
    """Which events of one user, oldest first, no later one took back."""
    names = {name: code for code, name in enumerate(dict.fromkeys(kinds))}
    pairs = take_backs(settings, list(names))
    if not pairs:
        return np.ones(len(items), bool)
    codes = np.array([names[each] for each in kinds], np.int64)
    standing: Mask = undone_by(items, codes, pairs) == len(items)
    return standing
