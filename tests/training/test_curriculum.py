"""What the ranker learns from lies before what it is judged by, and is judged fairly."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, AMELIE, Line, log_of
from tests.training.tribes import SMALL, tribes

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import Band, by_share
from shortlist.training.curriculum import Cut, cut_of, exercises
from shortlist.training.rows import lesson
from shortlist.training.train import fit_retrieval

CUTS: tuple[Cut, ...] = ("time", "share", "random")

QUESTIONS = 300
"""More than there are users."""


def answers(fold: Fold) -> set[tuple[int, int]]:
    """Who was right to be given what."""
    return {(each.query.user, int(item)) for each in fold.questions for item in each.items}


def short_lives(*lengths: int) -> Dataset:
    return Dataset.of(*(range(length) for length in lengths), items=max(lengths))


@pytest.mark.parametrize("cut", CUTS)
def test_the_last_exercise_and_no_other_is_held_out(cut: Cut) -> None:
    turns = [each.held_out for each in exercises(tribes(), cut, seed=0, questions=QUESTIONS)]

    assert turns == [False] * (len(turns) - 1) + [True]
    assert len(turns) > 1


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("data", [tribes(), short_lives(*range(1, 12))], ids=["tribes", "short"])
def test_no_answer_that_is_taught_is_an_answer_of_validation(cut: Cut, data: Dataset) -> None:
    *taught, held_out = exercises(data, cut, seed=0, questions=QUESTIONS)

    for each in taught:
        assert answers(held_out.fold)
        assert not answers(each.fold) & answers(held_out.fold)


@pytest.mark.parametrize("cut", CUTS)
def test_no_answer_is_among_what_the_sources_are_fitted_on(cut: Cut) -> None:
    for each in exercises(tribes(), cut, seed=0, questions=QUESTIONS):
        events = each.fold.fit.events
        learned = set(zip(events.user.tolist(), events.item.tolist(), strict=True))

        assert answers(each.fold)
        assert not answers(each.fold) & learned


def test_over_time_everything_that_is_fitted_lies_before_every_question() -> None:
    for each in exercises(tribes(), "time", seed=0, questions=QUESTIONS):
        asked = [one.query.time for one in each.fold.questions]

        assert each.fold.fit.last_time < min(asked)


def test_over_time_a_log_with_few_questions_a_window_has_all_windows_and_all_questions() -> None:
    first, *_, last = exercises(tribes(), "time", seed=0, questions=QUESTIONS)

    assert (first.of, first.asked, last.asked) == (5, QUESTIONS // 4, QUESTIONS // 2)
    assert len(first.fold.fit.events) < len(last.fold.fit.events)


def test_over_time_the_windows_follow_one_another() -> None:
    folds = [each.fold for each in exercises(tribes(), "time", seed=0, questions=QUESTIONS)]

    asked = [[one.query.time for one in fold.questions] for fold in folds]
    assert all(max(before) < min(after) for before, after in pairwise(asked))


def test_where_the_last_window_has_plenty_of_questions_sources_are_fitted_once_before_it() -> None:
    taught, held_out = exercises(tribes(), "time", seed=0, questions=6)

    teachers, judges = ({q.query.user for q in each.fold.questions} for each in (taught, held_out))
    assert taught.fold.fit is held_out.fold.fit
    assert teachers
    assert judges
    assert not teachers & judges
    assert (taught.asked, held_out.asked) == (6, 3)
    asked = [q.query.time for each in (taught, held_out) for q in each.fold.questions]
    assert len(asked) <= 18
    assert taught.fold.fit.last_time < min(asked)


def test_by_share_what_is_fitted_of_a_user_lies_before_their_question() -> None:
    for each in exercises(tribes(), "share", seed=0, questions=QUESTIONS):
        fit = each.fold.fit
        for one in each.fold.questions:
            assert fit.events.time[fit.positions_of(one.query.user)].max() < one.query.time


@pytest.mark.parametrize("share", [0.55, 0.75, 0.95])
def test_nothing_that_happens_at_a_question_or_later_reaches_its_rows(share: float) -> None:
    """Everybody chooses and rates otherwise from an instant on; rows before it stay as they are."""
    data = tribes()
    instant = int(np.quantile(data.events.time, share, method="nearest"))
    otherwise = _otherwise_from(data, instant)

    pairs = zip(
        exercises(data, "time", 0, QUESTIONS),
        exercises(otherwise, "time", 0, QUESTIONS),
        strict=True,
    )
    compared = 0
    for ours, theirs in pairs:
        early = [one for one in ours.fold.questions if one.query.time <= instant]
        known = {(one.query.user, one.query.time): one for one in theirs.fold.questions}
        mine, other = (fit_retrieval(each.fold.fit, SMALL) for each in (ours, theirs))
        for one in early:
            twin = known.get((one.query.user, one.query.time))
            if twin is None:
                continue
            rows, same = lesson(mine, one), lesson(other, twin)
            assert np.array_equal(rows.pool.items, same.pool.items)
            assert np.array_equal(
                mine.matrix([rows.query], [rows.pool]), other.matrix([same.query], [same.pool])
            )
            compared += 1
    assert compared > 10


def _otherwise_from(data: Dataset, instant: int) -> Dataset:
    generator = np.random.default_rng(1)
    later = data.events.time >= instant
    n = int(later.sum())
    item, value = data.events.item.copy(), data.events.value.copy()
    item[later] = generator.integers(0, data.n_items, n)
    value[later] = generator.integers(1, 6, n)
    return replace(data, events=replace(data.events, item=item, value=value))


def test_a_log_is_cut_by_time_where_it_says_when_things_happened() -> None:
    assert cut_of(tribes()) == "time"
    assert cut_of(tribes(times=False)) == "random"


def test_a_log_that_hardly_ever_says_when_is_cut_at_random() -> None:
    untimed = [Line(user, ALIEN) for user in range(9)]

    assert cut_of(log_of(*untimed, Line(0, AMELIE, 5), Line(1, AMELIE, 6))) == "random"
    assert cut_of(log_of(*(replace(line, time=7) for line in untimed))) == "random"


def test_a_log_of_two_instants_is_too_short_for_windows() -> None:
    data = log_of(*(Line(user, user % 2, user // 5) for user in range(10)))

    with pytest.raises(TooLittleData, match="too short a time"):
        list(exercises(data, "time", seed=0, questions=QUESTIONS))


def test_the_same_seed_sets_the_same_exercises_by_lot() -> None:
    once, again, otherwise = (
        [answers(each.fold) for each in exercises(tribes(), "random", seed, QUESTIONS)]
        for seed in (0, 0, 1)
    )

    assert once == again
    assert once != otherwise


def test_where_there_are_more_users_than_questions_sources_are_fitted_once_for_both() -> None:
    taught, held_out = exercises(tribes(), "random", seed=0, questions=20)

    teachers, judges = ({q.query.user for q in each.fold.questions} for each in (taught, held_out))
    assert taught.fold.fit is held_out.fold.fit
    assert (len(teachers), len(judges)) == (20, 10)
    assert not teachers & judges


def test_who_is_asked_does_not_change_what_is_learned_nor_the_answers() -> None:
    data, asking = tribes(), np.arange(40) % 4 == 0

    some = by_share(data, Band(0.8, 1), seed=1, asking=asking)
    everybody = by_share(data, Band(0.8, 1), seed=1)

    assert np.array_equal(some.fit.events.item, everybody.fit.events.item)
    assert answers(some) == {each for each in answers(everybody) if asking[each[0]]}
