"""What changes where a graph is large: its vectors are sketched and its neighbours pruned."""

import numpy as np
import pytest
from tests.datasets.by_hand import after
from threadpoolctl import threadpool_limits

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.spectral import DENSE, Spectral

SIDE = DENSE + 300


@pytest.fixture(scope="module")
def three_tastes() -> Dataset:
    """Three tastes that share nothing, among more users and items than are solved for exactly."""
    generator = np.random.default_rng(0)
    size = SIDE // 3
    drawn = [(user % 3) * size + generator.choice(size, 60, replace=False) for user in range(SIDE)]
    return Dataset.of(*[each.tolist() for each in drawn], items=SIDE)


def test_the_sketch_of_a_large_graph_finds_its_tastes(three_tastes: Dataset) -> None:
    """One vector for each taste, known by construction: the roots of its items' degrees."""
    taste = np.arange(SIDE) // (SIDE // 3) == 1
    root = np.sqrt(np.asarray(three_tastes.interactions.sum(axis=0)))
    own = np.where(taste, root, 0)
    asked = after(int(np.flatnonzero(taste)[100]))

    once, twice = (
        Spectral(vectors=3, weight=weight, neighbours=1, activity=1, popularity=0)
        .fit(three_tastes)
        .score(asked)
        for weight in (1, 2)
    )

    expected = own**2 / (own @ own)
    assert twice - once == pytest.approx(expected, abs=0.02 * float(expected.max()))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_sketch_drawn_twice_is_the_same(three_tastes: Dataset, threads: int) -> None:
    one = Spectral(vectors=40).fit(three_tastes).vectors
    with threadpool_limits(threads):
        another = Spectral(vectors=40).fit(three_tastes).vectors

    assert one.shape == (SIDE, 40)
    assert np.array_equal(one, another)


def test_a_sketch_has_no_more_vectors_than_there_are_tastes() -> None:
    """Sixty groups of thirty people who all chose the same thirty items."""
    groups = [range(start, start + 30) for start in range(0, SIDE, 30)]
    data = Dataset.of(*[group for group in groups for _ in range(30)], items=SIDE)

    assert Spectral(vectors=100).fit(data).vectors.shape == (SIDE, len(groups))


def test_only_the_closest_neighbours_are_kept() -> None:
    data = Dataset.of([0, 1], [0, 1], [0, 2], [0, 3], items=4)

    near = Spectral(neighbours=2).fit(data).near.toarray()

    assert np.count_nonzero(near, axis=1).tolist() == [2, 2, 2, 2]
    assert near[0, 1] > 0


def test_the_parts_of_a_score_add_up_to_it(three_tastes: Dataset) -> None:
    model = Spectral(vectors=20, half_life=2).fit(three_tastes)
    asked = after(700, 900, 1000, disliked=(40,))

    scores = model.score(asked)

    for item in (10, 800, 1100):
        assert model.because(asked, item).sum() == pytest.approx(scores[item], rel=1e-4, abs=1e-7)
