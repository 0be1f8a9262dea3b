"""What a ranker looks at: how much each column reduced the training loss, and what it says."""

from dataclasses import dataclass

import numpy as np

from shortlist.pipeline.model import Model
from shortlist.ranking.columns import meaning


@dataclass(frozen=True)
class Importance:
    """One column of the ranker's input."""

    column: str
    meaning: str
    gain: float
    """Its share of what all columns gained together (Breiman et al. 1984, section 5.3)."""


def importance_of(model: Model) -> list[Importance]:
    """All columns, the one with the largest gain first."""
    gains, columns = model.ranker.order.gains(), model.retrieval.columns()
    order = np.argsort(-gains, kind="stable").tolist()
    return [Importance(columns[at], meaning(columns[at]), float(gains[at])) for at in order]
