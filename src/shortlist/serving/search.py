"""Finding items by their words, a category and years."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.datasets.columns import ListColumn, NumberColumn
from shortlist.serving.cards import tidy
from shortlist.serving.shelf import Shelf, Shelves
from shortlist.serving.shop_settings import ShopSettings

Order = Literal["popular", "newest", "title"]
ORDERS: Final[tuple[Order, ...]] = ("popular", "newest", "title")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty asks for nothing."""

    words: str = ""
    category: str = ""
    first_year: int | None = None
    last_year: int | None = None
    order: Order = "popular"


@dataclass(frozen=True)
class Found:
    """A page of what was found."""

    items: Sequence[str]
    total: int


@dataclass(frozen=True)
class Search:
    """Looks through the shelf of now."""

    shelves: Shelves
    settings: ShopSettings

    def find(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Found:
        """Items that are all that is wanted; with words, titles that begin with them first."""
        shelf = self.shelves.current
        places = np.flatnonzero(self._mask(shelf, wanted)).astype(np.int32)
        ordered = places[self._order(shelf, places, wanted)]
        page = ordered[offset : offset + limit]
        return Found([shelf.ids[place] for place in page.tolist()], len(ordered))

    def categories(self) -> list[tuple[str, int]]:
        """Every category with the number of its items, the largest first."""
        shelf = self.shelves.current
        column = shelf.columns.columns.get("categories")
        if not isinstance(column, ListColumn):
            return []
        sizes = np.asarray(column.by_name @ shelf.offered.astype(np.float32)).ravel()
        order = np.argsort(-sizes, kind="stable")
        return [(column.names[place], int(sizes[place])) for place in order if sizes[place] > 0]

    def years(self) -> tuple[int, int] | None:
        """The first and the last year of any item; None where nothing has a year."""
        shelf = self.shelves.current
        years = self._years(shelf)
        if years is None:
            return None
        known = years[shelf.offered & np.isfinite(years)]
        return (int(known.min()), int(known.max())) if len(known) else None

    def _mask(self, shelf: Shelf, wanted: Wanted) -> Mask:
        mask = shelf.offered.copy()
        if wanted.words.strip():
            mask &= shelf.matching(wanted.words)
        if wanted.category:
            column = shelf.columns.columns.get("categories")
            within = np.zeros(len(shelf), bool)
            if isinstance(column, ListColumn):
                within[column.having(wanted.category)] = True
            mask &= within
        if wanted.first_year is not None or wanted.last_year is not None:
            mask &= self._within(shelf, wanted)
        return mask

    def _within(self, shelf: Shelf, wanted: Wanted) -> Mask:
        years = self._years(shelf)
        if years is None:
            return np.zeros(len(shelf), bool)
        first = -np.inf if wanted.first_year is None else wanted.first_year
        last = np.inf if wanted.last_year is None else wanted.last_year
        within: Mask = (years >= first) & (years <= last)
        return within

    def _years(self, shelf: Shelf) -> npt.NDArray[np.float64] | None:
        column = shelf.columns.columns.get(self.settings.year)
        return column.values if isinstance(column, NumberColumn) else None

    def _order(self, shelf: Shelf, places: Items, wanted: Wanted) -> npt.NDArray[np.intp]:
        popular = -shelf.popularity[places]
        if wanted.order == "title":
            titles = [tidy(shelf.title_of(place)).casefold() for place in places.tolist()]
            return np.argsort(np.array(titles, object), kind="stable")
        if wanted.order == "newest":
            years = self._years(shelf)
            if years is not None:
                return np.lexsort((popular, -np.nan_to_num(years[places], nan=-np.inf)))
        if wanted.words.strip():
            start = wanted.words.casefold().split()
            near = [_near(tidy(shelf.title_of(place)), start) for place in places.tolist()]
            return np.lexsort((popular, np.array(near, np.int32)))
        return np.argsort(popular, kind="stable")


def _near(title: str, words: Sequence[str]) -> int:
    """How far a title is from words: 0 is them, 1 begins with them, 2 with the first of them.

    3 has them all as words or their beginnings, 4 within words or elsewhere.

    >>> [_near(each, ["star"]) for each in ("Star", "Star Wars", "Lone Star", "Mustard")]
    [0, 1, 3, 4]
    """
    folded, whole = title.casefold(), " ".join(words)
    if folded.startswith(whole):
        return 0 if folded == whole else 1
    if folded.startswith(words[0]):
        return 2
    return 3 if all(f" {word}" in f" {folded}" for word in words) else 4
