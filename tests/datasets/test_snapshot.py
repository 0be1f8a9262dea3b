import numpy as np
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of

from shortlist.core.times import EARLIEST
from shortlist.datasets.snapshot import Dataset

ANN, BOB = 0, 1
MINUTE = 60_000_000


def test_a_log_written_by_hand_has_an_event_a_minute() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE], items=4)

    assert data.events.item.tolist() == [ALIEN, AMELIE, ALIENS]
    assert data.events.time.tolist() == [0, 0, MINUTE]
    assert (data.n_users, data.n_items, data.last_time) == (2, 4, MINUTE)


def test_who_chose_what_is_told_once_however_often_they_did() -> None:
    data = log_of(
        Line(ANN, ALIEN, 1),
        Line(ANN, ALIEN, 2),
        Line(ANN, AMELIE, 3, "dislike"),
        Line(BOB, PADDINGTON, 4, "impression"),
    )

    assert data.interactions.toarray().tolist() == [[1, 0, 0, 0], [0, 0, 0, 0]]


def test_what_was_shown_and_never_chosen_was_ignored() -> None:
    data = log_of(
        Line(ANN, ALIEN, 1, "impression"),
        Line(ANN, ALIENS, 1, "impression"),
        Line(ANN, ALIENS, 1, "impression"),
        Line(ANN, ALIEN, 2),
        Line(BOB, ALIEN, 3, "impression"),
    )

    assert data.ignored.toarray().tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]


def test_a_log_that_does_not_know_what_was_shown_ignores_nothing() -> None:
    assert log_of(Line(ANN, ALIEN, 1)).ignored.nnz == 0


def test_before_an_instant_is_without_what_happened_at_it() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(ANN, ALIENS, 2), Line(ANN, AMELIE, 3))

    assert data.before(2).events.item.tolist() == [ALIEN]
    assert (data.before(2).n_users, data.before(2).n_items) == (1, 4)


def test_a_query_knows_what_happened_before_it_and_nothing_else() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(ANN, ALIENS, 2), Line(BOB, AMELIE, 1))

    query = data.query(ANN, time=2)

    assert query.history.tolist() == [ALIEN]
    assert query.excluded.tolist() == [ALIEN]
    assert (query.user, query.time) == (ANN, 2)


def test_asked_now_everything_is_known() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(BOB, ALIENS, 5))

    query = data.query(ANN)

    assert query.history.tolist() == [ALIEN]
    assert query.time == 6


def test_dislikes_are_history_with_a_weight_below_nothing() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(ANN, AMELIE, 2, "dislike"))

    query = data.query(ANN)

    assert query.history.tolist() == [ALIEN, AMELIE]
    assert query.weights.tolist() == [1, -1]
    assert query.excluded.tolist() == [ALIEN, AMELIE]


def test_what_was_shown_or_tagged_is_not_history_and_may_be_recommended() -> None:
    data = log_of(
        Line(ANN, ALIEN, 1),
        Line(ANN, AMELIE, 2, "impression"),
        Line(ANN, PADDINGTON, 3, "tag", text="bear"),
    )

    query = data.query(ANN)

    assert query.history.tolist() == [ALIEN]
    assert query.excluded.tolist() == [ALIEN]
    assert query.shown.tolist() == [AMELIE]


def test_a_long_history_ends_with_the_newest_but_everything_in_it_is_excluded() -> None:
    data = Dataset.of([ALIEN, ALIENS, AMELIE, PADDINGTON], items=4)

    query = data.query(ANN, limit=2)

    assert query.history.tolist() == [AMELIE, PADDINGTON]
    assert query.excluded.tolist() == [ALIEN, ALIENS, AMELIE, PADDINGTON]


def test_values_and_instants_go_with_their_events() -> None:
    data = log_of(Line(ANN, AMELIE, 7, "rating", 4.5), Line(ANN, ALIEN, 3))

    query = data.query(ANN)

    assert query.history.tolist() == [ALIEN, AMELIE]
    assert np.isnan(query.values[0])
    assert query.values[1] == 4.5
    assert query.times.tolist() == [3, 7]


def test_of_somebody_unknown_nothing_is_known() -> None:
    data = log_of(Line(ANN, ALIEN, 1))

    for stranger in (-1, 7):
        assert len(data.positions_of(stranger)) == 0
        assert len(data.query(stranger).history) == 0


def test_a_log_without_times_is_not_timed() -> None:
    data = log_of(Line(ANN, ALIEN), Line(BOB, AMELIE))

    assert not data.timed
    assert data.last_time == 0
    assert data.query(ANN, time=-5).history.tolist() == [ALIEN]


def test_events_of_unknown_time_happened_before_all_others() -> None:
    data = log_of(Line(ANN, ALIEN, 5), Line(ANN, AMELIE))

    assert data.timed
    assert data.events.item.tolist() == [AMELIE, ALIEN]
    assert data.events.time.tolist() == [EARLIEST, 5]
    assert data.query(ANN, time=5).history.tolist() == [AMELIE]
    assert data.before(-100).events.item.tolist() == [AMELIE]


def test_part_of_a_log_keeps_everybody_in_their_place() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(BOB, AMELIE, 2))

    part = data.where(data.events.user == BOB)

    assert part.positions_of(ANN).tolist() == []
    assert part.query(BOB).history.tolist() == [AMELIE]
    assert (part.n_users, part.n_items) == (2, 4)


def test_what_was_taken_back_is_no_interaction_and_not_in_the_history() -> None:
    data = log_of(
        Line(0, ALIEN, 1, "like"), Line(0, ALIENS, 2, "like"), Line(0, ALIEN, 3, "unlike")
    )

    assert data.interactions.toarray().tolist() == [[0, 1, 0, 0]]
    assert data.query(0).history.tolist() == [ALIENS]
    assert data.query(0).excluded.tolist() == [ALIENS]


def test_it_stood_until_it_was_taken_back() -> None:
    data = log_of(
        Line(0, ALIEN, 1, "rating", 5), Line(0, ALIENS, 2, "like"), Line(0, ALIEN, 3, "rating", 1)
    )

    assert data.query(0, time=3).history.tolist() == [ALIEN, ALIENS]
    assert data.query(0, time=3).values.tolist()[0] == 5
    assert data.query(0, time=4).history.tolist() == [ALIENS, ALIEN]
    assert data.query(0, time=4).values.tolist()[1] == 1
    assert data.before(3).interactions.toarray().tolist() == [[1, 1, 0, 0]]
