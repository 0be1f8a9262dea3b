"""How documents were read at a training, so that those that come since are read alike."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from shortlist.core.candidates import Scores
from shortlist.core.lazy import lazy
from shortlist.datasets.catalogue import Catalogue
from shortlist.retrieval.source import Arrays
from shortlist.retrieval.term_weights import Codes, TermWeights, codes_of, under
from shortlist.retrieval.tfidf import Tfidf


@dataclass(frozen=True)
class Reading:
    """The telling terms of a training, and what each counts."""

    codes: Codes
    """The code of each term."""
    idf: Scores
    weights: TermWeights
    per_item: int

    def vectors(self, items: Catalogue) -> csr_array:
        """items x terms; rows of length one, or empty."""
        weights, names = self.weights.of(items)
        table = under(self._places, weights, codes_of(names), len(self.codes))
        return Tfidf(np.arange(len(self.codes)), self.idf, self.per_item).vectors(table)

    @lazy
    def _places(self) -> dict[int, int]:
        return {code: place for place, code in enumerate(self.codes.tolist())}

    def arrays(self) -> Arrays:
        """All of it as plain arrays."""
        weights = self.weights
        counts = [weights.category, weights.mark, weights.tag, self.per_item]
        return {"codes": self.codes, "idf": self.idf, "reading": np.array(counts, np.float64)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self | None:
        """What `arrays` gave, among other arrays; None where it is not there."""
        if not {"codes", "idf", "reading"} <= arrays.keys():
            return None
        *weights, per_item = np.asarray(arrays["reading"], np.float64).tolist()
        return cls(
            codes=np.asarray(arrays["codes"], np.uint64),
            idf=np.asarray(arrays["idf"], np.float32),
            weights=TermWeights(*weights),
            per_item=int(per_item),
        )
