import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from shortlist.core.sparse import SparseRows, weighted_sum

ROWS = st.lists(st.integers(0, 8), max_size=12).map(lambda rows: np.array(rows, np.int32))


def table(dtype: type = np.float64) -> csr_array:
    """Nine rows and seven columns, some of them empty."""
    generator = np.random.default_rng(0)
    dense = generator.integers(-2, 4, (9, 7)) * (generator.random((9, 7)) < 0.6)
    dense[2], dense[:, 3] = 0, 0
    return csr_array(dense.astype(dtype))


@given(ROWS)
def test_sums_of_rows_and_products_are_those_of_the_dense_table(rows: np.ndarray) -> None:
    dense = table().toarray()[rows]
    weights = np.random.default_rng(1).standard_normal((len(rows), 3))
    factors = np.random.default_rng(2).standard_normal((7, 2))

    some = SparseRows.of(table(), rows)

    assert len(some) == len(rows)
    assert some.totals(weights) == pytest.approx(dense.T @ weights)
    assert some.products(factors) == pytest.approx(dense @ factors)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("indices", [np.int32, np.int64])
def test_the_types_of_the_table_are_kept(dtype: type, indices: type) -> None:
    whole = table(dtype)
    whole.indptr, whole.indices = whole.indptr.astype(indices), whole.indices.astype(indices)

    some = SparseRows.of(whole, np.array([0, 5], np.int32))

    assert some.columns.dtype == some.bounds.dtype == indices
    assert weighted_sum(whole, np.array([0, 5], np.int32), np.ones(2, dtype)).dtype == dtype
    assert some.totals(np.ones((2, 1), dtype)).dtype == dtype


def test_tables_that_lie_by_columns_in_memory_are_read_alike() -> None:
    some = SparseRows.of(table(), np.array([0, 1, 4], np.int32))
    weights = np.random.default_rng(1).random((3, 4))

    assert np.array_equal(some.totals(np.asfortranarray(weights)), some.totals(weights))


def test_a_row_comes_to_the_same_bits_among_others() -> None:
    factors = np.random.default_rng(2).standard_normal((7, 5))
    rows = np.array([4, 1, 4, 7], np.int32)

    together = SparseRows.of(table(), rows).products(factors)

    alone = [SparseRows.of(table(), row[None]).products(factors)[0] for row in rows]
    assert np.array_equal(together, np.array(alone))


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([-1.0, 0.0, 0.25, 2.0])), max_size=12))
def test_a_weighted_sum_is_the_dense_product(parts: list[tuple[int, float]]) -> None:
    """Whatever rows, as often as they come, empty ones and weights of zero included."""
    rows = np.array([row for row, _ in parts], np.int32)
    weights = np.array([weight for _, weight in parts], np.float32)

    found = weighted_sum(table(np.float32), rows, weights)

    assert found.dtype == np.float32
    assert found == pytest.approx(weights @ table().toarray()[rows])


def test_a_weighted_sum_reads_a_table_that_cannot_be_written() -> None:
    whole = table(np.float32)
    for part in (whole.data, whole.indices, whole.indptr):
        part.flags.writeable = False

    found = weighted_sum(whole, np.array([8, 0, 8], np.int32), np.ones(3, np.float32))

    assert found == pytest.approx(whole.toarray()[[8, 0, 8]].sum(axis=0))
