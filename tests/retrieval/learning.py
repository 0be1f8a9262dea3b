"""Learners of fitted sources, and events for them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from tests.datasets.rows import Told, head_of, rows_of
from tests.retrieval.asking import fit

from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.pasts import LogRow, Pasts
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval import SOURCES
from shortlist.retrieval.content import Content
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source
from shortlist.retrieval.sparse import nothing


def kept_up(recipe: Source, data: Dataset, trained: int) -> Learner:
    """A learner that was trained on the first events of a log and has learned the others."""
    learner = recipe.fit(head_of(data, trained)).learner(data.catalogue)
    assert learner is not None
    for arrivals in arrivals_of(data, rows_of(data)[trained:]):
        learner.learn(arrivals)
    return learner


def taken_back(arrivals: Arrivals) -> Arrivals:
    """The same events, taken back."""
    return replace(arrivals, sign=-arrivals.sign)


def arrivals_of(data: Dataset, *parts: Sequence[LogRow]) -> list[Arrivals]:
    """Rows of a log in parts, as arrivals; every part at once knows all before it."""
    places = {each: place for place, each in enumerate(data.catalogue.ids)}
    pasts = Pasts(DEFAULT_KINDS, Told(rows_of(data)))
    return [pasts.arrivals(part, places, part[0].sequence - 1) for part in parts if part]


def room_for(catalogue: Catalogue, trained: Catalogue) -> NewItems:
    """Items came of which nothing is known."""
    return NewItems(catalogue, np.zeros(0, np.int32), nothing(0, len(trained)))


def described(catalogue: Catalogue, trained: Dataset) -> NewItems:
    """Items came with their documents."""
    told = np.arange(trained.n_items, len(catalogue), dtype=np.int32)
    items = replace(room_for(catalogue, trained.catalogue), told=told)
    content = Content().fit(trained).learner(trained.catalogue)
    assert content is not None
    content.extend(items)
    return replace(items, alike=content.alike(told))


def same_arrays(left: Arrays, right: Arrays) -> bool:
    """Equal to the last bit."""
    return left.keys() == right.keys() and all(
        left[part].dtype == right[part].dtype and left[part].tobytes() == right[part].tobytes()
        for part in left
    )


def learning() -> list[str]:
    """The sources that go on learning."""
    data = Dataset.of([0, 1], [1, 2], items=3)
    return [name for name in SOURCES if fit(name, data).learner(data.catalogue) is not None]
