"""What items say of themselves, as a few numbers each: the axes on which tastes are told apart."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import qr, svd
from scipy.sparse import csr_array

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.retrieval.reading import Reading
from shortlist.retrieval.source import Arrays
from shortlist.retrieval.term_weights import Codes, TermWeights, codes_of
from shortlist.retrieval.tfidf import Tfidf

Matrix = npt.NDArray[np.float32]

WORDS = TermWeights(category=0.0, mark=0.5, tag=2.0)
"""What counts among the words. Categories do not: they have axes of their own."""

SWEEPS, SPARE = 8, 8
"""Turns of the search for directions, and vectors that it has beside those wanted."""

DECIMALS = 6
"""What is kept of a direction: the last bits depend on where in memory the search works."""

MOST_TERMS, TERMS_PER_ITEM = 30_000, 100


@dataclass(frozen=True)
class ItemAxes:
    """One axis for all items, one a frequent category, and the leading directions of their words.

    Those directions are latent semantic analysis (Deerwester et al. 1990).
    """

    categories: Codes
    """The codes of the categories that have an axis."""
    reading: Reading
    directions: Matrix
    """terms x directions: a direction has the spread of 1 / root of their number over items."""

    @classmethod
    def of(cls, data: Dataset, categories: int, directions: int) -> Self:
        """From a catalogue; ties between categories go to the first by name."""
        catalogue = data.catalogue
        named = catalogue.category_names
        frequency = np.asarray(catalogue.category_matrix.sum(axis=0))[: len(named)]
        frequent = np.argsort(-frequency, kind="stable")[:categories]
        names = [named[each] for each in np.sort(frequent).tolist()]
        weights, terms = WORDS.of(catalogue)
        telling = Tfidf.of(weights, MOST_TERMS, TERMS_PER_ITEM)
        codes = codes_of([terms[column] for column in telling.columns])
        reading = Reading(codes, telling.idf, WORDS, TERMS_PER_ITEM)
        vectors = telling.vectors(csr_array(weights[:, telling.columns]))
        return cls(codes_of(names), reading, _leading(vectors, directions))

    @property
    def width(self) -> int:
        """How many axes there are."""
        return 1 + len(self.categories) + len(self.directions.T)

    def numbers(self, catalogue: Catalogue) -> Matrix:
        """items x axes. The categories of an item have the length of one together."""
        places = {code: place for place, code in enumerate(self.categories.tolist())}
        axis = [places.get(code, -1) for code in codes_of(catalogue.category_names).tolist()]
        found = np.zeros((len(catalogue), self.width), np.float32)
        found[:, 0] = 1
        own = catalogue.category_matrix.tocoo()
        kept = np.array([*axis, -1], np.int64)[own.col]
        found[own.row[kept >= 0], 1 + kept[kept >= 0]] = 1
        named = found[:, 1 : 1 + len(places)]
        named /= np.maximum(np.sqrt(named.sum(axis=1, keepdims=True)), 1)
        found[:, 1 + len(places) :] = self.reading.vectors(catalogue) @ self.directions
        return found

    def arrays(self) -> Arrays:
        """All of it as plain arrays."""
        return {
            "categories": self.categories,
            "directions": self.directions,
            **self.reading.arrays(),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self | None:
        """What `arrays` gave, among other arrays; None where it is not there."""
        reading = Reading.from_arrays(arrays)
        if reading is None or not {"categories", "directions"} <= arrays.keys():
            return None
        categories = np.asarray(arrays["categories"], np.uint64)
        return cls(categories, reading, np.asarray(arrays["directions"], np.float32))


def _leading(vectors: csr_array, wanted: int) -> Matrix:
    """terms x directions: the leading right singular vectors, scaled by the spread over items.

    By subspace iteration from random vectors (Halko et al. 2011, algorithm 4.4).
    """
    most = min(wanted, *vectors.shape)
    if not most or not vectors.nnz:
        return np.zeros((vectors.shape[1], 0), np.float32)
    wide = vectors.astype(np.float64)
    turned = csr_array(wide.T)
    width = min(most + SPARE, *vectors.shape)
    basis = np.random.default_rng(0).standard_normal((vectors.shape[1], width))
    with one_blas_thread():
        for _ in range(SWEEPS):
            basis, _ = qr(turned @ qr(wide @ basis, mode="economic")[0], mode="economic")
        _, strength, right = svd(wide @ basis, full_matrices=False)
        axes = (basis @ right.T)[:, strength > 1e-6 * strength[0]][:, :most]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(axes.T))])
    spread = np.asarray((wide @ axes).std(axis=0))
    axes, spread = axes[:, spread > 1e-6], spread[spread > 1e-6]
    found: Matrix = np.round(axes / (spread * np.sqrt(len(spread))), DECIMALS).astype(np.float32)
    return found
