import numpy as np
import pytest

from shortlist.core.pool import Pool

QUOTA = 2
ALIEN, ALIENS, AMELIE = 3, 5, 8


@pytest.fixture
def pool() -> Pool:
    """Three candidates of three sources: one likes Alien and Amelie, one Aliens, one all but it."""
    return Pool(
        items=np.array([ALIEN, ALIENS, AMELIE], np.int32),
        scores=np.array([[5, 0, 4], [1, 9, 0], [2, 0, 3]], np.float32),
        tops=np.array([5, 9, 3], np.float32),
        ranks=np.array([[0, 2, 1], [2, 0, 2], [1, 2, 0]], np.float32),
        quota=QUOTA,
    )


def test_the_sources_of_a_candidate_are_named_the_keenest_first(pool: Pool) -> None:
    assert [pool.proposed_by(place).tolist() for place in range(3)] == [[0, 2], [1], [2, 0]]


def test_some_of_the_candidates_keep_all_that_was_said_of_them(pool: Pool) -> None:
    some = pool.take(np.array([2, 0]))

    assert some.items.tolist() == [AMELIE, ALIEN]
    assert some.scores.tolist() == [[4, 5], [0, 1], [3, 2]]
    assert some.ranks.tolist() == [[1, 0], [2, 2], [0, 1]]
    assert some.tops.tolist() == pool.tops.tolist()
    assert some.proposed_by(0).tolist() == pool.proposed_by(2).tolist()
    assert len(some) == 2
