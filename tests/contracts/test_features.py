"""What every feature promises. A registered feature is tested here by being registered."""

from dataclasses import replace
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from tests.datasets.generated import odd_logs, random_log
from tests.datasets.rows import cut, head_of, rows_of
from tests.features.asking import Asked, ask, ask_one, same_bits
from tests.retrieval.learning import arrivals_of

from shortlist import features
from shortlist.core.candidates import Query
from shortlist.core.times import DAY
from shortlist.features import FEATURES, ItemStats, compute
from shortlist.features.live_stats import LiveStats

REGISTERED = set(FEATURES)
"""Those that the package registers by itself, before a test imports its modules one by one."""

LOG = random_log(users=6, items=25)
ODD = {
    missing: ask(data, [-1, *range(data.n_users)][:4], [None])
    for missing, data in odd_logs().items()
}


@pytest.fixture(params=list(FEATURES))
def feature(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@cache
def asked() -> Asked:
    """Everybody and a stranger ask at instants of the log, before it, between events and now."""
    instants = LOG.events.time[:: len(LOG.events) // 3].tolist()
    times: list[int | None] = [instants[0] - 1, *instants, instants[1] + 1, None]
    return ask(LOG, [*range(LOG.n_users), -1], times, judged=2)


# --- one number a row, the same however it is asked ------------------------------------------


def test_it_gives_one_finite_number_a_row(feature: str) -> None:
    column = asked().column(feature)

    assert column.dtype == np.float32
    assert column.shape == (len(asked().view().rows),)
    assert np.isfinite(column).all()


def test_it_is_the_same_for_one_query_and_for_all(feature: str) -> None:
    """Serving asks one query at a time, training all of them at once."""
    together = asked().column(feature)

    alone = [asked().column(feature, place) for place in range(len(asked().queries))]

    assert same_bits(np.concatenate(alone), together)


def test_it_is_the_same_for_one_row_and_for_all(feature: str) -> None:
    together = asked().column(feature)
    rows = asked().cut()

    alone = [rows.column(feature, place) for place in range(len(rows.queries))]

    assert same_bits(np.concatenate(alone), together)


@pytest.mark.parametrize("block", [2, 7, 50])
def test_it_is_the_same_in_blocks_of_any_size(feature: str, block: int) -> None:
    together = asked().column(feature)
    places = range(len(asked().queries))

    parts = [asked().column(feature, *places[start : start + block]) for start in places[::block]]

    assert same_bits(np.concatenate(parts), together)


def test_it_is_the_same_in_any_order(feature: str) -> None:
    rows = asked().cut()
    order = np.random.default_rng(1).permutation(len(rows.queries))

    shuffled = rows.column(feature, *order)

    assert same_bits(shuffled, rows.column(feature)[order])


def test_it_is_the_same_beside_the_others(feature: str) -> None:
    """What one feature leaves in the view does not change the next."""
    names = list(FEATURES)
    forwards, backwards = asked().view(), asked().view()

    column = compute(forwards)[:, names.index(feature)]
    last = compute(backwards, names[::-1])[:, names[::-1].index(feature)]

    assert same_bits(column, asked().column(feature))
    assert same_bits(last, column)


def test_it_is_the_same_from_stored_statistics(feature: str, tmp_path: Path) -> None:
    for part, array in asked().stats.arrays().items():
        np.save(tmp_path / part, array, allow_pickle=False)
    stored = {file.stem: np.load(file, mmap_mode="r") for file in tmp_path.iterdir()}

    again = replace(asked(), stats=ItemStats.from_arrays(stored))

    assert same_bits(again.column(feature), asked().column(feature))


def test_it_leaves_the_view_as_it_was(feature: str) -> None:
    view = asked().view()
    before = compute(view)

    FEATURES[feature].compute(view)[:] = 7

    assert same_bits(compute(view), before)


# --- between trainings -----------------------------------------------------------------------


@cache
def live() -> tuple[Asked, Asked]:
    """Everybody asks now: by statistics that were kept up, and by those of the whole log."""
    trained = len(LOG.events) // 2
    stats = LiveStats(ItemStats.of(head_of(LOG, trained)))
    for arrivals in arrivals_of(LOG, *cut(rows_of(LOG)[trained:], 1, 30)):
        stats.learn(arrivals)
    whole = ask(LOG, [*range(LOG.n_users), -1], [None], judged=LOG.n_items)
    return replace(whole, stats=stats.stats()), whole


def test_it_is_the_same_from_statistics_that_are_kept_up(feature: str) -> None:
    """Those that events were added to as they arrived, some of them taken back."""
    now, whole = live()

    assert same_bits(now.column(feature), whole.column(feature))


def test_it_is_finite_where_clocks_are_ahead_of_the_question(feature: str) -> None:
    now, _ = live()
    early = [replace(query, time=query.time - 400 * DAY) for query in now.queries]

    assert np.isfinite(replace(now, queries=early).column(feature)).all()


# --- little to go by -------------------------------------------------------------------------


def test_it_is_finite_and_the_same_in_an_odd_log(feature: str) -> None:
    for missing, rows in ODD.items():
        column = rows.column(feature)
        alone = [rows.column(feature, place) for place in range(len(rows.queries))]

        assert np.isfinite(column).all(), missing
        assert same_bits(np.concatenate(alone), column), missing


def test_it_answers_no_rows_at_all(feature: str) -> None:
    assert ask_one(LOG, LOG.query(0)).column(feature).shape == (0,)


def test_it_knows_a_user_by_the_history_alone(feature: str) -> None:
    rows = asked()
    strangers = [replace(query, user=-1) for query in rows.queries]

    assert same_bits(replace(rows, queries=strangers).column(feature), rows.column(feature))


def test_it_answers_a_newcomer_about_an_item_nobody_met(feature: str) -> None:
    unmet = LOG.n_items - 1
    assert unmet not in LOG.events.item

    column = ask_one(LOG, Query(time=LOG.last_time), unmet).column(feature)

    assert np.isfinite(column).all()


# --- worth having ----------------------------------------------------------------------------


def test_it_tells_rows_apart(feature: str) -> None:
    assert len(set(asked().column(feature).tolist())) > 1


def test_it_tells_something_no_other_feature_tells(feature: str) -> None:
    matrix = compute(asked().view())
    own = matrix[:, list(FEATURES).index(feature)]

    same = [name for name, other in zip(FEATURES, matrix.T, strict=True) if (other == own).all()]

    assert same == [feature]


def test_it_is_described(feature: str) -> None:
    meaning = FEATURES[feature].meaning

    assert meaning[0].isupper()
    assert meaning.endswith(".")
    assert len(meaning.split()) >= 3
    assert "\n" not in meaning
    assert feature.replace("_", " ") != meaning.lower().rstrip(".")


def test_no_two_features_are_described_alike() -> None:
    meanings = [each.meaning for each in FEATURES.values()]

    assert len(set(meanings)) == len(meanings)


def test_there_are_at_least_forty() -> None:
    assert len(FEATURES) >= 40


def test_every_feature_that_was_written_is_registered() -> None:
    """A public function from a view to a column is a feature, whichever file it stands in."""
    modules = [f"{features.__name__}.{each.name}" for each in iter_modules(features.__path__)]
    written = {
        name
        for path in modules
        for name, function in getmembers(import_module(path), isfunction)
        if function.__module__ == path
        and not name.startswith("_")
        and list(function.__annotations__) == ["view", "return"]
    }

    assert written == REGISTERED
