"""Answers worked out by hand."""

from math import isnan, log2

import numpy as np
import pytest
from scipy.sparse import csr_array

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import CATALOGUE_METRICS
from shortlist.evaluation.metrics.coverage import Coverage
from shortlist.evaluation.metrics.diversity import Diversity
from shortlist.evaluation.metrics.gini import Gini
from shortlist.evaluation.metrics.metric import Background
from shortlist.evaluation.metrics.novelty import Novelty

HORROR, ACTION, COMEDY = range(3)
ALIEN, ALIENS, AMELIE, PADDINGTON, UNKNOWN = range(5)
GENRES = csr_array(np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]], np.float32))
BACKGROUND = Background(audience=np.array([8, 4, 2, 1, 0]), n_users=8, categories=GENRES)


def shown(*lists: list[int]) -> RankedLists:
    return RankedLists.of(lists, [[] for _ in lists], items=5)


def test_coverage_counts_items_shown_to_anybody() -> None:
    lists = shown([ALIEN, ALIENS], [ALIEN, AMELIE], [])

    assert Coverage().of(lists, 1, BACKGROUND) == 1 / 5
    assert Coverage().of(lists, 2, BACKGROUND) == 3 / 5


def test_novelty_is_the_surprise_in_bits_by_list() -> None:
    lists = shown([ALIEN, PADDINGTON], [ALIENS], [])

    assert Novelty().of(lists, 2, BACKGROUND) == pytest.approx(((0 + 3) / 2 + 1) / 2)


def test_an_item_nobody_chose_is_as_novel_as_one_chosen_once() -> None:
    assert Novelty().of(shown([UNKNOWN]), 1, BACKGROUND) == log2(8)


def test_diversity_is_one_minus_the_cosine_between_categories() -> None:
    lists = shown([ALIEN, ALIENS, AMELIE])

    alike = 1 / np.sqrt(2)

    assert Diversity().of(lists, 2, BACKGROUND) == pytest.approx(1 - alike)
    assert Diversity().of(lists, 3, BACKGROUND) == pytest.approx(((1 - alike) + 1 + 1) / 3)


def test_diversity_is_not_raised_by_items_without_categories() -> None:
    assert Diversity().of(shown([AMELIE, PADDINGTON, UNKNOWN]), 3, BACKGROUND) == 0
    assert isnan(Diversity().of(shown([AMELIE, UNKNOWN]), 2, BACKGROUND))


def test_gini_is_nothing_for_equal_exposure_and_near_one_for_a_single_item() -> None:
    everything = shown([ALIEN, ALIENS, AMELIE, PADDINGTON, UNKNOWN])

    assert Gini().of(everything, 5, BACKGROUND) == 0
    assert Gini().of(shown([ALIEN], [ALIEN]), 1, BACKGROUND) == 1 - 1 / 5


def test_gini_by_hand() -> None:
    lists = shown([ALIEN, ALIENS], [ALIEN, AMELIE], [ALIEN])

    pairs = [abs(a - b) for a in (0, 0, 1, 1, 3) for b in (0, 0, 1, 1, 3)]

    assert Gini().of(lists, 2, BACKGROUND) == pytest.approx(sum(pairs) / (2 * 5 * 5))


def test_only_coverage_is_defined_where_nothing_is_shown() -> None:
    found = {name: each.of(shown([]), 5, BACKGROUND) for name, each in CATALOGUE_METRICS.items()}

    assert found.pop("coverage") == 0
    assert all(isnan(value) for value in found.values())
