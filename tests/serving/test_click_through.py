"""What answers an impression, and what takes something from a list."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from shortlist.core.times import DAY, HOUR
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.serving.click_through import Uptake, impressions_answered, lists_taken_up
from shortlist.serving.newest import COLUMNS
from shortlist.storage.facts.frames import LOG

SCHEMA = {name: LOG[name] for name in ("sequence", *COLUMNS)}


def log(events: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Events as (user, item, kind, time, decision), in the order of arrival."""
    rows = [
        {
            "sequence": place,
            "user": user,
            "item": item,
            "kind": kind,
            "value": None,
            "time": time,
            "decision": decision,
        }
        for place, (user, item, kind, time, decision) in enumerate(events, start=1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def answered(*events: tuple[Any, ...]) -> list[Uptake]:
    return impressions_answered(log(events), DEFAULT_KINDS)


SHOWN = ("ann", "alien", "impression", 10, "list")


@pytest.mark.parametrize("kind", ["click", "open", "like", "rating", "purchase", "anything"])
def test_whatever_is_done_with_what_was_shown_answers_it(kind: str) -> None:
    assert answered(SHOWN, ("ann", "alien", kind, 20, "list")) == [Uptake(0, 1, 1)]


@pytest.mark.parametrize(
    "event",
    [
        ("bob", "alien", "click", 20, "list"),
        ("ann", "aliens", "click", 20, "list"),
        ("ann", "alien", "click", 20, "another"),
        ("ann", "alien", "click", 20, None),
        ("ann", "alien", "click", 9, "list"),
        ("ann", "alien", "click", 10 + DAY + 1, "list"),
        ("ann", "alien", "dislike", 20, "list"),
        ("ann", "alien", "unlike", 20, "list"),
        ("ann", "alien", "impression", 20, "other list"),
        ("ann", "alien", "click", None, "list"),
    ],
    ids=str,
)
def test_what_is_no_answer(event: tuple[Any, ...]) -> None:
    assert sum(each.answered for each in answered(SHOWN, event)) == 0


def test_it_counts_for_the_day_on_which_it_was_shown() -> None:
    late = 2 * DAY - HOUR
    found = answered(
        ("ann", "alien", "impression", late, None),
        ("ann", "alien", "click", late + 2 * HOUR, None),
        ("ann", "aliens", "impression", late + 2 * HOUR, None),
    )

    assert found == [Uptake(DAY, 1, 1), Uptake(2 * DAY, 1, 0)]
    assert [each.share for each in found] == [1.0, 0.0]


def test_an_answer_is_to_the_newest_impression_and_counts_once() -> None:
    twice = ("ann", "alien", "impression", 15, "list")
    click = ("ann", "alien", "click", 20, "list")

    assert answered(SHOWN, twice, click, ("ann", "alien", "open", 21, "list")) == [Uptake(0, 2, 1)]


def test_without_impressions_there_is_no_share() -> None:
    assert answered(("ann", "alien", "click", 20, "list")) == []


def test_lists_are_counted_once_a_day_however_much_is_taken_from_them() -> None:
    found = lists_taken_up(
        log(
            [
                ("ann", "alien", "open", 1, "a"),
                ("ann", "aliens", "rating", 2, "a"),
                ("bob", "alien", "click", 3, "b"),
                ("bob", "alien", "dislike", 3, "c"),
                ("bob", "alien", "impression", 3, "d"),
                ("bob", "alien", "click", 3, None),
                ("bob", "alien", "click", DAY, "b"),
            ]
        ),
        DEFAULT_KINDS,
    )

    assert found == [(0, 2), (DAY, 1)]
