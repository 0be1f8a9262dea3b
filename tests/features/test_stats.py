from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, Line, log_of

from shortlist.core.times import DAY, EARLIEST, HOUR
from shortlist.datasets.snapshot import Dataset
from shortlist.features.stats import HALF_LIVES_DAYS, NEVER, ItemStats

NOON = 10_000 * DAY + 12 * HOUR


def counted(stats: ItemStats, name: str, item: int, time: int) -> float:
    """A counter of an item as it stood before an instant."""
    (line,) = stats.lines(np.array([item], np.int32), np.array([time]))
    return float(stats.counters[name][line])


def test_an_event_counts_after_its_instant_and_not_at_it() -> None:
    stats = ItemStats.of(log_of(Line(0, ALIEN, NOON)))

    assert counted(stats, "choices", ALIEN, NOON - 1) == 0
    assert counted(stats, "choices", ALIEN, NOON) == 0
    assert counted(stats, "choices", ALIEN, NOON + 1) == 1


def test_events_of_one_instant_count_together() -> None:
    stats = ItemStats.of(log_of(*[Line(user, ALIEN, NOON) for user in range(3)]))

    assert counted(stats, "choices", ALIEN, NOON) == 0
    assert counted(stats, "choices", ALIEN, NOON + 1) == 3


def test_each_kind_counts_where_it_belongs() -> None:
    data = log_of(
        Line(0, ALIEN, NOON, "impression"),
        Line(0, ALIEN, NOON + 1, "click"),
        Line(0, ALIEN, NOON + 2, "rating", 5),
        Line(1, ALIEN, NOON + 3, "rating", 2),
        Line(2, ALIEN, NOON + 4, "dislike"),
        Line(2, ALIEN, NOON + 5, "tag", text="loud"),
        Line(3, ALIENS, NOON + 6, "like"),
    )
    stats = ItemStats.of(data)

    found = {name: counted(stats, name, ALIEN, NOON + DAY) for name in stats.grand}

    assert found == {
        "choices": 3,
        "likes": 2,
        "dislikes": 1,
        "impressions": 1,
        "clicks": 1,
        "ratings": 2,
        "rating_sum": 7,
        "rating_squares": 29,
    }


def test_a_fading_counter_halves_with_every_half_life_between_choices() -> None:
    week = 7 * DAY
    stats = ItemStats.of(log_of(*[Line(0, ALIEN, NOON + week * n) for n in (0, 1, 3)]))

    after = [counted(stats, "choices_7d", ALIEN, NOON + week * n + 1) for n in (0, 1, 3)]

    assert after == pytest.approx([1, 1.5, 1.5 / 4 + 1])


def test_what_is_no_choice_lets_the_fading_counters_fade() -> None:
    shown = Line(0, ALIEN, NOON + DAY, "impression")
    stats = ItemStats.of(log_of(Line(0, ALIEN, NOON), shown))

    assert counted(stats, "choices_1d", ALIEN, NOON + DAY + 1) == pytest.approx(0.5)


def test_what_is_usual_is_the_ratio_over_all_items_before_the_instant() -> None:
    data = log_of(
        Line(0, ALIEN, NOON, "rating", 5),
        Line(0, ALIENS, NOON + 1, "rating", 2),
        Line(0, AMELIE, NOON + 2, "click"),
    )

    times = np.array([NOON, NOON + 1, NOON + 2, NOON + 9])
    found = ItemStats.of(data).usual("rating_sum", "ratings", times)

    assert found.tolist() == [0, 5, 3.5, 3.5]


def test_nothing_is_usual_before_there_is_anything_to_share() -> None:
    """Clicks in a log without impressions are no rate, however many there are."""
    data = log_of(*[Line(user, ALIEN, NOON + user) for user in range(9)])

    assert ItemStats.of(data).usual("clicks", "impressions", np.array([NOON + 99])).tolist() == [0]


def test_the_first_choice_is_of_anybody_and_no_impression() -> None:
    data = log_of(
        Line(0, ALIEN, NOON, "impression"),
        Line(1, ALIEN, NOON + 5),
        Line(0, ALIEN, NOON + 9),
        Line(0, ALIENS, NOON, "dislike"),
    )

    first = ItemStats.of(data).first

    assert first[ALIEN] == NOON + 5
    assert first[ALIENS] > NOON + 1000 * DAY


def test_what_stood_at_an_instant_is_what_was_counted_until_then() -> None:
    """Item by item and to the bit, whatever was taken back or came later."""
    data = tribes_that_change_their_minds()
    instant = int(np.quantile(data.events.time, 0.6, method="nearest"))
    items = np.arange(data.n_items, dtype=np.int32)

    standing, counted_until = (
        ItemStats.of(data).standing_at(instant),
        ItemStats.of(data.before(instant)),
    )

    for later in (instant, instant + DAY):
        times = np.full(len(items), later)
        ours, theirs = standing.lines(items, times), counted_until.lines(items, times)
        assert np.array_equal(standing.table[ours], counted_until.table[theirs])
        assert np.array_equal(standing.time[ours], counted_until.time[theirs])
        assert np.array_equal(
            standing.usual("rating_sum", "ratings", times),
            counted_until.usual("rating_sum", "ratings", times),
        )
    assert np.array_equal(standing.first, counted_until.first)
    assert np.array_equal(standing.when, counted_until.when)
    assert (standing.first == NEVER).any()


def tribes_that_change_their_minds() -> Dataset:
    """Thirty people rate films, some of them again, and take some of it back; one film is late."""
    lot = np.random.default_rng(5)
    lines = [
        Line(
            int(lot.integers(30)),
            (ALIEN, ALIENS, AMELIE)[int(lot.integers(3))],
            NOON + int(lot.integers(200)) * HOUR,
            ("rating", "rating", "unrate", "click")[int(lot.integers(4))],
            float(lot.integers(1, 6)),
        )
        for _ in range(300)
    ]
    return log_of(*lines, Line(0, PADDINGTON, NOON + 300 * HOUR))


def test_an_unknown_instant_is_before_all_others() -> None:
    stats = ItemStats.of(log_of(Line(0, ALIEN, None), Line(0, ALIEN, NOON)))

    assert counted(stats, "choices", ALIEN, NOON) == 1
    assert counted(stats, "choices_180d", ALIEN, NOON + 1) == 1


# --- any log ---------------------------------------------------------------------------------

INSTANTS = [None, -DAY, 0, HOUR, 3 * DAY, 200 * DAY]
LINES = st.builds(
    Line,
    user=st.integers(0, 2),
    item=st.integers(0, len(FILMS) - 1),
    time=st.sampled_from(INSTANTS),
    kind=st.sampled_from(["impression", "click", "like", "dislike"]),
)


def chosen_before(data: Dataset, item: int, time: int) -> Sequence[int]:
    """When the item was chosen, of the choices that stood at an instant."""
    past = data.before(time)
    return [int(each) for each in past.events.time[past.positive & (past.events.item == item)]]


def dislikes_before(data: Dataset, item: int, time: int) -> int:
    past = data.before(time)
    return int((past.standing & (past.events.weight < 0) & (past.events.item == item)).sum())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=20), st.sampled_from([-DAY, 0, 1, HOUR, 4 * DAY, 300 * DAY]))
def test_the_counters_are_those_of_counting_one_by_one(log: list[Line], time: int) -> None:
    data = log_of(*log, users=3)
    stats = ItemStats.of(data)

    for item in (ALIEN, ALIENS, AMELIE, PADDINGTON):
        own = data.events.item == item
        before = own & (data.events.time < time)
        last = max(data.events.time[before].tolist(), default=EARLIEST)
        chosen = chosen_before(data, item, time)

        assert counted(stats, "choices", item, time) == len(chosen)
        assert counted(stats, "dislikes", item, time) == dislikes_before(data, item, time)
        for days in HALF_LIVES_DAYS:
            faded = sum(0.5 ** ((last - each) / (days * DAY)) for each in chosen)
            assert counted(stats, f"choices_{days}d", item, time) == pytest.approx(faded, abs=1e-9)
