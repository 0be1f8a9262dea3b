from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, after, log_of
from tests.datasets.rows import cut, head_of, rows_of
from tests.retrieval.learning import arrivals_of

from shortlist.core.times import DAY
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.popularity import Popularity, PopularityModel, Trending


def test_what_more_people_chose_comes_first() -> None:
    data = Dataset.of([ALIENS], [ALIENS, AMELIE], [ALIENS, AMELIE], [PADDINGTON], items=4)

    found = Popularity().fit(data).retrieve(after(), limit=4)

    assert found.items.tolist() == [ALIENS, AMELIE, PADDINGTON]
    assert found.scores.tolist() == [3, 2, 1]


def test_everybody_is_told_the_same_but_for_what_they_have() -> None:
    model = Popularity().fit(Dataset.of([ALIENS, AMELIE], [ALIENS], items=4))

    assert np.array_equal(model.score(after(AMELIE)), model.score(after()))


def test_dislikes_and_impressions_do_not_make_popular() -> None:
    data = log_of(
        Line(0, ALIEN, 1, "dislike"),
        Line(1, ALIENS, 2, "impression"),
        Line(2, AMELIE, 3, "tag", text="shy"),
        Line(3, PADDINGTON, 4, "like"),
    )

    assert Popularity().fit(data).scores.tolist() == [0, 0, 0, 1]


def test_a_choice_counts_half_after_every_half_life() -> None:
    data = log_of(
        Line(0, ALIEN, 0),
        Line(1, ALIENS, 10 * DAY),
        Line(2, AMELIE, 15 * DAY),
        Line(3, PADDINGTON, 20 * DAY),
    )

    scores = Trending(half_life_days=10).fit(data).scores

    assert scores.tolist() == pytest.approx([0.25, 0.5, 0.5**0.5, 1])


def test_the_age_of_a_choice_is_counted_from_the_newest_event_of_any_kind() -> None:
    data = log_of(Line(0, ALIEN, 0), Line(1, ALIENS, 30 * DAY, "impression"))

    assert Trending(half_life_days=10).fit(data).scores[ALIEN] == 0.125


def test_trending_forgets_an_old_favourite() -> None:
    favourite = [Line(user, ALIEN, user) for user in range(5)]
    data = log_of(*favourite, Line(0, AMELIE, 365 * DAY), Line(1, AMELIE, 365 * DAY))

    ever = Popularity().fit(data).retrieve(after(), limit=1)
    lately = Trending(half_life_days=30).fit(data).retrieve(after(), limit=1)

    assert ever.items.tolist() == [ALIEN]
    assert lately.items.tolist() == [AMELIE]


def test_without_times_trending_is_popularity() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN], items=4, times=False)

    assert Trending().fit(data).scores.tolist() == Popularity().fit(data).scores.tolist()


def test_a_choice_at_an_unknown_instant_is_older_than_all_others() -> None:
    data = log_of(Line(0, ALIEN, None), Line(0, ALIENS, 5))

    assert Trending().fit(data).scores.tolist() == [0, 1, 0, 0]


# --- between trainings ---------------------------------------------------------------------


def test_what_is_chosen_after_the_training_counts_as_if_it_had_been_known() -> None:
    data = log_of(
        Line(0, ALIEN, 0),
        Line(1, ALIENS, 10 * DAY),
        Line(2, AMELIE, 15 * DAY),
        Line(3, PADDINGTON, 20 * DAY, "impression"),
    )
    recipe = Trending(half_life_days=10)
    learner = recipe.fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None

    for arrivals in arrivals_of(data, rows_of(data)[1:]):
        learner.learn(arrivals)

    assert learner.model().scores.tolist() == pytest.approx(recipe.fit(data).scores.tolist())


def test_it_goes_on_for_as_many_half_lives_as_one_likes() -> None:
    """More than a number can hold, if every choice were counted from the training on."""
    data = log_of(*[Line(user, ALIEN + user % 2, user * 700 * DAY) for user in range(6)])
    learner = Trending(half_life_days=1).fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None

    for arrivals in arrivals_of(data, rows_of(data)[1:]):
        learner.learn(arrivals)

    assert learner.model().scores.tolist() == [0, 1, 0, 0]


def test_what_was_taken_back_leaves_nothing_behind() -> None:
    data = log_of(Line(0, ALIEN, 0), Line(1, ALIENS, 3 * DAY), Line(2, ALIEN, 5 * DAY))
    learner = Trending(half_life_days=0.7).fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None
    second, third = arrivals_of(data, *cut(rows_of(data)[1:], 1))

    for arrivals in (second, third, replace(second, sign=np.array([-1], np.int8))):
        learner.learn(arrivals)

    assert learner.model().scores[ALIENS] == 0


def test_a_bundle_that_does_not_say_when_it_was_counted_does_not_go_on() -> None:
    older = PopularityModel.from_arrays({"scores": np.ones(4, np.float32)})

    assert older.learner(log_of().catalogue) is None
