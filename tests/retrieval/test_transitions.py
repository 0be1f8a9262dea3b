from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, after, log_of
from tests.datasets.rows import head_of, rows_of
from tests.retrieval.learning import arrivals_of, kept_up, taken_back

from shortlist.core.times import HOUR
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.source import SourceModel
from shortlist.retrieval.transitions import Transitions, TransitionsModel

PLAIN = Transitions(shrinkage=0, decay=0.5)


def test_what_came_after_is_recommended_and_what_came_before_is_not() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], items=4)
    model = PLAIN.fit(data)

    assert model.retrieve(after(ALIEN), limit=4).items.tolist() == [ALIENS]
    assert model.retrieve(after(ALIENS), limit=4).items.tolist() == []


def test_the_nearer_follower_counts_more() -> None:
    """ALIENS follows one step after ALIEN, AMELIE two and PADDINGTON three: 1, 1/2, 1/4."""
    data = Dataset.of([ALIEN, ALIENS, AMELIE, PADDINGTON], items=4)

    follows = PLAIN.fit(data).follows.toarray()

    assert follows[ALIEN].tolist() == pytest.approx([0, 4 / 7, 2 / 7, 1 / 7])
    assert follows[ALIENS].tolist() == pytest.approx([0, 0, 2 / 3, 1 / 3])
    assert follows[AMELIE].tolist() == [0, 0, 0, 1]


def test_steps_beyond_the_window_do_not_count() -> None:
    data = Dataset.of([ALIEN, ALIENS, AMELIE, PADDINGTON], items=4)

    follows = Transitions(window=2, shrinkage=0).fit(data).follows.toarray()

    assert (follows[ALIEN] > 0).tolist() == [False, True, True, False]


def test_shrinkage_trusts_what_was_seen_often() -> None:
    often = Dataset.of(*[[ALIEN, ALIENS]] * 8, [AMELIE, PADDINGTON], items=4)

    follows = Transitions(shrinkage=8).fit(often).follows.toarray()

    assert follows[ALIEN, ALIENS] == pytest.approx(8 / 16)
    assert follows[AMELIE, PADDINGTON] == pytest.approx(1 / 9)


def test_nothing_follows_from_one_user_to_the_next() -> None:
    data = Dataset.of([ALIEN], [ALIENS], [AMELIE, PADDINGTON], items=4)

    follows = PLAIN.fit(data).follows.toarray()

    assert np.argwhere(follows).tolist() == [[AMELIE, PADDINGTON]]


def test_coming_back_to_an_item_is_no_step() -> None:
    data = Dataset.of([ALIEN, ALIEN, ALIENS], items=4)

    follows = PLAIN.fit(data).follows.toarray()

    assert follows[ALIEN].tolist() == [0, 1, 0, 0]


def test_dislikes_and_impressions_are_no_steps() -> None:
    data = log_of(
        Line(0, ALIEN, 1),
        Line(0, AMELIE, 2, "dislike"),
        Line(0, AMELIE, 3, "impression"),
        Line(0, ALIENS, 4),
    )

    follows = PLAIN.fit(data).follows.toarray()

    assert np.argwhere(follows).tolist() == [[ALIEN, ALIENS]]
    assert follows[ALIEN, ALIENS] == 1


def test_the_order_is_that_of_time_not_of_arrival() -> None:
    data = log_of(Line(0, ALIENS, 2 * HOUR), Line(0, ALIEN, HOUR))

    assert np.argwhere(PLAIN.fit(data).follows.toarray()).tolist() == [[ALIEN, ALIENS]]


def test_a_log_without_times_teaches_nothing() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], items=4, times=False)

    assert PLAIN.fit(data).follows.nnz == 0


def test_the_users_last_choice_counts_most() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)
    model = Transitions(half_life=1).fit(data)

    scores = model.score(after(ALIEN, AMELIE))

    assert scores[ALIENS] == scores[PADDINGTON] / 2 > 0


def test_it_keeps_only_the_readiest_followers() -> None:
    data = Dataset.of([ALIEN, ALIENS, AMELIE, PADDINGTON], items=4)

    follows = Transitions(followers=1).fit(data).follows.toarray()

    assert np.argwhere(follows).tolist() == [
        [ALIEN, ALIENS],
        [ALIENS, AMELIE],
        [AMELIE, PADDINGTON],
    ]


def test_each_choice_says_what_it_added() -> None:
    data = Dataset.of([ALIEN, ALIENS, PADDINGTON], [AMELIE, PADDINGTON], items=4)
    model = Transitions(half_life=1).fit(data)

    added = model.because(after(ALIEN, ALIENS, disliked=(AMELIE,)), PADDINGTON)

    follows = model.follows.toarray()[:, PADDINGTON]
    assert added.tolist() == pytest.approx(
        [follows[ALIEN] / 4, follows[ALIENS] / 2, -follows[AMELIE]]
    )


# --- between trainings ---------------------------------------------------------------------


def scores(model: SourceModel, item: int) -> list[float]:
    found: list[float] = model.score(after(item)).tolist()
    return found


def test_what_followed_since_the_training_is_shared_out_as_if_it_had_been_known() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE], [ALIEN, AMELIE, PADDINGTON], items=4)
    recipe = Transitions(shrinkage=5, decay=0.5)

    live, whole = kept_up(recipe, data, trained=4).model(), recipe.fit(data)

    assert scores(live, ALIEN)[AMELIE] == pytest.approx(2 / (3 + 0.5 + 5))
    for item in range(4):
        assert scores(live, item) == pytest.approx(scores(whole, item))


def test_what_came_between_moves_its_neighbours_a_step_apart() -> None:
    data = log_of(Line(0, ALIEN, 1), Line(0, AMELIE, 2), Line(0, ALIENS, 3))
    rows = rows_of(data)
    late = [rows[0], rows[2]._replace(sequence=2), rows[1]._replace(sequence=3)]
    learner = PLAIN.fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None

    for arrivals in arrivals_of(data, late[1:]):
        learner.learn(arrivals)

    assert scores(learner.model(), ALIEN) == pytest.approx([0, 0.5 / 1.5, 1 / 1.5, 0])
    assert scores(learner.model(), AMELIE) == pytest.approx([0, 1, 0, 0])


def test_what_is_taken_back_from_between_brings_its_neighbours_together() -> None:
    data = Dataset.of([ALIEN, AMELIE, ALIENS], items=4)
    learner = PLAIN.fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None
    (events,) = arrivals_of(data, rows_of(data)[1:])
    learner.learn(events)
    between = replace(
        events.take(np.array([0])),
        later=np.array([ALIENS], np.int32),
        later_bounds=np.array([0, 1]),
    )

    learner.learn(taken_back(between))

    assert scores(learner.model(), ALIEN) == [0, 1, 0, 0]
    assert scores(learner.model(), AMELIE) == [0, 0, 0, 0]


def test_what_falls_out_of_the_window_no_longer_follows() -> None:
    recipe = Transitions(shrinkage=0, decay=0.5, window=1)
    data = log_of(Line(0, ALIEN, 1), Line(0, AMELIE, 2), Line(0, ALIENS, 3))
    rows = rows_of(data)
    learner = recipe.fit(head_of(data, 1)).learner(data.catalogue)
    assert learner is not None

    late = [rows[2]._replace(sequence=2), rows[1]._replace(sequence=3)]
    for arrivals in arrivals_of(data, late):
        learner.learn(arrivals)

    assert scores(learner.model(), ALIEN) == [0, 0, 1, 0]


def test_it_says_what_each_choice_added() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE], [AMELIE, PADDINGTON], items=4)
    model = kept_up(PLAIN, data, trained=3).model()
    query = after(ALIEN, AMELIE)

    for item in range(4):
        assert model.because(query, item).sum() == pytest.approx(model.score(query)[item])


def test_it_can_be_stored_and_go_on_from_there() -> None:
    data = Dataset.of([ALIEN, ALIENS, AMELIE], [ALIEN, AMELIE, PADDINGTON], items=4)
    halfway = kept_up(PLAIN, head_of(data, 4), trained=2).model()

    again = TransitionsModel.from_arrays(halfway.arrays()).learner(data.catalogue)

    assert again is not None
    for arrivals in arrivals_of(data, rows_of(data)[4:]):
        again.learn(arrivals)
    for item in range(4):
        assert scores(again.model(), item) == pytest.approx(scores(PLAIN.fit(data), item))


def test_a_log_without_times_teaches_nothing_later_either() -> None:
    data = Dataset.of([ALIEN, ALIENS], items=4, times=False)

    assert PLAIN.fit(data).learner(data.catalogue) is None
