"""A bundle's retrieval, kept up with what happened since: a fold over the log.

fold = Fold(model.retrieval, kinds, past, sequence)
fold.add(rows)               # of the log, in its order
fresh = fold.retrieval()     # frozen, to be shared
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.load import catalogue_of
from shortlist.datasets.pasts import LogRow, Past, Pasts
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.features.live_stats import LiveStats
from shortlist.online.documents import packed, unpacked
from shortlist.pipeline.model import Retrieval
from shortlist.retrieval.content import ContentLearner
from shortlist.retrieval.source import Learner, NewItems, SourceModel
from shortlist.retrieval.sparse import nothing

Arrays = dict[str, npt.NDArray[np.generic]]


class Fold:
    """Learns from the log, row after row. Private to one thread; what it gives is frozen.

    The state depends on the rows, the items and their order alone: however the rows are cut, and
    whether or not it was stored and restored in between, it is the same to the bit.
    """

    def __init__(
        self,
        retrieval: Retrieval,
        kinds: Mapping[str, KindSettings],
        past: Past,
        sequence: int,
    ) -> None:
        self.sequence = sequence
        """The number of the last event that was added; at first of the last that was trained on."""
        self._trained = retrieval
        self._catalogue = retrieval.catalogue
        learners = {
            name: source.learner(retrieval.catalogue) for name, source in retrieval.sources.items()
        }
        self._learners: Mapping[str, Learner] = {
            name: each for name, each in learners.items() if each is not None
        }
        self._stats = LiveStats(retrieval.stats)
        self._pasts = Pasts(kinds, past)
        self._places = {each: place for place, each in enumerate(retrieval.catalogue.ids)}
        self._told: set[int] = set()
        """The places of the items whose documents came or changed since."""
        self._fresh: Retrieval | None = retrieval

    def add(self, rows: Sequence[LogRow]) -> None:
        """Learn from rows of the log, in its order; what was added before is left out.

        An item nobody described joins the catalogue with its first event.
        """
        new = [row for row in rows if row.sequence > self.sequence]
        if not new:
            return
        strangers = [
            item for item in dict.fromkeys(row.item for row in new) if item not in self._places
        ]
        if strangers:
            self._renew(Catalogue.of(Vocabulary(strangers)))
        arrivals = self._pasts.arrivals(new, self._places, self.sequence)
        self._stats.learn(arrivals)
        for learner in self._learners.values():
            learner.learn(arrivals)
        self.sequence = new[-1].sequence
        self._fresh = None

    def extend(self, items: pl.DataFrame) -> None:
        """Take up documents (ITEMS schema) of items that came or changed since the training.

        Those the catalogue does not know join it at its end, in their order.
        """
        if len(items):
            documents = catalogue_of(items)
            self._renew(documents, told=True)

    def retrieval(self) -> Retrieval:
        """Sources, statistics and catalogue as of now; the same object while nothing happens."""
        if self._fresh is None:
            self._fresh = replace(
                self._trained,
                sources={name: self._model(name) for name in self._trained.sources},
                stats=self._stats.stats(),
                catalogue=self._catalogue,
            )
        return self._fresh

    def arrays(self) -> Arrays:
        """The whole state as plain arrays, but for what the bundle holds."""
        told = np.array(sorted(self._told), np.int32)
        since = np.arange(len(self._trained.catalogue), len(self._catalogue), dtype=np.int32)
        found: Arrays = {
            "sequence": np.array([self.sequence]),
            "told": told,
            "items": packed(self._catalogue.take(np.union1d(told, since).astype(np.int32))),
        }
        found |= {f"stats/{part}": array for part, array in self._stats.arrays().items()}
        for name, learner in self._learners.items():
            found |= {f"sources/{name}/{part}": each for part, each in learner.arrays().items()}
        return found

    def restore(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Take up what `arrays` gave, in a fold that has just begun from the same bundle."""
        self._told = set(np.asarray(arrays["told"], np.int32).tolist())
        self._renew(unpacked(arrays["items"]))
        self._stats.restore(_under("stats/", arrays))
        for name, learner in self._learners.items():
            learner.restore(_under(f"sources/{name}/", arrays))
        (self.sequence,) = np.asarray(arrays["sequence"], np.int64).tolist()
        self._fresh = None

    def _renew(self, documents: Catalogue, *, told: bool = False) -> None:
        """Put documents into the catalogue, and make room for the items it did not know.

        With `told` they say what is known of the items now.
        """
        if not len(documents):
            return
        known = len(self._catalogue)
        self._catalogue = self._catalogue.renewed(documents)
        for place in range(known, len(self._catalogue)):
            self._places[self._catalogue.ids[place]] = place
        self._pasts.join(self._catalogue.ids[known:])
        if told:
            self._told |= {self._places[each] for each in documents.ids}
        self._stats.extend(len(self._catalogue))
        self._heed()

    def _heed(self) -> None:
        """Tell the learners what is known of new items."""
        told = np.array(sorted(self._told), np.int32)
        alike = nothing(len(told), len(self._trained.catalogue))
        items = NewItems(self._catalogue, told, alike)
        for learner in self._learners.values():
            if isinstance(learner, ContentLearner):
                learner.extend(items)
                items = replace(items, alike=learner.alike(told))
        for learner in self._learners.values():
            learner.extend(items)
        self._fresh = None

    def _model(self, name: str) -> SourceModel:
        """The source as of now; one that does not learn, with room for the items that came."""
        learner = self._learners.get(name)
        if learner is not None:
            return learner.model()
        trained, room = self._trained.sources[name], len(self._catalogue)
        return trained if room == len(self._trained.catalogue) else trained.padded(room)


def _under(prefix: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Arrays:
    """The arrays whose names begin so, by the rest of their names."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
