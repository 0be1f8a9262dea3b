"""Items that read like what the user chose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar, Final, Self

import numpy as np
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array, vstack

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.lazy import lazy
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.terms import Terms
from shortlist.retrieval.reading import Reading
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel
from shortlist.retrieval.sparse import largest_of_product, nothing, pack, padded, unpack
from shortlist.retrieval.term_weights import TermWeights, codes_of
from shortlist.retrieval.tfidf import Tfidf

ALIKE: Final = 30
"""Items of the training that are named as being like one that came since."""


@dataclass(frozen=True)
class ContentModel(SourceModel):
    items: csr_array
    """items x terms; rows of length one."""
    half_life: float | None
    reading: Reading | None = None
    """None where that is not known."""

    def score(self, query: Query) -> Scores:
        profile = weighted_sum(self.items, *recent(query, self.half_life))
        return np.asarray(self.items @ profile)

    def because(self, query: Query, item: int) -> Scores:
        own = weighted_sum(self.items, np.array([item], np.int32), np.ones(1, np.float32))
        likeness = np.asarray(self.items[query.history] @ own)
        return likeness * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, items=padded(self.items, n_items, self.items.shape[1]))

    def learner(self, catalogue: Catalogue) -> "ContentLearner | None":  # noqa: ARG002
        return None if self.reading is None else ContentLearner(self, self.reading)

    def arrays(self) -> Arrays:
        found: Arrays = pack("items", self.items)
        found["half_life"] = half_life_array(self.half_life)
        if self.reading is not None:
            found |= self.reading.arrays()
        return found

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        items, half_life = unpack("items", arrays), half_life_from(arrays["half_life"])
        return cls(items, half_life, Reading.from_arrays(arrays))


class ContentLearner(Learner):
    """Vectors of documents that came or changed since the training. Events teach it nothing."""

    def __init__(self, trained: ContentModel, reading: Reading) -> None:
        self._trained = trained
        self._reading = reading
        self._read: dict[int, tuple[object, csr_array, csr_array]] = {}
        """Of each item that was told of: its document, its vector, and what is like it."""
        self._model = trained

    def extend(self, items: NewItems) -> None:
        catalogue = items.catalogue
        documents = {
            place: (
                catalogue.titles[place],
                catalogue.texts[place],
                catalogue.categories[place],
                catalogue.marks[place],
                str(catalogue.years[place]),
            )
            for place in items.told.tolist()
        }
        new = [
            place
            for place, document in documents.items()
            if place not in self._read or self._read[place][0] != document
        ]
        if new:
            self._take_up(new, documents, catalogue)
        if new or len(catalogue) > self._model.items.shape[0]:
            self._model = replace(self._trained, items=self._items(len(catalogue)))

    def _take_up(
        self, new: list[int], documents: Mapping[int, object], catalogue: Catalogue
    ) -> None:
        vectors = self._reading.vectors(catalogue.take(np.array(new, np.int32)))
        alike = largest_of_product(vectors, self._by_term, ALIKE)
        for row, place in enumerate(new):
            self._read[place] = documents[place], vectors[[row]], alike[[row]]

    @lazy
    def _by_term(self) -> csr_array:
        """terms x items of the training."""
        return self._trained.items.T.tocsr()

    def _items(self, n_items: int) -> csr_array:
        """All vectors, each in its item's row."""
        known, nobody = self._trained.items, nothing(1, self._trained.items.shape[1])
        replaced = sorted(place for place in self._read if place < known.shape[0])
        bounds = [-1, *replaced, known.shape[0]]
        parts = []
        for begin, end in pairwise(bounds):
            if begin >= 0:
                parts.append(self._read[begin][1])
            parts.append(known[begin + 1 : end])
        parts += [
            self._read[place][1] if place in self._read else nobody
            for place in range(known.shape[0], n_items)
        ]
        return csr_array(vstack(parts, format="csr", dtype=np.float32))

    def alike(self, told: Items) -> csr_array:
        """told x items of the training: those most like each of some items that came since."""
        rows = [self._read[place][2] for place in told.tolist()]
        empty = nothing(0, self._trained.items.shape[0])
        return csr_array(vstack([empty, *rows], format="csr", dtype=np.float32))

    def learn(self, arrivals: Arrivals) -> None:
        pass

    def model(self) -> ContentModel:
        return self._model

    def arrays(self) -> Arrays:
        return {}

    def restore(self, arrays: Arrays) -> None:
        pass


class Content(Source):
    """Recommend by what items say of themselves; serves items nobody has chosen yet.

    Categories, title, text, tags and attributes make TF-IDF vectors of length one (Salton &
    Buckley 1988), a user is the sum of what they chose lately, and the score is the inner
    product.
    """

    name: ClassVar[str] = "content"
    model: ClassVar[type[SourceModel]] = ContentModel

    category_weight: NonNegativeFloat = 1.0
    """What a category counts beside a word of the text."""

    tag_weight: NonNegativeFloat = 2.0
    """What a tag counts beside a word of the text."""

    mark_weight: NonNegativeFloat = 0.5
    """What a further attribute (a name of the cast, the decade) counts beside a word."""

    max_terms: PositiveInt = 30_000
    """The most frequent words that are kept."""

    terms_per_item: PositiveInt = 100
    """The most telling terms kept of an item."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    def fit(self, data: Dataset) -> ContentModel:
        weights = TermWeights(self.category_weight, self.mark_weight, self.tag_weight)
        together, names = weights.of(data.catalogue, _tags(data))
        telling = Tfidf.of(together, self.max_terms, self.terms_per_item)
        codes = codes_of([names[column] for column in telling.columns])
        return ContentModel(
            items=telling.vectors(csr_array(together[:, telling.columns])),
            half_life=recency_for(self.half_life, timed=data.timed),
            reading=Reading(codes, telling.idf, weights, self.terms_per_item),
        )


def _tags(data: Dataset) -> Terms:
    """items x tags: 1 where somebody tagged the item so, in whatever case."""
    said = np.flatnonzero(data.events.phrase >= 0)
    texts, tag_of = np.unique([text.lower() for text in data.phrases], return_inverse=True)
    cells = (data.events.item[said], tag_of[data.events.phrase[said]])
    shape = (data.n_items, max(1, len(texts)))
    table = csr_array((np.ones(len(said), np.float32), cells), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1
    return Terms(table, tuple(texts.tolist()))
