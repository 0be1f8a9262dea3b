"""Why an item stands in a list: contributions that add up, and the events that drove it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.pipeline.model import Model, Ranked
from shortlist.ranking.columns import meaning

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Contribution:
    """What one column of the ranker's input adds to the score."""

    column: str
    meaning: str
    value: float
    amount: float


@dataclass(frozen=True)
class Driver:
    """What the user did with one item, where that speaks for another; its events together."""

    item: int
    value: float | None
    """What the last of them that carried something did, such as a rating."""
    share: float
    """Their share of what all events of the history say for the item, in (0, 1]."""


@dataclass(frozen=True)
class Explanation:
    """Why one item stands where it does."""

    item: int
    score: float
    base: float
    """The score of nobody in particular; the base and all contributions sum to the score."""
    contributions: Sequence[Contribution]
    """Every column, the largest effect first."""
    sources: Sequence[str]
    """The sources that proposed the item, the keenest first."""
    drivers: Sequence[Driver]
    """The user's own events behind it, the strongest first."""


def explain(model: Model, ranked: Ranked, *, drivers: int = 3) -> list[Explanation]:
    """Explain every item of an answer.

    The drivers are found source by source: each says what every event of the history adds to
    its own score, and counts as much as the ranker was moved by what that source said.
    """
    columns = model.retrieval.columns()
    amounts = model.ranker.contributions(ranked.matrix)
    meanings = [meaning(column) for column in columns]
    names = list(model.retrieval.sources)
    found = []
    for place, item in enumerate(ranked.items):
        effect, values = amounts[place, :-1], ranked.matrix[place]
        order = np.argsort(-np.abs(effect), kind="stable")
        found.append(
            Explanation(
                item=int(item),
                score=float(ranked.scores[place]),
                base=float(amounts[place, -1]),
                contributions=[
                    Contribution(columns[i], meanings[i], float(values[i]), float(effect[i]))
                    for i in order
                ],
                sources=[names[source] for source in ranked.pool.proposed_by(place)],
                drivers=_drivers(model, ranked, place, effect, drivers),
            )
        )
    return found


def _drivers(model: Model, ranked: Ranked, place: int, effect: Numbers, limit: int) -> list[Driver]:
    """The events of the history that speak loudest for the item at this place."""
    query, item = ranked.query, int(ranked.items[place])
    total = np.zeros(len(query.history))
    per_source = effect[: 3 * len(model.retrieval.sources)].reshape(-1, 3).sum(axis=1)
    for source, moved in zip(model.retrieval.sources.values(), per_source, strict=True):
        if moved <= 0:
            continue
        spoke = np.maximum(source.because(query, item), 0).astype(np.float64)
        if spoke.any():
            total += moved * spoke / spoke.sum()
    if total.sum() <= 0:
        return []
    items, owner = np.unique(query.history, return_inverse=True)
    spoken = np.bincount(owner, total) / total.sum()
    values = np.full(len(items), np.nan)
    carrying = np.flatnonzero(~np.isnan(query.values))
    values[owner[carrying]] = query.values[carrying]
    strongest = np.argsort(-spoken, kind="stable")[:limit]
    return [
        Driver(
            item=int(items[at]),
            value=None if np.isnan(values[at]) else float(values[at]),
            share=float(spoken[at]),
        )
        for at in strongest
        if spoken[at] > 0.05
    ]
