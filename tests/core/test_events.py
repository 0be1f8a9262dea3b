import math

import pytest

from shortlist.core.errors import Invalid
from shortlist.core.events import FIRST_INSTANT, ID_LIMIT, LAST_INSTANT, Event
from shortlist.core.times import iso, parse_instant


def test_the_same_content_has_the_same_id_wherever_it_is_computed() -> None:
    event = Event("ann", "alien", "rating", value=4.5, time=1_000_000, text="sci-fi")

    assert event.id == "c2a2b04cd4a5537aa394d5fa3ca627cf"


def test_every_field_is_part_of_the_id() -> None:
    events = [
        Event("ann", "alien", "view"),
        Event("bob", "alien", "view"),
        Event("ann", "aliens", "view"),
        Event("ann", "alien", "click"),
        Event("ann", "alien", "view", value=0.0),
        Event("ann", "alien", "view", value=1.0),
        Event("ann", "alien", "view", time=0),
        Event("ann", "alien", "view", session="a"),
        Event("ann", "alien", "view", decision="a"),
        Event("ann", "alien", "view", text="a"),
    ]

    assert len({event.id for event in events}) == len(events)


def test_zero_has_one_sign() -> None:
    assert Event("a", "b", "c", value=-0.0).id == Event("a", "b", "c", value=0.0).id


def test_an_id_of_its_own_is_kept() -> None:
    assert Event("ann", "alien", "view", id="e1").id == "e1"


@pytest.mark.parametrize("bad", ["", " ", "a\x1fb", "a\x00", "a\n", "x" * (ID_LIMIT + 1)])
def test_an_id_that_cannot_be_kept_is_refused(bad: str) -> None:
    with pytest.raises(Invalid, match="user"):
        Event(bad, "alien", "view")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_is_finite(bad: float) -> None:
    with pytest.raises(Invalid, match="finite"):
        Event("ann", "alien", "rating", value=bad)


@pytest.mark.parametrize("bad", [FIRST_INSTANT - 1, LAST_INSTANT])
def test_an_instant_lies_between_1900_and_2200(bad: int) -> None:
    with pytest.raises(Invalid, match="1900"):
        Event("ann", "alien", "view", time=bad)


def test_the_limits_are_the_years_they_are_said_to_be() -> None:
    assert parse_instant("1900-01-01") == FIRST_INSTANT
    assert iso(LAST_INSTANT) == "2200-01-01T00:00:00Z"


def test_text_holds_no_zero_byte() -> None:
    with pytest.raises(Invalid, match="text"):
        Event("ann", "alien", "tag", text="a\x00b")
