"""What is known of some items, as one array of bytes."""

import json

import numpy as np
import numpy.typing as npt

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.vocabulary import Vocabulary


def packed(items: Catalogue) -> npt.NDArray[np.generic]:
    """The items as bytes of JSON."""
    columns = {
        "ids": list(items.ids),
        "titles": items.titles,
        "categories": items.categories,
        "texts": items.texts,
        "years": [None if np.isnan(year) else float(year) for year in items.years],
        "marks": items.marks,
    }
    return np.frombuffer(json.dumps(columns).encode(), np.uint8)


def unpacked(array: npt.NDArray[np.generic]) -> Catalogue:
    """The items that `packed` wrote."""
    columns = json.loads(np.asarray(array, np.uint8).tobytes())
    return Catalogue(
        ids=Vocabulary(columns["ids"]),
        titles=columns["titles"],
        categories=[tuple(each) for each in columns["categories"]],
        texts=columns["texts"],
        years=np.array(columns["years"], np.float32),
        marks=[tuple(each) for each in columns["marks"]],
    )
