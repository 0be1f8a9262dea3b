"""Where a matrix is large BLAS shares the work, and the model must not depend on how."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.ease import Ease


@pytest.mark.parametrize("users", [600, 1200])
def test_the_weights_are_the_same_on_any_number_of_threads(users: int) -> None:
    generator = np.random.default_rng(1)
    drawn = [generator.choice(900, 30, replace=False).tolist() for _ in range(users)]
    data = Dataset.of(*drawn, items=900)

    with threadpool_limits(1):
        alone = Ease().fit(data).weights
    with threadpool_limits(2):
        shared = Ease().fit(data).weights

    assert np.array_equal(alone, shared)
