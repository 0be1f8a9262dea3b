"""Texts -> sparse vectors of length one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.sparse import csr_array

from shortlist.retrieval.sparse import largest_per_row


@dataclass(frozen=True)
class Document:
    """Free text, and terms that are taken whole with a weight of their own."""

    words: Mapping[str, int]
    """How often each word stands in it."""
    marks: Mapping[str, float]


def tfidf(documents: Sequence[Document], max_terms: int, terms_per_item: int) -> csr_array:
    """One row a document, one column a term: (1 + log tf) * idf, of length one.

    idf = log(n / df); terms of one document only, or of all, tell nothing and get no column.
    Of the rest the `max_terms` most frequent stay, and of a row its largest `terms_per_item`.
    """
    counted = [_terms(document) for document in documents]
    frequency = Counter(term for terms in counted for term in terms)
    n = len(documents)
    telling = [term for term, df in frequency.items() if 1 < df < n or (df == 1 == n)]
    telling.sort(key=lambda term: (-frequency[term], term))
    column = {term: place for place, term in enumerate(telling[:max_terms])}
    idf = {term: log(n / frequency[term]) for term in column}

    rows = [{t: w * idf[t] for t, w in terms.items() if t in column} for terms in counted]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    indices = np.array([column[term] for row in rows for term in row], np.int32)
    data = np.array([weight for row in rows for weight in row.values()], np.float32)
    table = csr_array((data, indices, indptr), shape=(n, max(1, len(column))))
    table.sort_indices()
    kept = largest_per_row(table, terms_per_item)
    lengths = np.sqrt(np.asarray(kept.multiply(kept).sum(axis=1)))
    scale = np.repeat(np.maximum(lengths, 1e-9), np.diff(kept.indptr))
    return csr_array((kept.data / scale, kept.indices, kept.indptr), shape=kept.shape)


def _terms(document: Document) -> dict[str, float]:
    weights = {word: 1 + log(count) for word, count in document.words.items()}
    return {**weights, **document.marks}
