"""Six films, and what is known of them."""

import json

import numpy as np
import polars as pl

from shortlist.core.candidates import Items
from shortlist.datasets.item_columns import ItemColumns
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.storage.facts.frames import ITEMS

ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT, NOTHING = range(6)

IDS = Vocabulary(["alien", "aliens", "amelie", "paddington", "heat", "nothing"])

KNOWN = [
    ("alien", "Alien", ["Horror", "Space"], {"year": 1979, "director": "Scott", "new": False}),
    ("aliens", "Aliens", ["Action", "Space"], {"year": 1986, "director": "Cameron", "new": False}),
    ("amelie", "Amelie", ["Comedy", "Romance"], {"year": 2001, "director": "Jeunet", "new": True}),
    ("paddington", "Paddington", ["Comedy"], {"year": 2014, "director": "King", "new": True}),
    ("heat", "Heat", [], {"year": 1995, "director": "Mann", "release date": "1995-12-15"}),
]
"""Of the sixth nothing is known but its id."""

FILMS = ItemColumns.of(
    pl.DataFrame(
        [
            (name, title, categories, None, json.dumps(attributes))
            for name, title, categories, attributes in KNOWN
        ],
        schema=ITEMS,
        orient="row",
    ),
    IDS,
)


def items_of(*items: int) -> Items:
    """Candidates, best first."""
    return np.array(items, np.int32)


def falling(count: int) -> np.ndarray:
    """As many scores, best first, one apart."""
    return np.arange(count, 0, -1, dtype=np.float32)


def made(
    **attributes: list[object],
) -> ItemColumns:
    """The columns of items i0, i1, ... with these attributes, a value an item; None is missing."""
    count = len(next(iter(attributes.values())))
    names = [f"i{place}" for place in range(count)]
    rows = [
        json.dumps({key: each[place] for key, each in attributes.items()}) for place in range(count)
    ]
    frame = pl.DataFrame({"id": names, "attributes": rows})
    for name in ("title", "categories", "text"):
        frame = frame.with_columns(pl.lit(None, ITEMS[name]).alias(name))
    return ItemColumns.of(frame.select(ITEMS.names()), Vocabulary(names))
