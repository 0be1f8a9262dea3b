import numpy as np
import pytest
from tests.evaluation.fixed import asking, retrieval

from shortlist.core.candidates import Query
from shortlist.evaluation.blend import blended, fit_blend, named
from shortlist.pipeline.retrieve import score_all

ITEMS = 40
FIRST, SECOND = 3, 7
"""The answers of all questions."""


def scores_with(*best: int) -> list[float]:
    """Scores that fall with the index, but for some items that are scored best."""
    falling = np.linspace(1, 0.1, ITEMS)
    falling[list(best)] = 2
    return [float(each) for each in falling]


def test_the_source_that_is_always_right_has_all_the_weight() -> None:
    sources = retrieval(wrong=scores_with(20, 21), right=scores_with(FIRST, SECOND))

    weights = fit_blend(sources, [asking(FIRST, SECOND)] * 5, k=5)

    assert named(weights, sources) == {"right": 1.0}


def test_two_halves_of_the_truth_are_blended() -> None:
    """Each source knows one answer; only both together put both first."""
    sources = retrieval(
        one=scores_with(FIRST), noise=scores_with(20, 21), other=scores_with(SECOND)
    )
    question = asking(FIRST, SECOND)

    weights = fit_blend(sources, [question] * 5, k=5)

    table = score_all(sources.sources, question.query)
    best = np.argsort(-blended(weights, table, table.max(axis=1)), kind="stable")[:2]
    assert sorted(best) == [FIRST, SECOND]
    assert set(named(weights, sources)) == {"one", "other"}


def test_shares_are_of_each_sources_best_whatever_its_scale() -> None:
    table = np.array([[1, 2, 4], [300, 0, 100]], np.float32)

    mixed = blended(np.array([1, 0.5], np.float32), table, np.array([4, 200], np.float32))

    assert mixed.tolist() == pytest.approx([0.25 + 0.75, 0.5, 1 + 0.25])


def test_a_source_without_a_word_adds_nothing() -> None:
    table = np.array([[1, 2], [0, 0]], np.float32)

    mixed = blended(np.array([1, 1], np.float32), table, np.array([2, 0], np.float32))

    assert mixed.tolist() == [0.5, 1]


def test_what_is_excluded_is_no_part_of_the_choice() -> None:
    """The source that puts what the user has first would look worse for it."""
    had = (10, 11, 12)
    sources = retrieval(knows=scores_with(*had, FIRST), wrong=scores_with(20))
    answers = [asking(FIRST, had=had)] * 5

    assert named(fit_blend(sources, answers, k=1), sources) == {"knows": 1.0}


def test_a_source_that_gives_all_one_score_earns_nothing() -> None:
    """Ties are against it: its answers come last of all."""
    sources = retrieval(constant=[1.0] * ITEMS, little=scores_with(*range(20, 24), FIRST))

    assert named(fit_blend(sources, [asking(FIRST)] * 5, k=5), sources) == {"little": 1.0}


def test_the_same_questions_and_seed_give_the_same_weights() -> None:
    generator = np.random.default_rng(0)
    sources = retrieval(a=generator.random(ITEMS).tolist(), b=generator.random(ITEMS).tolist())
    questions = [asking(*generator.choice(ITEMS, 3, replace=False).tolist()) for _ in range(600)]

    once, again = (fit_blend(sources, questions, seed=1) for _ in range(2))

    assert once.tolist() == again.tolist()


def test_shares_are_named_without_what_weighs_nothing() -> None:
    sources = retrieval(a=[1.0], b=[1.0], c=[1.0])

    assert named(np.array([1.5, 0, 0.5], np.float32), sources) == {"a": 0.75, "c": 0.25}


def test_a_small_catalogue_is_weighed_whole() -> None:
    sources = retrieval(a=[1.0, 2.0])

    weights = fit_blend(sources, [asking(1)], k=10)

    assert named(weights, sources) == {"a": 1.0}
    assert len(score_all(sources.sources, Query())[0]) == 2
