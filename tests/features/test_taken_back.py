"""Counters count what was taken back until it was, and no longer."""

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, Line, log_of
from tests.features.test_stats import NOON, counted

from shortlist.core.times import DAY, HOUR
from shortlist.features.stats import HALF_LIVES_DAYS, ItemStats

FADED = [f"choices_{days}d" for days in HALF_LIVES_DAYS]


def test_an_undone_like_counted_while_it_stood() -> None:
    stats = ItemStats.of(
        log_of(Line(0, ALIEN, NOON, "like"), Line(0, ALIEN, NOON + HOUR, "unlike"))
    )

    assert counted(stats, "likes", ALIEN, NOON + 1) == 1
    assert counted(stats, "likes", ALIEN, NOON + HOUR) == 1
    assert counted(stats, "likes", ALIEN, NOON + HOUR + 1) == 0
    assert counted(stats, "choices", ALIEN, NOON + DAY) == 0


def test_a_changed_rating_counts_once_with_its_newest_stars() -> None:
    stats = ItemStats.of(
        log_of(
            Line(0, ALIEN, NOON, "rating", 5),
            Line(1, ALIEN, NOON + 1, "rating", 4),
            Line(0, ALIEN, NOON + HOUR, "rating", 2),
        )
    )

    assert counted(stats, "rating_sum", ALIEN, NOON + HOUR) == 9
    assert counted(stats, "ratings", ALIEN, NOON + DAY) == 2
    assert counted(stats, "rating_sum", ALIEN, NOON + DAY) == 6
    assert counted(stats, "rating_squares", ALIEN, NOON + DAY) == 20
    assert counted(stats, "likes", ALIEN, NOON + DAY) == 1


@pytest.mark.parametrize("counter", FADED)
def test_fading_counters_forget_what_was_taken_back(counter: str) -> None:
    others = [Line(user, ALIEN, NOON + user * HOUR) for user in range(1, 9)]
    undone = [Line(0, ALIEN, NOON, "like"), Line(0, ALIEN, NOON + 9 * HOUR, "unlike")]

    with_it, without = ItemStats.of(log_of(*others, *undone)), ItemStats.of(log_of(*others))

    later = NOON + 10 * HOUR
    half_life = int(counter.removeprefix("choices_").removesuffix("d")) * DAY
    rest = np.exp2(-HOUR / half_life)  # since the last of the others, who came an hour before
    assert counted(with_it, counter, ALIEN, later) == pytest.approx(
        counted(without, counter, ALIEN, later) * rest, rel=1e-12
    )


def test_the_totals_over_all_items_forget_too() -> None:
    stats = ItemStats.of(
        log_of(
            Line(0, ALIEN, NOON, "rating", 5),
            Line(0, ALIEN, NOON + 2, "unrate"),
            Line(0, ALIENS, NOON + 4, "rating", 3),
        )
    )

    usual = stats.usual("rating_sum", "ratings", NOON + np.array([0, 1, 3, 5]))

    assert usual.tolist() == [0, 5, 0, 3]
