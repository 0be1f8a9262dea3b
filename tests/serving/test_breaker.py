"""The breaker: what stalls again and again rests, and is tried by one request alone."""

from shortlist.serving.breaker import FIRST, LONGEST, TROUBLES, Breaker


class Watch:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def troubled(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.went_wrong("als")


def test_a_part_of_which_nothing_is_known_may_be_asked() -> None:
    assert Breaker().may("als")


def test_one_trouble_is_no_reason_to_rest() -> None:
    breaker = Breaker()

    troubled(breaker, TROUBLES - 1)

    assert breaker.may("als")


def test_after_some_troubles_in_a_row_a_part_rests() -> None:
    breaker = Breaker()

    troubled(breaker, TROUBLES)

    assert not breaker.may("als")
    assert breaker.may("ease")


def test_what_went_well_ends_the_row() -> None:
    breaker = Breaker()
    troubled(breaker, TROUBLES - 1)

    breaker.went_well("als")
    troubled(breaker, 1)

    assert breaker.may("als")


def test_after_the_rest_one_request_tries() -> None:
    watch = Watch()
    breaker = Breaker(watch)
    troubled(breaker, TROUBLES)

    watch.time = FIRST + 0.1

    assert [breaker.may("als") for _ in range(3)] == [True, False, False]


def test_every_further_trouble_doubles_the_rest_up_to_the_longest() -> None:
    watch = Watch()
    breaker = Breaker(watch)
    troubled(breaker, TROUBLES + 1)

    watch.time = 1.5 * FIRST
    assert not breaker.may("als")
    troubled(breaker, 20)
    watch.time += LONGEST + 0.1

    assert breaker.may("als")
