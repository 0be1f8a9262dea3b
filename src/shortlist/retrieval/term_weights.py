"""What items say of themselves -> how much of which term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.terms import Terms

Codes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class TermWeights:
    """What terms count by where they stand."""

    category: float
    mark: float
    tag: float

    def of(self, catalogue: Catalogue, tags: Terms | None = None) -> tuple[csr_array, list[str]]:
        """items x terms, and the name of each term, which begins with where it stands.

        A word that stands n times in the text counts 1 + log n.
        """
        words = catalogue.words
        weighted = words.table.astype(np.float32)
        weighted.data = 1 + np.log(weighted.data)
        categories = Terms(catalogue.category_matrix, catalogue.category_names)
        rest = {
            "category": (categories, self.category),
            "mark": (catalogue.mark_terms, self.mark),
        }
        if tags is not None:
            rest["tag"] = (tags, self.tag)
        tables = [terms.table * np.float32(weight) for terms, weight in rest.values()]
        names = _named("word", words)
        for where, (terms, _) in rest.items():
            names += _named(where, terms)
        return csr_array(hstack([weighted, *tables], format="csr")), names


def codes_of(names: Sequence[str]) -> Codes:
    """A number for each name, the same everywhere (BLAKE2b, 64 bits): what a bundle keeps."""
    codes = [blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.frombuffer(b"".join(codes), np.dtype("<u8")).astype(np.uint64)


def under(place: Mapping[int, int], weights: csr_array, codes: Codes, columns: int) -> csr_array:
    """Weights of terms in the columns of others, by the terms' codes; unknown ones are left out."""
    column = np.array([place.get(code, -1) for code in codes.tolist()], np.int32)
    moved = column[weights.indices]
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    known = moved >= 0
    entries = (weights.data[known], (row[known], moved[known]))
    return csr_array(entries, shape=(weights.shape[0], columns))


def _named(where: str, terms: Terms) -> list[str]:
    """One name a column; a table of no terms has one column."""
    return [f"{where} {name}" for name in terms.names or ("",)]
