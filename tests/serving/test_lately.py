from shortlist.core.times import DAY
from shortlist.serving.lately import Day, Shift, click_through


def test_clicks_are_told_to_the_impressions_of_their_day() -> None:
    days = [
        Day(0, "impression", 10, 3, None),
        Day(0, "click", 2, 2, None),
        Day(DAY, "impression", 5, 3, None),
        Day(2 * DAY, "click", 4, 2, None),
    ]

    assert click_through(days) == [(0, 0.2), (DAY, 0.0)]


def test_a_shift_is_called_what_scorecards_call_it() -> None:
    assert [Shift("x", 9, 9, each).word for each in (0.05, 0.2, 0.3)] == [
        "steady",
        "shifted",
        "changed",
    ]
