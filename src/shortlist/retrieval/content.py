"""Items that read like what the user chose."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array, hstack

from shortlist.core.candidates import Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import pack, padded, unpack
from shortlist.retrieval.tfidf import tfidf


@dataclass(frozen=True)
class ContentModel(SourceModel):
    items: csr_array
    """items x terms; rows of length one."""
    half_life: float | None

    def score(self, query: Query) -> Scores:
        profile = weighted_sum(self.items, *recent(query, self.half_life))
        return np.asarray(self.items @ profile)

    def because(self, query: Query, item: int) -> Scores:
        own = weighted_sum(self.items, np.array([item], np.int32), np.ones(1, np.float32))
        likeness = np.asarray(self.items[query.history] @ own)
        return likeness * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, items=padded(self.items, n_items, self.items.shape[1]))

    def arrays(self) -> Arrays:
        return {**pack("items", self.items), "half_life": half_life_array(self.half_life)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(items=unpack("items", arrays), half_life=half_life_from(arrays["half_life"]))


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
        catalogue = data.catalogue
        words = catalogue.words.table.astype(np.float32)
        words.data = 1 + np.log(words.data)
        weighted = [
            words,
            catalogue.category_matrix * np.float32(self.category_weight),
            catalogue.mark_terms.table * np.float32(self.mark_weight),
            _tags(data) * np.float32(self.tag_weight),
        ]
        together = csr_array(hstack(weighted, format="csr"))
        items = tfidf(together, self.max_terms, self.terms_per_item)
        half_life = recency_for(self.half_life, timed=data.timed)
        return ContentModel(items, half_life)


def _tags(data: Dataset) -> csr_array:
    """items x tags: 1 where somebody tagged the item so, in whatever case (float32)."""
    said = np.flatnonzero(data.events.phrase >= 0)
    texts, tag_of = np.unique([text.lower() for text in data.phrases], return_inverse=True)
    cells = (data.events.item[said], tag_of[data.events.phrase[said]])
    shape = (data.n_items, max(1, len(texts)))
    table = csr_array((np.ones(len(said), np.float32), cells), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1
    return table
