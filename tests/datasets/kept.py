"""Events of a few people, kept in a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl

from shortlist.core.events import Event
from shortlist.core.times import HOUR
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.frames import ITEMS

KINDS = ("impression", "click", "rating", "unrate", "dislike", "tag", "bookmark")
"""The last is a kind that no setting names."""

DESCRIBED = ("aliens", "paddington", "alien")
"""Films that were imported; more are in the log."""


@contextmanager
def kept(folder: Path, *batches: list[Event]) -> Iterator[Facts]:
    """A database with the films and the events."""
    with open_facts(f"sqlite:///{folder / 'facts.db'}") as facts:
        facts.put_items(films())
        for events in batches:
            facts.append(events)
        yield facts


def films() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": DESCRIBED,
            "title": ["Aliens", "Paddington", None],
            "categories": [["Action", "Space"], ["Comedy"], None],
            "text": [None, "A bear.", None],
            "attributes": ['{"year": 1986, "cast": ["Weaver", 7]}', '{"year": "long ago"}', None],
        },
        schema=ITEMS,
    )


def by_lot(number: int, seed: int = 0) -> list[Event]:
    """Events of all kinds; some share an instant, some have none."""
    generator = np.random.default_rng(seed)
    items = (*DESCRIBED, "amelie", "brazil", "clue")
    return [
        Event(
            user=f"u{generator.integers(0, 4)}",
            item=str(generator.choice(items)),
            kind=(kind := str(generator.choice(KINDS))),
            value=float(generator.integers(1, 6)) if kind == "rating" else None,
            time=None if generator.random() < 0.1 else int(generator.integers(0, 50)) * HOUR,
            text="cosy" if kind == "tag" else None,
            id=f"e{seed}-{number}",
        )
        for number in range(number)
    ]
