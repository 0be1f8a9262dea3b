import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of

from shortlist.core.errors import TooLittleData
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import by_time, instant_at, successive

ANN, BOB, CID = 0, 1, 2

LOG = log_of(
    Line(ANN, ALIEN, 10),
    Line(BOB, ALIEN, 20),
    Line(ANN, ALIENS, 30),
    Line(CID, AMELIE, 30),
    Line(ANN, AMELIE, 40),
    Line(ANN, PADDINGTON, 50),
)
"""At 30 Ann and Bob are known; Ann goes on, Cid is new, Bob is gone."""


def test_everybody_active_later_is_asked_once_at_the_start_for_all_they_chose() -> None:
    fold = by_time(LOG, 30, 60)

    assert [each.query.user for each in fold.questions] == [ANN, CID]
    assert [each.items.tolist() for each in fold.questions] == [
        [ALIENS, AMELIE, PADDINGTON],
        [AMELIE],
    ]
    assert {each.query.time for each in fold.questions} == {30}


def test_what_is_learned_ends_before_the_start() -> None:
    fold = by_time(LOG, 30, 60)

    assert fold.fit.events.time.tolist() == [10, 20]
    assert fold.questions[0].query.history.tolist() == [ALIEN]
    assert fold.questions[1].query.history.tolist() == []


def test_what_happens_at_the_end_or_later_is_not_asked_for() -> None:
    fold = by_time(LOG, 30, 50)

    assert fold.questions[0].items.tolist() == [ALIENS, AMELIE]


def test_with_a_horizon_only_the_next_events_are_asked_for() -> None:
    fold = by_time(LOG, 30, 60, horizon=1)

    assert fold.questions[0].items.tolist() == [ALIENS]


def test_one_after_another_every_event_is_asked_for_knowing_those_before_it() -> None:
    fold = successive(LOG, 30, 60)

    of_ann = [each for each in fold.questions if each.query.user == ANN]
    assert [each.items.tolist() for each in of_ann] == [[ALIENS], [AMELIE], [PADDINGTON]]
    assert [each.query.history.tolist() for each in of_ann] == [
        [ALIEN],
        [ALIEN, ALIENS],
        [ALIEN, ALIENS, AMELIE],
    ]
    assert [each.query.time for each in of_ann] == [30, 40, 50]


def test_what_is_fitted_stays_as_of_the_start_of_the_window() -> None:
    assert successive(LOG, 30, 60).fit.events.time.tolist() == [10, 20]


def test_a_question_may_look_some_events_ahead_but_not_over_the_end() -> None:
    fold = successive(LOG, 30, 50, horizon=2)

    of_ann = [each for each in fold.questions if each.query.user == ANN]
    assert [each.items.tolist() for each in of_ann] == [[ALIENS, AMELIE], [AMELIE]]


def test_events_of_one_instant_do_not_know_of_each_other() -> None:
    data = log_of(Line(ANN, ALIEN, 10), Line(ANN, ALIENS, 30), Line(ANN, AMELIE, 30))

    assert [each.query.history.tolist() for each in successive(data, 20, 60).questions] == [
        [ALIEN],
        [ALIEN],
    ]


def test_of_a_busy_user_a_few_events_are_asked_for_spread_evenly() -> None:
    data = Dataset.of(range(21), items=21)

    fold = successive(data, 0, data.last_time + 1, per_user=5)

    assert [each.items.tolist() for each in fold.questions] == [[0], [5], [10], [15], [20]]


def test_of_many_questions_so_many_are_drawn_as_are_asked_for() -> None:
    data = Dataset.of(range(21), range(5, 21), items=21)
    window = (0, data.last_time + 1)
    everything = [(q.query.user, q.query.time) for q in successive(data, *window).questions]

    def drawn(most: int, seed: int = 1) -> list[tuple[int, int]]:
        fold = successive(data, *window, lot=np.random.default_rng(seed), most=most)
        return [(each.query.user, each.query.time) for each in fold.questions]

    assert drawn(7) == drawn(7) != drawn(7, seed=2)
    assert len(drawn(7)) == 7
    assert sorted(drawn(7)) == drawn(7)
    assert {*drawn(7)} <= {*everything}
    assert drawn(37) == everything


def test_what_a_user_has_again_is_not_asked_for() -> None:
    data = log_of(Line(ANN, ALIEN, 10), Line(ANN, ALIEN, 30), Line(ANN, AMELIE, 40))

    assert [each.items.tolist() for each in successive(data, 20, 60).questions] == [[AMELIE]]


def test_the_instant_of_a_share_has_that_share_of_the_events_before_it() -> None:
    data = Dataset.of(range(10), items=10)

    cut = instant_at(data, 0.8)

    assert (data.events.time < cut).sum() == 8
    assert instant_at(data, 1) == data.last_time


def test_events_of_unknown_time_have_no_say_in_where_the_cut_is() -> None:
    data = log_of(*(Line(ANN, ALIEN) for _ in range(90)), Line(BOB, ALIEN, 1), Line(BOB, AMELIE, 2))

    assert instant_at(data, 0.5) == 2


@pytest.mark.parametrize(
    "data",
    [
        log_of(Line(ANN, ALIEN), Line(BOB, AMELIE)),
        log_of(Line(ANN, ALIEN, 5), Line(BOB, AMELIE, 5)),
        log_of(users=1),
    ],
    ids=["no times", "one instant", "no events"],
)
def test_a_log_that_cannot_be_cut_in_time_says_why(data: Dataset) -> None:
    with pytest.raises(TooLittleData, match="no times, or all the same"):
        instant_at(data, 0.8)
