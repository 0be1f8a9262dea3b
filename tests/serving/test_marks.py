"""What somebody says of each item now, read off their own events."""

from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.serving.marks import Marks
from shortlist.serving.shop_settings import ShopSettings
from shortlist.storage.facts import EventRow

SHOP = ShopSettings()


def row(item: str, kind: str, value: float | None = None, time: int | None = 0) -> EventRow:
    return EventRow(1, f"{item}{kind}{value}{time}", item, kind, value, time, None, None)


def marks(*rows: EventRow, **kinds: KindSettings) -> Marks:
    return Marks.of(rows, SHOP, {**DEFAULT_KINDS, **kinds})


def test_the_last_stars_count() -> None:
    found = marks(row("alien", "rating", 2), row("alien", "rating", 4.5))

    assert found.on("alien").stars == 4.5


def test_the_last_is_that_of_the_latest_time_and_not_of_the_latest_arrival() -> None:
    found = marks(row("alien", "rating", 2, time=9), row("alien", "rating", 4.5, time=3))

    assert found.on("alien").stars == 2


def test_what_was_taken_back_is_not_said() -> None:
    found = marks(
        row("alien", "rating", 5),
        row("alien", "unrate"),
        row("amelie", "save"),
        row("amelie", "unsave"),
    )

    assert not found.has("alien")
    assert found.saved == []


def test_what_is_said_again_after_it_was_taken_back_counts() -> None:
    found = marks(row("alien", "save"), row("alien", "unsave"), row("alien", "save"))

    assert found.saved == ["alien"]


def test_what_weighs_nothing_says_nothing() -> None:
    found = marks(row("alien", "impression"), row("aliens", "unknown"))

    assert not found.by_item


def test_lists_begin_with_what_was_touched_last() -> None:
    found = marks(row("alien", "save"), row("aliens", "save"), row("alien", "rating", 5))

    assert found.saved == ["alien", "aliens"]
    assert list(found.by_item) == ["aliens", "alien"]


def test_liked_is_what_has_stars_enough_or_speaks_for_itself() -> None:
    found = marks(
        row("alien", "rating", 4),
        row("aliens", "rating", 3.5),
        row("amelie", "dislike"),
        row("paddington", "play", 10),
        row("brazil", "save"),
    )

    assert found.liked == ["paddington", "alien"]
