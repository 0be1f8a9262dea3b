"""Items that read like what the user chose."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array

from shortlist.core.candidates import Query, Scores
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
)
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import pack, unpack, weighted_rows
from shortlist.retrieval.tfidf import Document, tfidf


@dataclass(frozen=True)
class ContentModel(SourceModel):
    items: csr_array
    """items x terms; rows of length one."""
    terms: csr_array
    """terms x items: the same turned round, so that a question touches only its terms."""
    half_life: float | None

    def score(self, query: Query) -> Scores:
        profile = weighted_rows(self.items, query.history, fading(query, self.half_life))
        used = np.flatnonzero(profile).astype(np.int32)
        return weighted_rows(self.terms, used, profile[used])

    def because(self, query: Query, item: int) -> Scores:
        start, end = self.items.indptr[item], self.items.indptr[item + 1]
        terms = self.items.indices[start:end].astype(np.int32)
        likeness = weighted_rows(self.terms, terms, self.items.data[start:end])
        return likeness[query.history] * fading(query, self.half_life)

    def arrays(self) -> Arrays:
        return {**pack("items", self.items), "half_life": half_life_array(self.half_life)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        items = unpack("items", arrays)
        return cls(
            items=items, terms=items.T.tocsr(), half_life=half_life_from(arrays["half_life"])
        )


class Content(Source):
    """Recommend by categories, title, text and tags; serves items nobody has chosen yet.

    Items are TF-IDF vectors of length one (Salton & Buckley 1988), a user is the sum of what
    they chose lately, and the score is the inner product.
    """

    name: ClassVar[str] = "content"
    model: ClassVar[type[SourceModel]] = ContentModel

    category_weight: NonNegativeFloat = 2.0
    """What a category counts beside a word of the text."""

    tag_weight: NonNegativeFloat = 1.0
    """What a tag counts beside a word of the text."""

    max_terms: PositiveInt = 30_000
    """The most frequent words that are kept."""

    terms_per_item: PositiveInt = 60
    """The most telling terms kept of an item."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    def fit(self, data: Dataset) -> ContentModel:
        tags: list[list[str]] = [[] for _ in range(data.n_items)]
        said = np.flatnonzero(data.events.phrase >= 0)
        for item, phrase in zip(data.events.item[said], data.events.phrase[said], strict=True):
            tags[item].append(data.phrases[phrase].lower())
        documents = [
            Document(
                words=data.catalogue.words[i],
                marks={
                    **{f"tag:{tag}": self.tag_weight for tag in tags[i]},
                    **{f"is:{name}": self.category_weight for name in data.catalogue.categories[i]},
                },
            )
            for i in range(data.n_items)
        ]
        items = tfidf(documents, self.max_terms, self.terms_per_item)
        half_life = recency_for(self.half_life, timed=data.timed)
        return ContentModel(items, items.T.tocsr(), half_life)
