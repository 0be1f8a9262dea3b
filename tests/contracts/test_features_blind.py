"""No feature sees what happens at its instant or later, and each notices what happened before."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.by_hand import FILMS, Line, log_of
from tests.datasets.generated import random_log
from tests.features.asking import Asked, ask, same_bits

from shortlist.core.times import DAY, HOUR
from shortlist.datasets.snapshot import Dataset, Events
from shortlist.features import FEATURES, compute

LOG = random_log(users=8, items=25)
SHOWN = LOG.events.time[LOG.events.kind == LOG.kinds.index("impression")]
INSTANT = int(SHOWN[len(SHOWN) // 2])
"""An instant at which a list was shown."""

OF_THE_QUESTION_ALONE = {
    "context_hour",
    "context_weekday",
    "context_year_day",
    "item_categories",
    "item_release_age",
    "item_year",
}
"""Features that look at the instant and the catalogue, so that no event changes them."""


@pytest.fixture(params=list(FEATURES))
def feature(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def other(data: Dataset, seed: int) -> Events:
    """The same instants and users, all else drawn anew, some of it doubled."""
    generator = np.random.default_rng(seed)
    lot = generator.integers(0, len(data.events), len(data.events) * 2)
    drawn = data.events.take(lot)
    time = np.resize(data.events.time, len(lot))
    order = np.argsort(time, kind="stable")
    return replace(drawn, user=np.resize(data.events.user, len(lot)), time=time).take(order)


def joined(data: Dataset, past: Events, future: Events) -> Dataset:
    """The log of some events and then some others."""
    columns = {name: np.append(getattr(past, name), getattr(future, name)) for name in vars(past)}
    return replace(data, events=Events(**columns))


@cache
def worlds() -> dict[str, Dataset]:
    """The log with other futures from the instant on, in which the same past is told."""
    past, future = LOG.before(INSTANT).events, LOG.where(LOG.events.time >= INSTANT).events
    changed = other(LOG, seed=1)
    shown = replace(
        future,
        kind=np.full(len(future), LOG.kinds.index("impression"), np.int16),
        weight=np.zeros(len(future), np.float32),
        chosen=np.zeros(len(future), bool),
        liked=np.zeros(len(future), bool),
        value=np.full(len(future), np.nan, np.float32),
    )
    at_once = replace(changed, time=np.full(len(changed), INSTANT))
    return {
        "as it was": LOG,
        "nothing": joined(LOG, past, future.take(np.zeros(0, np.intp))),
        "changed": joined(LOG, past, changed.take(changed.time >= INSTANT)),
        "only shown": joined(LOG, past, shown),
        "much at the very instant": joined(LOG, past, at_once),
    }


def at_the_instant(data: Dataset, instant: int | None = INSTANT) -> Asked:
    return ask(data, range(data.n_users), [instant])


def test_the_log_has_events_at_and_around_the_instant() -> None:
    assert (LOG.events.time < INSTANT).sum() > 50
    assert (LOG.events.time == INSTANT).sum() > 1
    assert (LOG.events.time > INSTANT).sum() > 50


@pytest.mark.parametrize("future", list(worlds()))
def test_it_cannot_see_the_future(feature: str, future: str) -> None:
    seen = at_the_instant(worlds()[future]).column(feature)

    assert same_bits(seen, at_the_instant(LOG).column(feature))


def test_it_would_notice_the_other_events_if_it_could_see_them(feature: str) -> None:
    """What the test above changes is what the feature looks at, once the instant has passed."""
    rows = at_the_instant(LOG)
    later = INSTANT + 3 * DAY

    seen = []
    for future in worlds().values():
        queries = [future.query(user, time=later) for user in range(future.n_users)]
        seen.append(replace(ask(future, [0], [later]), queries=queries, items=rows.items))
    columns = {each.column(feature).tobytes() for each in seen}

    assert (len(columns) == 1) == (feature in OF_THE_QUESTION_ALONE)


# --- any small log -----------------------------------------------------------------------------

INSTANTS = [None, -3 * DAY, 0, 1, HOUR, HOUR + 1, 2 * DAY, 400 * DAY]
KINDS = ["impression", "click", "rating", "dislike", "like", "tag"]


@st.composite
def lines(draw: st.DrawFn) -> Line:
    kind = draw(st.sampled_from(KINDS))
    return Line(
        user=draw(st.integers(0, 2)),
        item=draw(st.integers(0, len(FILMS) - 1)),
        time=draw(st.sampled_from(INSTANTS)),
        kind=kind,
        value=draw(st.sampled_from([0.0, 0.5, 3.0, 5.0, np.nan])) if kind == "rating" else np.nan,
    )


def until(log: Sequence[Line], instant: int) -> list[Line]:
    return [line for line in log if line.time is None or line.time < instant]


def matrix(rows: Asked, *places: int) -> np.ndarray:
    return compute(rows.view(*places))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(lines(), max_size=25), st.sampled_from(INSTANTS))
def test_in_any_log_one_query_is_the_same_as_all(log: list[Line], instant: int | None) -> None:
    data = log_of(*log, users=3)
    rows = ask(data, [0, 1, 2, -1], [instant, None])

    together = matrix(rows)
    alone = [matrix(rows, place) for place in range(len(rows.queries))]

    assert np.isfinite(together).all()
    assert same_bits(np.concatenate(alone), together)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(lines(), max_size=15),
    st.lists(lines(), max_size=10),
    st.lists(lines(), max_size=10),
    st.sampled_from([0, 1, HOUR, HOUR + 1, 2 * DAY]),
)
def test_in_any_log_the_future_is_unseen(
    before: list[Line], one: list[Line], another: list[Line], instant: int
) -> None:
    timed = Line(0, 0, instant - 5 * DAY)
    past = [timed, *until(before, instant)]
    futures = [
        [line for line in each if line not in until(each, instant)] for each in (one, another)
    ]

    seen = [
        matrix(ask(log_of(*past, *future, users=3), [0, 1, 2, -1], [instant])) for future in futures
    ]

    assert same_bits(seen[0], seen[1])
