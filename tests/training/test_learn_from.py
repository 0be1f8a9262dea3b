"""What the ranker learns from, where the log says what was shown."""

from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.camps import USERS, chance, two_camps
from tests.training.tribes import SMALL, tribes

from shortlist.datasets.folds import Question
from shortlist.datasets.shown_lists import share_from_lists
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.online.refresh import Moment, refresh
from shortlist.pipeline.parts import arrays_of, model_from, texts_of
from shortlist.training.curriculum import exercises
from shortlist.training.rows import shown_lessons
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, learns_from_shown, train

RECIPE = SMALL.model_copy(update={"sources": {**SMALL.sources, "mixed_effects": {}}})


@pytest.fixture(scope="module")
def shown() -> Trained:
    return train(two_camps(), RECIPE)


@pytest.fixture(scope="module")
def candidates() -> Trained:
    return train(two_camps(), RECIPE.model_copy(update={"learn_from": "candidates"}))


def worth(trained: Trained) -> float:
    """The mean true chance of the first five of everybody's list."""
    data = two_camps()
    lists = [trained.model.rank(data.query(user), 5).items.tolist() for user in range(USERS)]
    return float(np.mean([chance(user, item) for user, own in enumerate(lists) for item in own]))


def test_it_begins_from_the_source_that_knows_what_was_passed_over(shown: Trained) -> None:
    ranker, columns = shown.model.ranker, shown.model.retrieval.columns()

    assert ranker.start is not None
    assert columns[ranker.start.column] == "mixed_effects.score"
    assert ranker.order == ranker.chance


def test_lists_are_better_than_those_learned_of_all_candidates(
    shown: Trained, candidates: Trained
) -> None:
    assert candidates.model.ranker.start is None
    assert worth(shown) > worth(candidates)


def test_each_lesson_is_what_its_answer_was_chosen_among() -> None:
    fold = next(iter(exercises(two_camps(), "time", 0, 300))).fold
    retrieval = train(two_camps(), RECIPE).held_out

    found = list(shown_lessons(retrieval, fold.questions[:50]))

    assert len(found) == 50
    for each, question in zip(found, fold.questions, strict=False):
        assert len(each.pool) <= 10
        assert not set(each.pool.items.tolist()) & set(question.query.excluded.tolist())
        assert each.query is question.query
    assert sum((each.gains > 0).any() for each in found) == 50


def test_the_log_decides_by_itself() -> None:
    data = two_camps()
    few = data.where(
        (data.events.kind != data.kinds.index(IMPRESSION)) | (data.events.user % 9 == 0)
    )

    assert share_from_lists(data) == 1
    assert learns_from_shown(data, RECIPE, "time")
    assert share_from_lists(few) == pytest.approx(1 / 9, abs=0.06)
    assert not learns_from_shown(few, RECIPE, "time")
    assert share_from_lists(tribes()) == 0


def test_a_log_whose_impressions_ceased_is_learned_of_all_candidates() -> None:
    data = two_camps()
    late = data.events.time > data.events.time[len(data.events) * 8 // 10]
    ceased = data.where((data.events.kind != data.kinds.index(IMPRESSION)) | ~late)

    assert share_from_lists(ceased) < 0.1
    assert train(ceased, RECIPE).model.ranker.start is None


@pytest.mark.parametrize(
    ("settings", "cut"),
    [
        (RECIPE.model_copy(update={"learn_from": "candidates"}), "time"),
        (RECIPE, "share"),
        (SMALL, "time"),
    ],
    ids=["told not to", "cut by share", "without the source"],
)
def test_it_learns_of_all_candidates(settings: TrainingSettings, cut: str) -> None:
    assert not learns_from_shown(two_camps(), settings, cut)  # type: ignore[arg-type]


def test_the_beginning_is_kept_with_the_bundle(shown: Trained) -> None:
    arrays, texts = arrays_of(shown.model), texts_of(shown.model)

    def under(prefix: str) -> dict[str, np.ndarray]:
        return {
            name.removeprefix(prefix): array
            for name, array in arrays.items()
            if name.startswith(prefix)
        }

    again = model_from(under, texts.__getitem__)

    query = two_camps().query(3)
    assert again.ranker.start == shown.model.ranker.start
    assert again.rank(query, 9).scores.tolist() == shown.model.rank(query, 9).scores.tolist()


def test_a_refresh_goes_on_from_what_was_shown(shown: Trained) -> None:
    data = two_camps()
    fold = [*exercises(data, "time", 0, 300)][-1].fold
    users = [*data.users]
    unseen: list[Question] = [replace(each, shown=None) for each in fold.questions]
    moments = [
        Moment(shown.held_out, fold.questions, users),
        Moment(shown.held_out, unseen, users),
    ]

    found = refresh(shown.model.ranker, moments, shown.replay, RECIPE, trees=3, seed=0, most=5000)

    assert found.ranker.start == shown.model.ranker.start
    assert found.ranker.order.trees == shown.model.ranker.order.trees + 3
    assert found.ranker.order == found.ranker.chance
    assert 0 < found.figures["questions"] <= len(fold.questions)
