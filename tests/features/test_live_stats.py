from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.by_hand import ALIEN, ALIENS, FILMS, PADDINGTON, Line, log_of
from tests.datasets.rows import cut, head_of, rows_of
from tests.retrieval.learning import arrivals_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.snapshot import Dataset
from shortlist.features import FEATURES, View, compute
from shortlist.features.live_stats import LiveStats
from shortlist.features.rows import Rows
from shortlist.features.stats import ItemStats

NOON = 10_000 * DAY + 12 * HOUR


def live_after(data: Dataset, trained: int, *places: int) -> LiveStats:
    """The statistics of the first events of a log, kept up with the others."""
    live = LiveStats(ItemStats.of(head_of(data, trained)))
    for arrivals in arrivals_of(data, *cut(rows_of(data)[trained:], *places)):
        live.learn(arrivals)
    return live


def newest(stats: ItemStats) -> dict[str, bytes]:
    """The newest line of every item, and all totals, to the bit."""
    last = stats.start[1:] - 1
    return {
        "table": stats.table[last].tobytes(),
        "time": stats.time[last].tobytes(),
        "first": stats.first.tobytes(),
        **{name: np.float64(total[-1]).tobytes() for name, total in stats.grand.items()},
    }


def counted(live: LiveStats, name: str, item: int) -> float:
    return float(live.stats().counters[name][item])


def test_an_event_is_counted() -> None:
    live = live_after(log_of(Line(0, ALIEN, NOON), Line(1, ALIEN, NOON + DAY, "rating", 4)), 1)

    assert counted(live, "choices", ALIEN) == 2
    assert counted(live, "rating_sum", ALIEN) == 4
    assert counted(live, "choices_1d", ALIEN) == 1.5
    assert counted(live, "choices", ALIENS) == 0
    assert live.stats().time[ALIEN] == NOON + DAY
    assert live.stats().first[ALIEN] == NOON


def test_whatever_instant_is_asked_about_it_is_now() -> None:
    stats = live_after(log_of(Line(0, ALIEN, NOON), Line(0, ALIEN, NOON + 1)), 1).stats()

    for time in (0, NOON, NOON + DAY):
        (line,) = stats.lines(np.array([ALIEN], np.int32), np.array([time]))
        assert stats.counters["choices"][line] == 2


def test_an_event_of_yesterday_that_arrives_today_counts_as_of_yesterday() -> None:
    data = log_of(Line(0, ALIEN, NOON), Line(1, ALIEN, NOON + DAY))
    live = live_after(data, 2)
    late = arrivals_of(data, rows_of(data)[1:])[0]

    live.learn(replace(late, time=np.array([NOON])))

    assert counted(live, "choices", ALIEN) == 3
    assert counted(live, "choices_1d", ALIEN) == pytest.approx(1 + 0.5 + 0.5)
    assert live.stats().time[ALIEN] == NOON + DAY


def test_what_is_taken_back_no_longer_counts() -> None:
    data = log_of(
        Line(0, ALIEN, NOON, "rating", 5),
        Line(1, ALIEN, NOON + DAY, "rating", 2),
        Line(1, ALIEN, NOON + 2 * DAY, "impression"),
    )
    live = LiveStats(ItemStats.of(head_of(data, 1)))
    _, second, third = arrivals_of(data, *cut(rows_of(data), 1, 2))

    for arrivals in (second, third, replace(second, sign=np.array([-1], np.int8))):
        live.learn(arrivals)

    assert counted(live, "choices", ALIEN) == 1
    assert counted(live, "likes", ALIEN) == 1
    assert counted(live, "rating_sum", ALIEN) == 5
    assert counted(live, "choices_1d", ALIEN) == pytest.approx(0.25)
    assert live.stats().usual("rating_sum", "ratings", np.array([NOON])).tolist() == [5]


def test_new_items_begin_with_nothing() -> None:
    live = live_after(log_of(Line(0, ALIEN, NOON)), 1)

    live.extend(len(FILMS) + 2)

    stats = live.stats()
    assert stats.table[-2:].sum() == 0
    assert stats.first[-1] > NOON + 1000 * DAY


def test_no_feature_breaks_on_events_that_are_ahead_of_the_question() -> None:
    """The clock of whoever tells an event may be ahead of ours, by seconds or by years."""
    data = log_of(
        *[Line(user, item, NOON + 9_000 * DAY * user) for user in (0, 1) for item in (0, 1)]
    )
    stats = live_after(data, 1).stats()
    query = Query(
        history=np.array([ALIEN, ALIENS], np.int32),
        times=np.array([NOON, NOON + 9_000 * DAY]),
        time=NOON + HOUR,
    )
    rows = Rows.of([query], [np.array([ALIEN, ALIENS, PADDINGTON], np.int32)])

    matrix = compute(View(rows, data.catalogue, stats))

    assert matrix.shape == (3, len(FEATURES))
    assert np.isfinite(matrix).all()


INSTANTS = [None, -DAY, 0, HOUR, 3 * DAY, 200 * DAY]
LINES = st.builds(
    Line,
    user=st.integers(0, 2),
    item=st.integers(0, len(FILMS) - 1),
    time=st.sampled_from(INSTANTS),
    kind=st.sampled_from(["impression", "click", "like", "dislike", "rating", "unlike", "undo"]),
    value=st.sampled_from([np.nan, 0.1, 3.3, 5.0]),
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(st.lists(LINES, max_size=25), st.data())
def test_in_the_order_of_time_it_comes_to_the_bits_of_the_whole_log(
    log: list[Line], drawn: st.DataObject
) -> None:
    data = log_of(*log, users=3)
    trained = drawn.draw(st.integers(0, len(log)))
    places = drawn.draw(st.sets(st.integers(0, len(log) - trained)))

    live = live_after(data, trained, *sorted(places))

    assert newest(live.stats()) == newest(ItemStats.of(data))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(st.permutations(range(12)))
def test_in_any_order_it_comes_to_the_same_up_to_rounding(order: list[int]) -> None:
    data = log_of(*[Line(n % 3, n % 4, NOON + n * HOUR, "rating", n % 5 + 1) for n in range(12)])
    live = LiveStats(ItemStats.of(head_of(data, 0)))
    events = arrivals_of(data, *[[row] for row in rows_of(data)])

    for place in order:
        live.learn(events[place])

    found, whole = live.stats(), ItemStats.of(data)
    last = whole.start[1:] - 1
    assert found.table == pytest.approx(whole.table[last])
    assert (found.time == whole.time[last]).all()
    assert (found.first == whole.first).all()
