"""Items to ask somebody about, as they are answered, and how they are chosen from a shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from shortlist.core.candidates import Items
from shortlist.pipeline.questionnaire import Asking, Questionnaire
from shortlist.retrieval.als import Als, AlsModel
from shortlist.serving.shelf import Shelf

SHARED: Final = 0.5
"""How much less an item is worth that has all its categories in common with one asked about."""


@dataclass(frozen=True)
class AskedItem:
    """An item to ask about, and why this one."""

    item: str
    title: str
    categories: Sequence[str]
    people: int
    """How many people chose it."""
    known: float | None
    """The chance that this person knows it; None where nothing trained can say."""
    teaches: float | None
    """The share of what there is to learn of a taste that an answer is expected to settle."""


@dataclass(frozen=True)
class Questions:
    """What to ask next, and how far it is."""

    user: str | None
    items: Sequence[AskedItem]
    """The best first; none once it is done."""
    known: int
    """Items they chose or said something of, whether they were asked or not."""
    unknown: int
    """Items they said they do not know."""
    at_most: int
    learned: float | None
    """The share of what there is to learn of a taste that is known; None where nothing can say."""
    done: bool
    method: Literal["taste", "popularity"]
    """Whether taste chose the items; or popularity, because nothing trained knows tastes."""
    degraded: Sequence[str]
    """What was left out of this answer, by name."""


def taste_of(shelf: Shelf) -> Questionnaire | None:
    """How tastes differ, as trained; None where nothing trained says."""
    if shelf.loaded is None:
        return None
    als = shelf.loaded.model.retrieval.sources.get(Als.name)
    return Questionnaire.of(als) if isinstance(als, AlsModel) else None


def by_taste(shelf: Shelf, taste: Questionnaire, asking: Sequence[Asking]) -> list[AskedItem]:
    """Items that a taste was asked for, as they are answered."""
    return [
        AskedItem(
            item=shelf.ids[each.item],
            title=shelf.title_of(each.item),
            categories=shelf.categories_of(each.item),
            people=round(float(taste.share[each.item]) * taste.people),
            known=each.known,
            teaches=each.teaches,
        )
        for each in asking
    ]


def by_popularity(shelf: Shelf, answered: Items, number: int) -> list[AskedItem]:
    """What most people chose, worth the less the more categories it shares with the others.

    It stands in for a taste that nothing trained can tell.
    """
    worth, unlike = np.log1p(shelf.popularity), np.ones(len(shelf), np.float32)
    free = shelf.offered & (shelf.popularity > 0)
    free[answered] = False
    for item in answered.tolist():
        unlike = np.minimum(unlike, 1 - SHARED * shelf.categories_shared(item))
    found: list[AskedItem] = []
    while len(found) < number and free.any():
        best = int(np.argmax(np.where(free, worth * unlike, -1)))
        free[best] = False
        unlike = np.minimum(unlike, 1 - SHARED * shelf.categories_shared(best))
        found.append(
            AskedItem(
                item=shelf.ids[best],
                title=shelf.title_of(best),
                categories=shelf.categories_of(best),
                people=int(shelf.popularity[best]),
                known=None,
                teaches=None,
            )
        )
    return found
