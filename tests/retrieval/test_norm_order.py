from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import after
from tests.training.tribes import tribes

from shortlist.core.candidates import Candidates
from shortlist.retrieval.als import LARGE, Als
from shortlist.retrieval.norm_order import BLOCK, NormOrder
from shortlist.retrieval.source import SourceModel

NOBODY = np.empty(0, np.int32)


def factors(items: int, seed: int = 0) -> np.ndarray:
    """Vectors of which few are long, as factors of items are."""
    lot = np.random.default_rng(seed)
    return (lot.standard_normal((items, 8)) * lot.pareto(1.5, (items, 1))).astype(np.float32)


@pytest.mark.parametrize("limit", [0, 1, 500, 60_000])
def test_the_best_are_those_of_a_scan(limit: int) -> None:
    rows, lot = factors(3 * BLOCK + 7), np.random.default_rng(1)
    order = NormOrder.of(rows)

    for user in lot.standard_normal((20, 8)).astype(np.float32):
        barred = lot.integers(0, len(rows), 30).astype(np.int32)
        exact = Candidates.best(rows @ user, limit, without=barred)
        found = order.best(user, limit, without=barred)

        assert len(found) == len(exact)
        assert found.scores == pytest.approx(exact.scores, rel=1e-4, abs=1e-4)
        assert len(np.intersect1d(found.items, exact.items)) >= 0.999 * len(exact)
        assert not np.isin(found.items, barred).any()


def test_equal_products_go_to_the_smaller_index() -> None:
    rows = np.ones((2 * BLOCK, 2), np.float32)

    found = NormOrder.of(rows).best(np.ones(2, np.float32), 3, without=np.array([1], np.int32))

    assert found.items.tolist() == [0, 2, 3]


def test_what_is_not_positive_is_not_proposed() -> None:
    rows = np.array([[1, 0], [-1, 0], [0, 0], [0.5, 0]], np.float32)

    found = NormOrder.of(rows).best(np.array([1, 0], np.float32), 4, without=NOBODY)

    assert found.items.tolist() == [0, 3]


def test_short_rows_are_not_looked_at() -> None:
    rows = np.zeros((4 * BLOCK, 2), np.float32)
    rows[:10, 0] = np.arange(1, 11)
    order = NormOrder.of(rows)
    order.factors[BLOCK:] = np.nan

    found = order.best(np.array([1, 0], np.float32), 5, without=NOBODY)

    assert found.items.tolist() == [9, 8, 7, 6, 5]


def test_a_large_catalogue_is_answered_as_by_a_score_for_every_item() -> None:
    model = replace(Als(factors=8).fit(tribes()), factors=factors(LARGE))
    query = replace(after(1, 3, 5), excluded=np.array([1, 3, 5], np.int32))

    found, exact = model.retrieve(query, 500), SourceModel.retrieve(model, query, 500)

    assert found.scores == pytest.approx(exact.scores, rel=1e-4)
    assert len(np.intersect1d(found.items, exact.items)) >= 499
