"""Sources whose scores are written out, so that what should be answered is known."""

from collections.abc import Sequence

import numpy as np

from shortlist.core.candidates import Query
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.folds import Question
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.features import ItemStats
from shortlist.pipeline.model import Retrieval
from shortlist.pipeline.retrieve import RetrievalSettings
from shortlist.retrieval.popularity import PopularityModel


def retrieval(per_source: int = 100, **scores: Sequence[float]) -> Retrieval:
    """Sources by name, each with one score for every item, whoever asks."""
    n = len(next(iter(scores.values())))
    return Retrieval(
        sources={
            name: PopularityModel(np.array(each, np.float32)) for name, each in scores.items()
        },
        stats=ItemStats.of(Dataset.of([], items=n)),
        catalogue=Catalogue.of(Vocabulary([f"i{item}" for item in range(n)])),
        timed=False,
        settings=RetrievalSettings(per_source=per_source),
    )


def asking(*answers: int, had: Sequence[int] = (), user: int = 0, liked: bool = True) -> Question:
    """A question of somebody who had some items, and chose others next."""
    history = np.array(had, np.int32)
    n = len(answers)
    return Question(
        query=Query(history=history, excluded=history, user=user),
        items=np.array(answers, np.int32),
        gains=np.ones(n, np.float32),
        liked=np.full(n, liked),
    )
