"""A log in which two tribes keep to their own films, so that there is something to learn."""

from functools import cache

import numpy as np
from tests.datasets.by_hand import Line, log_of

from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.pipeline.retrieve import RetrievalSettings
from shortlist.ranking.ranker import RankerSettings
from shortlist.training.settings import TrainingSettings

USERS, ITEMS, CHOICES = 40, 24, 10
START = 17_000 * DAY

SMALL = TrainingSettings(
    sources={"popularity": {}, "item_neighbours": {}, "transitions": {}},
    retrieval=RetrievalSettings(per_source=15, limit=20),
    ranker=RankerSettings(trees=12, patience=12, min_rows=5),
    questions=300,
    negatives=8,
)
"""Few sources, few trees: a second is more than it takes."""


def films() -> Catalogue:
    """Film i is of tribe i % 2."""
    return Catalogue.of(
        Vocabulary([f"film-{item}" for item in range(ITEMS)]),
        titles=[f"Film {item}" for item in range(ITEMS)],
        categories=[("Even",) if item % 2 == 0 else ("Odd",) for item in range(ITEMS)],
        years=np.arange(1990, 1990 + ITEMS).astype(np.float32),
    )


@cache
def tribes(seed: int = 0, *, users: int = USERS, times: bool = True) -> Dataset:
    """Everybody chooses ten films, nine in ten from their own tribe's, a few hours apart.

    They rate what is their own tribe's with 4 or 5 stars, and with 1 or 2 what is not.
    """
    generator = np.random.default_rng(seed)
    lines: list[Line] = []
    for user in range(users):
        own = generator.permutation(np.arange(user % 2, ITEMS, 2))
        others = generator.permutation(np.arange(1 - user % 2, ITEMS, 2))
        start = START + int(generator.integers(0, 60)) * DAY
        for nth in range(CHOICES):
            theirs = generator.random() < 0.1
            item = int(others[nth] if theirs else own[nth])
            value = float(generator.integers(1, 3) if theirs else generator.integers(4, 6))
            instant = start + nth * 5 * HOUR if times else None
            lines.append(Line(user, item, instant, "rating", value))
    return log_of(*lines, catalogue=films())
