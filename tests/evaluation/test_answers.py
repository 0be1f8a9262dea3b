from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.evaluation.fixed import asking
from tests.training.tribes import ITEMS, tribes

from shortlist.datasets.folds import Question
from shortlist.datasets.splits import Band, by_share
from shortlist.evaluation.answers import Answers, answer_all, relevance_of
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.pipeline.model import Model
from shortlist.retrieval.popularity import PopularityModel
from shortlist.training.train import Trained

QUESTIONS = by_share(tribes(), Band(0.8, 1)).questions
EVEN = np.ones(3, np.float32)
"""The blend of the three sources in equal parts."""


@pytest.fixture
def model(trained: Trained) -> Model:
    return trained.model


@pytest.fixture
def answers(model: Model) -> Answers:
    return answer_all(model, EVEN, QUESTIONS, ITEMS)


def with_source(model: Model, name: str, scores: list[float]) -> Model:
    """The model with one of its sources replaced by fixed scores."""
    fixed = {**model.retrieval.sources, name: PopularityModel(np.array(scores, np.float32))}
    return replace(model, retrieval=replace(model.retrieval, sources=fixed))


def test_every_source_the_blend_and_the_model_answer_every_question(answers: Answers) -> None:
    names = {"popularity", "item_neighbours", "transitions", "blend", "two_stage"}

    assert set(answers.lists) == names
    assert all(lists.shape == (len(QUESTIONS), ITEMS) for lists in answers.lists.values())


def test_sources_and_blend_rank_the_whole_catalogue_but_what_the_user_has(
    answers: Answers,
) -> None:
    for name in ("popularity", "item_neighbours", "transitions", "blend"):
        for question, row in zip(QUESTIONS, answers.lists[name], strict=True):
            expected = set(range(ITEMS)) - set(question.query.excluded.tolist())
            assert set(row[row >= 0].tolist()) == expected


def test_the_model_answers_as_it_does_when_it_serves(model: Model, answers: Answers) -> None:
    for question, row in zip(QUESTIONS, answers.lists["two_stage"], strict=True):
        served = model.rank(question.query, ITEMS)
        if len(np.unique(served.scores)) == len(served.scores):
            assert row[row >= 0].tolist() == served.items.tolist()
        assert set(row[row >= 0].tolist()) == set(served.items.tolist())


def test_a_source_that_gives_all_one_score_is_answered_against(model: Model) -> None:
    level = with_source(model, "popularity", [1.0] * ITEMS)

    found = answer_all(level, EVEN, QUESTIONS, ITEMS)

    for question, row in zip(QUESTIONS, found.lists["popularity"], strict=True):
        there = row[row >= 0].tolist()
        last = there[-len(question.items) :]
        assert sorted(last) == sorted(question.items.tolist())


def test_of_equal_scores_the_model_answers_the_wrong_ones_first(model: Model) -> None:
    """Nobody's ranker is helped by the order in which its candidates happen to stand."""
    pools = [model.retrieval.gather(each.query) for each in QUESTIONS]
    found = answer_all(model, EVEN, QUESTIONS, ITEMS)

    ties = 0
    for each, pool, row in zip(QUESTIONS, pools, found.lists["two_stage"], strict=True):
        scores = model.ranker.score(model.retrieval.matrix([each.query], [pool]))
        of = dict(zip(pool.items.tolist(), scores.tolist(), strict=True))
        listed = [item for item in row.tolist() if item >= 0]
        right = set(each.items.tolist())
        for before, after in pairwise(listed):
            if of[before] == of[after]:
                ties += 1
                assert not (before in right and after not in right)
    assert ties


def test_the_order_in_which_answers_are_told_changes_nothing(
    model: Model, answers: Answers
) -> None:
    def reversed_(each: Question) -> Question:
        return replace(each, items=each.items[::-1], gains=each.gains[::-1], liked=each.liked[::-1])

    found = answer_all(model, EVEN, [reversed_(each) for each in QUESTIONS], ITEMS)

    for name, lists in answers.lists.items():
        assert np.array_equal(found.lists[name], lists)
        assert np.array_equal(found.outcomes, answers.outcomes)
        assert np.array_equal(found.probabilities, answers.probabilities)


def test_what_was_chosen_next_has_no_part_in_scores_and_candidates(
    model: Model, answers: Answers
) -> None:
    """Other answers to the same questions: only what counts as right differs."""
    other = [
        replace(each, items=each.items[:1], gains=each.gains[:1], liked=each.liked[:1])
        for each in QUESTIONS
    ]

    found = answer_all(model, EVEN, other, ITEMS)

    assert np.array_equal(found.probabilities, answers.probabilities)
    assert np.array_equal(found.popularity, answers.popularity)
    assert np.array_equal(found.unions, answers.unions)
    assert found.outcomes.sum() < answers.outcomes.sum()


def test_reach_is_the_share_of_the_answer_among_what_was_proposed(
    model: Model, answers: Answers
) -> None:
    quota = model.retrieval.settings.per_source
    for name, source in model.retrieval.sources.items():
        for place, each in enumerate(QUESTIONS):
            proposed = set(source.retrieve(each.query, quota).items.tolist())
            share = len(proposed & set(each.items.tolist())) / len(each.items)
            assert answers.reach[name][place] == share
    assert (answers.reach["union"] >= answers.reach["popularity"]).all()


def test_pairs_are_all_candidates_of_all_questions(model: Model, answers: Answers) -> None:
    pools = [model.retrieval.gather(each.query) for each in QUESTIONS]

    assert answers.unions.tolist() == [len(pool) for pool in pools]
    assert len(answers.probabilities) == len(answers.outcomes) == answers.unions.sum()
    owners = np.repeat([each.query.user for each in QUESTIONS], answers.unions)
    assert answers.users.tolist() == owners.tolist()
    counts = model.retrieval.sources["popularity"].score(QUESTIONS[0].query)
    assert answers.popularity[: len(pools[0])].tolist() == counts[pools[0].items].tolist()


def test_relevant_is_what_was_chosen_or_only_what_was_liked() -> None:
    one = replace(asking(1, 3), liked=np.array([True, False]))
    none = asking(2, liked=False)

    assert relevance_of([one, none], 5).toarray().tolist() == [[0, 1, 0, 1, 0], [0, 0, 1, 0, 0]]
    liked = relevance_of([one, none], 5, liked=True)
    assert liked.toarray().tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]]


def test_a_model_that_learned_the_tribes_beats_popularity(answers: Answers) -> None:
    relevance = relevance_of(QUESTIONS, ITEMS)

    ndcg = {
        name: np.nanmean(LIST_METRICS["ndcg"].per_user(RankedLists(lists, relevance), 5))
        for name, lists in answers.lists.items()
    }

    assert ndcg["two_stage"] > 2 * ndcg["popularity"]
