from shortlist.serving.lately import Shift


def test_a_shift_is_called_what_scorecards_call_it() -> None:
    assert [Shift("x", 9, 9, each).word for each in (0.05, 0.2, 0.3)] == [
        "steady",
        "shifted",
        "changed",
    ]
