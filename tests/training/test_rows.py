import numpy as np
import numpy.typing as npt
import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.core.pool import Pool
from shortlist.datasets.folds import Question
from shortlist.pipeline.model import Retrieval
from shortlist.training.rows import Lesson, joined, labelled, lesson, thinned
from shortlist.training.train import fit_retrieval

RIGHT = (3, 17)


def lots() -> np.random.Generator:
    return np.random.default_rng(0)


def made_up(gains: npt.NDArray[np.float32]) -> Lesson:
    """A lesson of as many candidates as gains."""
    n = len(gains)
    items = np.arange(n, dtype=np.int32)
    scores = np.linspace(1, 2, n, dtype=np.float32)[None, :]
    return Lesson(Query(), Pool(items, scores, scores[:, -1], scores, quota=n), gains)


def twenty() -> Lesson:
    gains = np.zeros(20, np.float32)
    gains[list(RIGHT)] = 1
    return made_up(gains)


@pytest.fixture(scope="module")
def retrieval() -> Retrieval:
    return fit_retrieval(tribes(), SMALL)


@pytest.fixture(scope="module")
def question() -> Question:
    """The first user, as if films 0 and 1 were still to come and all others unknown."""
    query = tribes().query(0, time=0)
    return Question(
        query, np.array([0, 1], np.int32), np.array([2, 0.5], np.float32), np.ones(2, bool)
    )


def test_a_lesson_has_the_candidates_serving_would_have(
    retrieval: Retrieval, question: Question
) -> None:
    found = lesson(retrieval, question)

    assert np.array_equal(found.pool.items, retrieval.gather(question.query).items)


def test_a_lesson_says_what_each_candidate_is_worth(
    retrieval: Retrieval, question: Question
) -> None:
    found = lesson(retrieval, question)

    worth = dict(zip(found.pool.items.tolist(), found.gains.tolist(), strict=True))
    expected = {item: gain for item, gain in ((0, 2), (1, 0.5)) if item in worth}
    assert expected
    assert {item: gain for item, gain in worth.items() if gain} == expected


def test_thinning_keeps_what_is_right_and_so_many_others() -> None:
    thin = thinned(twenty(), 5, lots())

    assert thin is not None
    assert set(RIGHT) <= set(thin.pool.items.tolist())
    assert thin.pool.items[thin.gains > 0].tolist() == list(RIGHT)
    assert len(thin.pool) == len(thin.gains) == 2 + 5
    assert (np.diff(thin.pool.items) > 0).all()


def test_over_many_lots_every_other_candidate_is_drawn() -> None:
    rng = lots()

    drawn = [thinned(twenty(), 5, rng) for _ in range(60)]

    seen = {int(item) for each in drawn if each is not None for item in each.pool.items}
    assert seen == set(range(20))


@pytest.mark.parametrize("negatives", [None, 18, 500])
def test_where_there_are_few_nothing_is_thinned(negatives: int | None) -> None:
    thin = thinned(twenty(), negatives, lots())

    assert thin is not None
    assert len(thin.pool) == 20


@pytest.mark.parametrize("gains", [np.zeros(4, np.float32), np.ones(4, np.float32)])
def test_where_nothing_can_be_told_apart_nothing_is_learned(
    gains: npt.NDArray[np.float32],
) -> None:
    assert thinned(made_up(gains), 5, lots()) is None


def test_rows_come_question_by_question_in_groups(retrieval: Retrieval, question: Question) -> None:
    one = lesson(retrieval, question)

    rows = labelled(retrieval, [one, one], "chosen")

    n = len(one.pool)
    assert rows.groups.tolist() == [n, n]
    assert rows.matrix.shape == (2 * n, len(retrieval.columns()))
    assert np.array_equal(rows.matrix[:n], rows.matrix[n:], equal_nan=True)
    assert rows.labels.tolist() == [float(gain > 0) for gain in one.gains] * 2


def test_of_no_lessons_there_are_no_rows(retrieval: Retrieval) -> None:
    rows = labelled(retrieval, [], "chosen")

    assert rows.matrix.shape == (0, len(retrieval.columns()))
    assert len(rows.labels) == len(rows.groups) == 0


def test_weighted_labels_are_whole_levels_that_rise_with_the_gain(retrieval: Retrieval) -> None:
    query = Query(time=tribes().last_time + 1)
    pool = retrieval.gather(query).take(np.arange(6))
    gains = np.array([0, 0.1, 1, 2, 3, 4], np.float32)

    levels = labelled(retrieval, [Lesson(query, pool, gains)], "weighted").labels

    assert levels.tolist() == [0, 1, 2, 3, 4, 4]


def test_parts_are_joined_one_after_another(retrieval: Retrieval, question: Question) -> None:
    part = labelled(retrieval, [lesson(retrieval, question)], "chosen")

    whole = joined([part, part])

    assert len(whole.matrix) == len(whole.labels) == whole.groups.sum() == 2 * len(part.matrix)
