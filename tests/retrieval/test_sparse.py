import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from shortlist.retrieval import sparse
from shortlist.retrieval.sparse import (
    column_of,
    largest_of_product,
    largest_per_row,
    pack,
    unpack,
)


def table(seed: int = 0) -> csr_array:
    """Nine rows and seven columns, some of them empty, with many equal values."""
    generator = np.random.default_rng(seed)
    dense = generator.integers(-2, 4, (9, 7)) * (generator.random((9, 7)) < 0.6)
    dense[2], dense[:, 3] = 0, 0
    return csr_array(dense.astype(np.float32), shape=(9, 7))


def test_a_packed_table_comes_back_from_read_only_arrays() -> None:
    packed = pack("near", table())
    for array in packed.values():
        array.flags.writeable = False

    found = unpack("near", packed)

    assert set(packed) == {"near_data", "near_indices", "near_indptr", "near_shape"}
    assert np.array_equal(found.toarray(), table().toarray())
    assert found.shape == table().shape


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 100), st.integers(1, 8))
def test_the_largest_of_a_row_are_what_sorting_gives(seed: int, keep: int) -> None:
    """Equal values at the edge go to the smaller columns; only stored entries are kept."""
    whole = table(seed)
    kept = largest_per_row(table(seed), keep)

    for row in range(whole.shape[0]):
        stored = whole.indices[whole.indptr[row] : whole.indptr[row + 1]]
        values = whole.toarray()[row]
        expected = sorted(stored.tolist(), key=lambda column: (-values[column], column))[:keep]
        own = kept.indices[kept.indptr[row] : kept.indptr[row + 1]]
        assert own.tolist() == sorted(expected)
        assert kept.toarray()[row, own].tolist() == values[own].tolist()


def test_the_largest_of_a_table_without_rows_is_the_table() -> None:
    assert largest_per_row(csr_array(np.zeros((0, 5), np.float32)), 2).shape == (0, 5)


def test_a_column_of_some_rows() -> None:
    rows = np.array([4, 0, 2, 4], np.int32)

    for column in range(7):
        assert column_of(table(), rows, column).tolist() == table().toarray()[rows, column].tolist()


@pytest.mark.parametrize("cells", [1, 20, 1000])
def test_a_product_is_pruned_alike_however_many_rows_are_in_memory(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparse, "CELLS", cells)
    left, right = table(1), csr_array(table(2).T)

    found = largest_of_product(left, right, 3)

    assert np.array_equal(found.toarray(), largest_per_row(csr_array(left @ right), 3).toarray())
