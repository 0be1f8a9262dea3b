"""How the service goes is kept minute by minute, for all processes and beyond their lives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import pytest
from tests.storage.databases import sqlite

from shortlist.core.clock import Clock
from shortlist.core.durations import bucket_of, quantile_of
from shortlist.core.errors import StorageFailed
from shortlist.core.times import DAY, HOUR, MINUTE, Instant
from shortlist.serving.course import Course, Moment
from shortlist.serving.tally import MOST_MINUTES, Tally
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.measures import Measure, MeasureRows

NOON = 20_000 * DAY + 12 * HOUR
AGE = {"bundle_age_seconds": 60.0}


@dataclass
class Hands(Clock):
    """A clock that is set by hand."""

    time: Instant = NOON

    def now(self) -> Instant:
        return self.time


@dataclass
class Process:
    """One that serves."""

    facts: Facts
    clock: Hands
    measures: MeasureRows | None = None

    def __post_init__(self) -> None:
        self.tally = Tally(self.clock)
        measures = self.measures or self.facts.measures
        self.course = Course(measures, self.facts.refusals, self.tally, self.clock)


class Refusing(MeasureRows):
    """A table that takes nothing for a while."""

    refuses = True

    def put(self, measures: Sequence[Measure]) -> None:
        if self.refuses:
            raise StorageFailed("full")
        super().put(measures)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    with sqlite(tmp_path) as url, open_facts(url) as facts:
        yield facts


@pytest.fixture
def clock() -> Hands:
    return Hands()


def events(moments: list[Moment]) -> list[int]:
    return [each.number("events") for each in moments]


def test_what_several_processes_count_is_added_up(facts: Facts, clock: Hands) -> None:
    one, other = Process(facts, clock), Process(facts, clock)
    one.tally.count("events", number=2)
    other.tally.count("events", number=3)
    for each in (one, other):
        each.course.look(AGE)

    minutes = one.course.over("hour")

    assert (len(minutes), minutes[-1].start) == (60, NOON)
    assert events(minutes) == [0] * 59 + [5]
    assert minutes[-1].gauges == AGE


def test_looking_often_counts_nothing_twice(facts: Facts, clock: Hands) -> None:
    process = Process(facts, clock)
    for _ in range(3):
        process.tally.count("events")
        process.course.look(AGE)
        process.course.look(AGE)

    assert events(process.course.over("hour"))[-1] == 3
    assert events(process.course.over("day"))[-1] == 3


def test_what_is_counted_belongs_to_its_own_minute(facts: Facts, clock: Hands) -> None:
    process = Process(facts, clock)
    process.tally.count("events")
    process.course.look(AGE)
    process.tally.count("events")
    clock.time += MINUTE
    process.tally.count("events", number=5)
    process.course.look(AGE)

    assert events(process.course.over("hour"))[-2:] == [2, 5]


def test_one_that_lives_again_within_the_minute_goes_on(facts: Facts, clock: Hands) -> None:
    for _ in range(2):
        process = Process(facts, clock)
        process.tally.count("events")
        process.course.look(AGE)

    assert events(Process(facts, clock).course.over("hour"))[-1] == 2


def test_days_are_put_together_from_hours(facts: Facts, clock: Hands) -> None:
    process = Process(facts, clock)
    for _ in range(3):
        process.tally.count("events")
        process.course.look(AGE)
        clock.time += 11 * HOUR

    assert events(process.course.over("day"))[-12:] == [1] + [0] * 11
    assert events(process.course.over("month"))[-2:] == [2, 1]


def test_what_could_not_be_written_is_written_later(facts: Facts, clock: Hands) -> None:
    measures = Refusing(facts)
    process = Process(facts, clock, measures)
    for _ in range(3):
        process.tally.count("events")
        process.course.look(AGE)
        clock.time += MINUTE
    measures.refuses = False
    process.course.look(AGE)

    assert events(process.course.over("hour"))[-4:] == [1, 1, 1, 0]


def test_a_quiet_minute_is_written_once(facts: Facts, clock: Hands) -> None:
    process = Process(facts, clock)
    process.course.look({"age": 1.0})
    process.course.look({"age": 2.0})
    clock.time += MINUTE
    process.course.look({"age": 3.0})

    assert [each.gauges for each in process.course.over("hour")[-2:]] == [
        {"age": 1.0},
        {"age": 3.0},
    ]


def test_what_is_old_is_forgotten(facts: Facts, clock: Hands) -> None:
    process = Process(facts, clock)
    process.tally.count("events")
    process.course.look(AGE)
    clock.time += 91 * DAY
    process.course.look(AGE)

    assert {each.start for each in facts.measures.since(60, 0)} == {clock.time}
    assert {each.start for each in facts.measures.since(3600, 0)} == {clock.time}


def test_what_nobody_takes_is_bounded(clock: Hands) -> None:
    tally = Tally(clock)
    for _ in range(MOST_MINUTES + 5):
        tally.count("events")
        clock.time += MINUTE

    assert len(tally.taken()) == MOST_MINUTES


def test_quantiles_are_told_from_the_buckets_of_all_processes(facts: Facts, clock: Hands) -> None:
    one, other = Process(facts, clock), Process(facts, clock)
    for process, seconds in ((one, 0.010), (other, 1.0)):
        for _ in range(50):
            process.tally.count(f"seconds/api/{bucket_of(seconds)}")
        process.course.look(AGE)

    now, before = one.course.over("hour")[-1], one.course.over("hour")[0]

    assert now.quantile("seconds/api/", 0.5) == pytest.approx(0.010, rel=0.2)
    assert now.quantile("seconds/api/", 0.99) == pytest.approx(1.0, rel=0.2)
    assert isnan(before.quantile("seconds/api/", 0.5))


@pytest.mark.parametrize("seconds", [0.0004, 0.0031, 0.049, 0.7, 12.0])
def test_a_duration_is_told_again_to_a_fifth(seconds: float) -> None:
    assert quantile_of({bucket_of(seconds): 1}, 1.0) == pytest.approx(max(seconds, 0.0005), rel=0.2)
