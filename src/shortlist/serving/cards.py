"""Items as people are shown them: a title, a year, categories, an image, and their own mark."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from shortlist.datasets.columns import ListColumn, NumberColumn, TextColumn
from shortlist.serving.answers import Because
from shortlist.serving.marks import NO_MARK, Mark, Marks
from shortlist.serving.shelf import Shelf
from shortlist.serving.shop_settings import ShopSettings

_YEAR: Final = re.compile(r"\s*\((\d{4})\)\s*$")
_ARTICLE: Final = re.compile(
    r"^(.+), (The|A|An|Le|La|Les|L'|Il|Lo|Gli|El|Los|Las|Der|Die|Das|Den|Det)(?= \(|$)"
)


@dataclass(frozen=True)
class Reason:
    """Why an item is where it is: a sentence, and the person's own items it is about."""

    text: str
    because: Sequence[tuple["Card", Because]] = ()


@dataclass(frozen=True)
class Card:
    """One item."""

    item: str
    title: str
    """Without the year, the article in front."""
    year: int | None
    categories: Sequence[str]
    image: str = ""
    mark: Mark = NO_MARK
    reason: Reason | None = None
    decision: str = ""
    """The list it was in, so that what follows from it can be told."""


@dataclass(frozen=True)
class Cards:
    """Makes cards from the shelf of now, for somebody."""

    shelf: Shelf
    settings: ShopSettings
    marks: Marks | None = None

    def of(
        self,
        items: Iterable[str],
        reasons: Mapping[str, Reason] | None = None,
        decision: str = "",
    ) -> list[Card]:
        """The cards of items, those that the shelf does not have left out."""
        found = [self.one(each, (reasons or {}).get(each), decision) for each in items]
        return [each for each in found if each is not None]

    def one(self, item: str, reason: Reason | None = None, decision: str = "") -> Card | None:
        """The card of an item; None for one that is not there, or not any more."""
        place = self.shelf.ids.index_of(item)
        if place < 0 or not self.shelf.offered[place]:
            return None
        title = self.shelf.title_of(place)
        mark = NO_MARK if self.marks is None else self.marks.on(item)
        return Card(
            item=item,
            title=tidy(title),
            year=self._year(place, title),
            categories=self.shelf.categories_of(place),
            image=self._image(place),
            mark=mark,
            reason=reason,
            decision=decision,
        )

    def _year(self, place: int, title: str) -> int | None:
        column = self.shelf.columns.columns.get(self.settings.year)
        if isinstance(column, NumberColumn) and np.isfinite(column.values[place]):
            return int(column.values[place])
        written = _YEAR.search(title)
        return int(written[1]) if written else None

    def _image(self, place: int) -> str:
        column = self.shelf.columns.columns.get(self.settings.image)
        if isinstance(column, TextColumn) and column.codes[place] >= 0:
            return column.names[int(column.codes[place])]
        return ""

    def people(self, place: int) -> list[str]:
        """The people in an item."""
        column = self.shelf.columns.columns.get(self.settings.people)
        if not isinstance(column, ListColumn):
            return []
        start, end = column.table.indptr[place : place + 2]
        return [column.names[each] for each in column.table.indices[start:end]]


def tidy(title: str) -> str:
    """A title as people say it.

    >>> tidy("Shawshank Redemption, The (1994)")
    'The Shawshank Redemption'
    >>> tidy("City of Lost Children, The (Cité des enfants perdus, La) (1995)")
    'The City of Lost Children (Cité des enfants perdus, La)'
    >>> tidy("2001: A Space Odyssey (1968)")
    '2001: A Space Odyssey'
    """
    bare = _YEAR.sub("", title) or title
    turned = _ARTICLE.match(bare)
    if not turned:
        return bare
    article = turned[2] if turned[2].endswith("'") else f"{turned[2]} "
    return f"{article}{turned[1]}{bare[turned.end() :]}"
