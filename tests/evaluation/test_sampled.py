import numpy as np
import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.datasets.splits import Band, by_share
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.sampled import NEGATIVES, Sampled, sampled


@pytest.fixture(scope="module")
def found() -> Sampled:
    return sampled(tribes(), SMALL)


def test_every_event_of_the_test_part_has_three_others_beside_it(found: Sampled) -> None:
    asked = by_share(tribes(), Band(0.8, 1), seed=0).questions
    positives = sum(len(each.items) for each in asked)

    assert found.model.outcome.sum() == positives
    assert len(found.model) == (1 + NEGATIVES) * positives


def test_both_rows_are_about_the_same_pairs(found: Sampled) -> None:
    assert np.array_equal(found.model.outcome, found.popularity.outcome)
    assert np.array_equal(found.model.user, found.popularity.user)


def test_people_who_keep_to_a_tribe_are_foreseen_where_popularity_is_blind(found: Sampled) -> None:
    """Both tribes are of one size, so how often a film is chosen says next to nothing."""
    assert Auc().of(found.popularity) < 0.65
    assert Auc().of(found.model) > 0.85


def test_what_is_predicted_is_a_probability(found: Sampled) -> None:
    for row in (found.model, found.popularity):
        assert row.probability.mean() == pytest.approx(0.25, abs=0.05)


def test_the_same_seed_draws_the_same_pairs_another_seed_others(found: Sampled) -> None:
    again, otherwise = sampled(tribes(), SMALL), sampled(tribes(), SMALL, seed=1)

    assert np.array_equal(again.model.score, found.model.score)
    assert not np.array_equal(otherwise.model.score, found.model.score)
