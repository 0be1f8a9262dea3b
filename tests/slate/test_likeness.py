import numpy as np
import pytest
from scipy.sparse import csr_array, random_array
from tests.slate.films import items_of

from shortlist.slate.likeness import FEW, Closest, Likeness

TABLE = csr_array(np.array([[1, 1, 0], [2, 2, 0], [0, 1, 0], [0, 0, 0], [0, 0, 3]], np.float32))


def widened(table: csr_array) -> csr_array:
    """The same with so many terms that it stays sparse."""
    shape = (table.shape[0], FEW + 1)
    return csr_array((table.data, table.indices, table.indptr), shape=shape)


@pytest.mark.parametrize("table", [TABLE, widened(TABLE)], ids=["full", "sparse"])
def test_it_is_the_cosine_to_the_nearest_taken(table: csr_array) -> None:
    closest = Closest(Likeness.of(table), items_of(2, 1, 0, 3, 4))

    closest.take(2)
    after_one = closest.most.copy()
    closest.take(0)

    assert after_one == pytest.approx([np.sqrt(0.5), 1, 1, 0, 0])
    assert closest.most == pytest.approx([1, 1, 1, 0, 0])


@pytest.mark.parametrize("table", [TABLE, widened(TABLE)], ids=["full", "sparse"])
def test_an_item_of_which_nothing_is_said_is_like_no_other(table: csr_array) -> None:
    closest = Closest(Likeness.of(table, items=7), items_of(3, 6, 0))

    closest.take(0)
    closest.take(1)

    assert closest.most.tolist() == [0, 0, 0]


def test_full_and_sparse_tables_say_the_same() -> None:
    table = csr_array(random_array((40, 20), density=0.3, rng=np.random.default_rng(0)))
    items = np.arange(40, dtype=np.int32)[::-1]
    full, sparse = Closest(Likeness.of(table), items), Closest(Likeness.of(widened(table)), items)

    for candidate in (3, 17, 39):
        full.take(candidate)
        sparse.take(candidate)

    assert full.most == pytest.approx(sparse.most, abs=1e-6)
