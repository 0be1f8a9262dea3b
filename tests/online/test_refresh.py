from dataclasses import replace

import numpy as np
import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.core.errors import TooLittleData
from shortlist.datasets.splits import instant_at, successive
from shortlist.online.refresh import Moment, Refreshed, refresh
from shortlist.online.tracks import ranking_of
from shortlist.pipeline.model import Model
from shortlist.ranking.calibration import Calibration
from shortlist.training.train import Trained, train

DATA = tribes(users=120)
CUT = instant_at(DATA, 0.6)
LATER = instant_at(DATA, 0.8)


@pytest.fixture(scope="module")
def before() -> Trained:
    return train(DATA.before(CUT), SMALL)


def moments(before: Trained) -> list[Moment]:
    fold = successive(DATA, CUT, LATER, horizon=20, per_user=8)
    return [Moment(before.model.retrieval, fold.questions, list(DATA.users))]


def refreshed(before: Trained, moments: list[Moment], seed: int = 0) -> Refreshed:
    ranker, replay = before.model.ranker, before.replay
    return refresh(ranker, moments, replay, SMALL, trees=8, seed=seed, most=2_000)


def test_both_heads_grow_by_so_many_trees(before: Trained) -> None:
    found = refreshed(before, moments(before))

    assert found.ranker.order.trees == before.model.ranker.order.trees + 8
    assert found.ranker.chance.trees == before.model.ranker.chance.trees + 8
    assert found.ranker.order.text != before.model.ranker.order.text
    assert len(found.replay.rows.labels) <= 2_000


def test_the_same_questions_teach_the_same(before: Trained) -> None:
    first, second = (refreshed(before, moments(before)) for _ in range(2))

    assert first.ranker.order.text == second.ranker.order.text
    assert first.ranker.chance.text == second.ranker.chance.text


def test_it_is_no_worse_on_what_comes_after(before: Trained) -> None:
    after = refreshed(before, moments(before)).ranker
    asked = successive(DATA, LATER, DATA.last_time + 1).questions
    retrieval = before.model.retrieval

    def mean(ranker: object) -> float:
        model = Model(retrieval, ranker)  # type: ignore[arg-type]
        return float(np.mean([ranking_of(model, each) for each in asked]))

    assert mean(after) > mean(before.model.ranker) - 0.01


def test_answers_turned_round_teach_what_is_worse(before: Trained) -> None:
    """What the labels say reaches the order: with others' films for answers it falls."""
    (moment,) = moments(before)
    films = np.arange(DATA.n_items, dtype=np.int32)
    turned = [
        replace(
            each,
            items=np.setdiff1d(films, [*each.items, *each.query.excluded]).astype(np.int32)[:5],
            gains=np.ones(5, np.float32),
        )
        for each in moment.questions
        if len(np.setdiff1d(films, [*each.items, *each.query.excluded])) >= 5
    ]
    ranker, retrieval = before.model.ranker, before.model.retrieval
    poisoned = refresh(
        ranker,
        [replace(moment, questions=turned)],
        before.replay.without_strangers([]),
        SMALL,
        trees=40,
        seed=0,
        most=2_000,
    ).ranker
    asked = successive(DATA, LATER, DATA.last_time + 1).questions

    scores = [
        np.mean([ranking_of(Model(retrieval, each), question) for question in asked])
        for each in (ranker, poisoned)
    ]

    assert scores[1] < scores[0]


def test_the_probability_is_put_right_on_people_kept_out(before: Trained) -> None:
    found = refreshed(before, moments(before))

    assert found.figures["calibrated_on"] >= 20
    assert not np.array_equal(
        found.ranker.calibration.probabilities, before.model.ranker.calibration.probabilities
    )


def test_from_nothing_nothing_is_learned(before: Trained) -> None:
    (moment,) = moments(before)

    with pytest.raises(TooLittleData):
        refreshed(before, [replace(moment, questions=[])])


def test_a_calibration_is_moved_to_what_came_true() -> None:
    line = Calibration(np.linspace(-2, 2, 9), np.linspace(0.1, 0.6, 9))
    rng = np.random.default_rng(0)
    scores = rng.uniform(-2, 2, 20_000)
    truth = rng.random(20_000) < line.apply(scores) / 2

    moved = line.adjusted(scores, truth)

    assert moved.apply(scores).mean() == pytest.approx(truth.mean(), abs=0.01)
    assert (np.diff(moved.probabilities) > 0).all()


def test_a_calibration_that_is_right_stays() -> None:
    line = Calibration(np.linspace(-2, 2, 9), np.linspace(0.1, 0.6, 9))
    rng = np.random.default_rng(0)
    scores = rng.uniform(-2, 2, 20_000)

    moved = line.adjusted(scores, rng.random(20_000) < line.apply(scores))

    assert moved.probabilities == pytest.approx(line.probabilities, abs=0.03)
