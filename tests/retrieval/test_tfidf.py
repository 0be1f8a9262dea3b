from math import log

import numpy as np
import pytest
from scipy.sparse import csr_array

from shortlist.retrieval.tfidf import Tfidf

WEIGHTS = csr_array(
    np.array(
        # everywhere, twice, thrice, once, nowhere
        [
            [1, 2, 1, 0, 0],
            [1, 1, 1, 0, 0],
            [1, 0, 1, 5, 0],
            [1, 0, 0, 0, 0],
        ],
        np.float32,
    )
)


def tfidf(weights: csr_array, max_terms: int, terms_per_item: int) -> csr_array:
    found = Tfidf.of(weights, max_terms, terms_per_item)
    return found.vectors(csr_array(weights[:, found.columns]))


def test_a_term_tells_the_more_the_fewer_have_it() -> None:
    twice, thrice = log(4 / 2), log(4 / 3)

    rows = tfidf(WEIGHTS, max_terms=10, terms_per_item=10).toarray()

    first = np.array([2 * twice, thrice]) / np.hypot(2 * twice, thrice)
    second = np.array([twice, thrice]) / np.hypot(twice, thrice)
    assert rows == pytest.approx(np.array([first, second, [0, 1], [0, 0]]))


def test_the_most_frequent_terms_are_kept() -> None:
    rows = tfidf(WEIGHTS, max_terms=1, terms_per_item=10).toarray()

    assert rows.tolist() == [[1], [1], [1], [0]]


def test_the_most_telling_terms_of_a_row_are_kept() -> None:
    rows = tfidf(WEIGHTS, max_terms=10, terms_per_item=1).toarray()

    assert rows.tolist() == [[1, 0], [1, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_where_nothing_tells_anything_rows_are_empty(rows: int) -> None:
    same = csr_array(np.ones((rows, 2), np.float32))

    assert tfidf(same, max_terms=10, terms_per_item=10).nnz == 0
