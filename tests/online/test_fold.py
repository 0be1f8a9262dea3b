from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.generated import random_log
from tests.datasets.rows import Told, cut, head_of, rows_of
from tests.features.asking import same_bits

from shortlist.core.candidates import Items, Query
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.snapshot import Dataset
from shortlist.features import compute
from shortlist.features.rows import Rows
from shortlist.features.view import View
from shortlist.online.fold import Fold
from shortlist.pipeline.model import Retrieval
from shortlist.storage.facts.frames import ITEMS
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval

LOG = random_log(users=15)
TRAINED = len(LOG.events) * 2 // 3
ROWS = rows_of(LOG)
NEW = ROWS[TRAINED:]
KNOWN = LOG.n_items - 6


@cache
def trained(items: int | None) -> Retrieval:
    return fit_retrieval(head_of(LOG, TRAINED, items), TrainingSettings())


def begun(items: int | None = None) -> Fold:
    return Fold(trained(items), DEFAULT_KINDS, Told(ROWS), TRAINED)


def documents(*items: int, data: Dataset = LOG) -> pl.DataFrame:
    catalogue = data.catalogue
    rows = [
        {
            "id": catalogue.ids[item],
            "title": catalogue.titles[item],
            "categories": list(catalogue.categories[item]),
            "text": catalogue.texts[item],
            "attributes": "{}",
        }
        for item in items
    ]
    return pl.DataFrame(rows, schema=ITEMS)


def asked(retrieval: Retrieval) -> bytes:
    """What a retrieval answers, in all its numbers."""
    queries = [Query(time=LOG.last_time + 1), *(LOG.query(user) for user in range(LOG.n_users))]
    place = retrieval.catalogue.ids.indices_of(list(LOG.catalogue.ids))
    found = []
    for query in queries:
        known = place[query.history] >= 0
        moved = Query(
            history=place[query.history][known],
            weights=query.weights[known],
            values=query.values[known],
            times=query.times[known],
            time=query.time,
            excluded=_known(place[query.excluded]),
            shown=_known(place[query.shown]),
        )
        pool = retrieval.gather(moved)
        found += [pool.items.tobytes(), retrieval.matrix([moved], [pool]).tobytes()]
    return b"".join(found)


def _known(items: Items) -> Items:
    return items[items >= 0]


def test_before_anything_happens_it_is_the_bundle() -> None:
    assert begun().retrieval() is trained(None)


def test_the_same_is_given_until_something_happens() -> None:
    fold = begun()
    fold.add(NEW[:3])

    before = fold.retrieval()
    fold.add([])
    fold.add(NEW[:3])

    assert fold.retrieval() is before


def test_the_catalogue_stays_the_same_object_while_no_item_comes() -> None:
    fold = begun()

    fold.add(NEW)

    assert fold.retrieval() is not trained(None)
    assert fold.retrieval().catalogue is trained(None).catalogue


def test_rows_that_were_added_before_are_not_counted_again() -> None:
    once, twice = begun(), begun()

    once.add(NEW)
    for part in (NEW[:20], NEW[:30], NEW[10:], NEW):
        twice.add(part)

    assert asked(twice.retrieval()) == asked(once.retrieval())


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(places=st.sets(st.integers(1, len(NEW) - 1), max_size=len(NEW)))
def test_it_is_the_same_however_the_rows_are_cut(places: set[int]) -> None:
    together, apart = begun(KNOWN), begun(KNOWN)
    together.add(NEW)

    for part in cut(NEW, *sorted(places)):
        apart.add(part)

    assert asked(apart.retrieval()) == asked(together.retrieval())
    assert list(apart.retrieval().catalogue.ids) == list(together.retrieval().catalogue.ids)


@pytest.mark.parametrize("place", [0, 1, len(NEW) // 2, len(NEW)])
def test_it_is_the_same_when_stored_on_the_way(place: int) -> None:
    whole, first, rest = begun(KNOWN), begun(KNOWN), begun(KNOWN)
    for fold in (whole, first):
        fold.extend(documents(0, LOG.n_items - 1, LOG.n_items - 2))
    whole.add(NEW)

    first.add(NEW[:place])
    stored = {name: array.copy() for name, array in first.arrays().items()}
    rest.restore(stored)
    assert rest.sequence == first.sequence
    rest.add(NEW[place:])

    assert asked(rest.retrieval()) == asked(whole.retrieval())
    assert rest.arrays().keys() == whole.arrays().keys()
    for name, array in rest.arrays().items():
        assert array.tobytes() == whole.arrays()[name].tobytes(), name


def test_what_was_given_is_not_changed_by_what_follows() -> None:
    fold = begun(KNOWN)
    fold.add(NEW[:40])
    given_before = fold.retrieval()
    answered = asked(given_before)

    fold.add(NEW[40:])
    fold.extend(documents(*range(LOG.n_items)))
    fold.retrieval()

    assert asked(given_before) == answered


def test_an_item_nobody_described_joins_with_its_first_event() -> None:
    fold = begun(KNOWN)

    fold.add(NEW)

    catalogue = fold.retrieval().catalogue
    came = dict.fromkeys(row.item for row in NEW if LOG.catalogue.ids.index_of(row.item) >= KNOWN)
    assert list(catalogue.ids)[KNOWN:] == list(came)
    assert list(catalogue.ids)[:KNOWN] == list(trained(KNOWN).catalogue.ids)


def test_an_item_joins_with_its_document() -> None:
    fold = begun(KNOWN)
    last = LOG.n_items - 1

    fold.extend(documents(last))

    catalogue = fold.retrieval().catalogue
    assert catalogue.ids[KNOWN] == LOG.catalogue.ids[last]
    assert catalogue.categories[KNOWN] == LOG.catalogue.categories[last]


def test_a_document_that_came_after_the_first_event_is_heeded() -> None:
    fold = begun(KNOWN)
    fold.add(NEW)
    came = list(fold.retrieval().catalogue.ids)[KNOWN:]

    fold.extend(documents(LOG.catalogue.ids.index_of(came[0])))

    catalogue = fold.retrieval().catalogue
    assert list(catalogue.ids)[KNOWN:] == came
    assert (
        catalogue.categories[KNOWN] == LOG.catalogue.categories[LOG.catalogue.ids.index_of(came[0])]
    )


def test_features_are_those_of_the_whole_log() -> None:
    fold = begun()
    fold.add(NEW)
    live, whole = fold.retrieval(), fit_retrieval(LOG, TrainingSettings())
    queries = [LOG.query(user) for user in range(LOG.n_users)]
    items = [np.arange(LOG.n_items, dtype=np.int32)] * len(queries)
    rows = Rows.of(queries, items)

    now, offline = (View(rows, each.catalogue, each.stats, each.timed) for each in (live, whole))

    assert same_bits(compute(now), compute(offline))
