"""Events are counted again where there are newer ones, and not at every view."""

import polars as pl
from tests.serving.test_click_through import log

from shortlist.serving.lately import Held

ONE = log([("ann", "alien", "click", 1, None)])
TWO = log([("ann", "alien", "click", 1, None), ("bob", "alien", "click", 2, None)])


def counted(held: Held[int], events: pl.DataFrame) -> int:
    return held.get(events, lambda: len(events))


def test_the_same_events_are_counted_once() -> None:
    made: list[int] = []
    held = Held[None](0)

    for _ in range(3):
        held.get(ONE, lambda: made.append(1))

    assert made == [1]


def test_newer_ones_count_when_the_time_has_come() -> None:
    patient, eager = Held[int](60), Held[int](0)

    assert [counted(patient, each) for each in (ONE, TWO)] == [1, 1]
    assert [counted(eager, each) for each in (ONE, TWO)] == [1, 2]
