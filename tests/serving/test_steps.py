"""Steps: what fails or is late is left out and named, and the rest goes on."""

import gc
import threading
import time
import weakref

import pytest

from shortlist.core.errors import Invalid
from shortlist.core.lanes import Lanes
from shortlist.serving.steps import Results, Step, run

SOON = 0.05
FOREVER = 30.0


def step(name: str, value: object, *, most: float = 5.0, by: float = 5.0) -> Step:
    return Step(name, lambda _: value, most, by)


def stalled(name: str, until: threading.Event, *, by: float = 5.0) -> Step:
    return Step(name, lambda _: until.wait(FOREVER), SOON, by)


def failing(name: str, error: Exception) -> Step:
    def fail(_: Results) -> None:
        raise error

    return Step(name, fail, 5.0, 5.0)


def test_a_step_knows_what_the_steps_before_it_gave() -> None:
    double = Step("double", lambda results: 2 * results["one"], 5.0, 5.0)

    outcome = run([step("one", 1), double], Lanes())

    assert outcome.results == {"one": 1, "double": 2}
    assert (outcome.failed, outcome.late) == ({}, [])
    assert list(outcome.seconds) == ["one", "double"]


def test_a_step_that_fails_is_named_and_the_others_are_done() -> None:
    error = ZeroDivisionError("nothing")

    outcome = run([step("a", 1), failing("b", error), step("c", 3)], Lanes())

    assert outcome.results == {"a": 1, "c": 3}
    assert outcome.failed == {"b": error}


def test_a_step_that_stalls_is_named_and_the_others_are_done() -> None:
    released = threading.Event()
    began = time.perf_counter()

    outcome = run([step("a", 1), stalled("b", released), step("c", 3)], Lanes())

    took = time.perf_counter() - began
    released.set()
    assert outcome.results == {"a": 1, "c": 3}
    assert outcome.late == ["b"]
    assert took < 1.0


def test_every_step_may_stall() -> None:
    released = threading.Event()

    outcome = run([stalled(name, released) for name in "abc"], Lanes())

    released.set()
    assert outcome.results == {}
    assert outcome.late == ["a", "b", "c"]


def test_what_a_late_step_brings_in_the_end_is_dropped() -> None:
    released, done = threading.Event(), threading.Event()

    def late(_: Results) -> str:
        released.wait(FOREVER)
        done.set()
        return "too late"

    outcome = run([Step("a", late, SOON, 5.0), step("b", 2)], Lanes())
    released.set()
    done.wait(FOREVER)
    time.sleep(SOON)

    assert outcome.results == {"b": 2}


def test_a_step_whose_time_is_over_is_not_begun() -> None:
    begun: list[Results] = []
    slow = Step("slow", lambda _: time.sleep(2 * SOON), 5.0, 5.0)
    missed = Step("missed", begun.append, 5.0, SOON)

    outcome = run([slow, missed, step("last", 3)], Lanes())

    assert begun == []
    assert outcome.late == ["missed"]
    assert outcome.results["last"] == 3


def test_a_mistake_of_the_callers_ends_the_run_and_is_raised() -> None:
    begun: list[Results] = []
    after = Step("after", begun.append, 5.0, 5.0)

    with pytest.raises(Invalid, match="no such filter"):
        run([failing("filter", Invalid("no such filter")), after], Lanes())

    assert begun == []


def test_no_steps_are_no_work() -> None:
    assert run([], Lanes()).results == {}


class Table:
    """Something large that a step gave."""


def test_what_was_given_is_freed_although_a_step_behind_it_failed() -> None:
    table, lanes = Table(), Lanes(most=1)
    still_there = weakref.ref(table)
    gc.disable()
    try:
        outcome = run([step("table", table), failing("b", ZeroDivisionError())], lanes)
        run([step("the next request's", 1)], lanes)
        assert "b" in outcome.failed

        del table, outcome
        gone = still_there() is None
    finally:
        gc.enable()

    assert gone


def test_many_requests_share_the_threads() -> None:
    lanes = Lanes(most=2)
    found: list[int] = []

    def ask(number: int) -> None:
        found.append(run([step("a", number)], lanes).results["a"])

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for each in askers:
        each.start()
    for each in askers:
        each.join()

    assert sorted(found) == list(range(20))


def test_where_all_threads_are_stuck_a_request_still_ends() -> None:
    lanes, released = Lanes(most=1), threading.Event()
    run([stalled("a", released)], lanes)

    outcome = run([step("b", 2, most=SOON), step("c", 3, most=SOON)], lanes)

    released.set()
    assert outcome.late == ["b", "c"]
