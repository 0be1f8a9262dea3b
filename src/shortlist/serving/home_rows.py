"""A person's home: rows of items, each with the reason why it is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shortlist.datasets.kinds import KindSettings
from shortlist.pipeline.reasons import BY_SOURCE
from shortlist.serving.answers import Answer
from shortlist.serving.asked import Asked
from shortlist.serving.browse import Browse
from shortlist.serving.cards import Card, Cards, Reason
from shortlist.serving.histories import Histories
from shortlist.serving.marks import Marks
from shortlist.serving.recommend import Recommender
from shortlist.serving.search import Search, Wanted
from shortlist.serving.shelf import Shelves
from shortlist.serving.shop_settings import RowSettings, ShopSettings
from shortlist.serving.tastes import tastes_of, usual_shares

DEEP: Final = 150
"""Items of the one list that rows of categories are taken from."""

SHORTEST: Final = 4
"""Items without which a row is not worth its place."""

MORE: Final = 100
"""Items looked through beyond those shown, for those that somebody does not know yet."""


@dataclass(frozen=True)
class Row:
    """Some items under a heading."""

    key: str
    """Names the row, the same each time."""
    title: str
    cards: Sequence[Card]
    about: Card | None = None
    """The item it is about, where it is about one."""
    category: str = ""
    """The category it is of, where it is of one."""


@dataclass
class _Shown:
    """What stands in a row already: nothing is shown twice."""

    items: set[str] = field(default_factory=set)

    def fresh(self, items: Iterator[str], marks: Marks, size: int) -> list[str]:
        found: list[str] = []
        for item in items:
            if len(found) == size:
                break
            if item not in self.items and not marks.has(item):
                found.append(item)
        return found


@dataclass(frozen=True)
class HomeRows:
    """Makes the rows of a home, as the settings order them."""

    recommender: Recommender
    browse: Browse
    search: Search
    shelves: Shelves
    histories: Histories
    settings: ShopSettings
    kinds: Mapping[str, KindSettings]

    def marks(self, user: str) -> Marks:
        """What somebody said of each item. Raises StorageFailed."""
        return Marks.of(self.histories.read(user, None).rows, self.settings, self.kinds)

    def cards(self, marks: Marks | None = None) -> Cards:
        """What makes cards, for somebody."""
        return Cards(self.shelves.current, self.settings, marks)

    def rows(self, user: str) -> list[Row]:
        """The rows of somebody's home; those with next to nothing in them are left out."""
        marks, shown = self.marks(user), _Shown()
        found: list[Row] = []
        for place, recipe in enumerate(self.settings.all_rows):
            for row in self._made(f"{recipe.kind}-{place}", recipe, user, marks, shown):
                if len(row.cards) >= min(SHORTEST, recipe.size):
                    shown.items.update(each.item for each in row.cards)
                    found.append(row)
        return found

    def _made(
        self, key: str, recipe: RowSettings, user: str, marks: Marks, shown: _Shown
    ) -> Iterator[Row]:
        match recipe.kind:
            case "placement":
                yield self._placement(key, recipe, user, marks)
            case "because":
                yield from self._because(key, recipe, marks, shown)
            case "categories":
                yield from self._categories(key, recipe, user, marks, shown)
            case "trending" | "new":
                yield self._alike_for_all(key, recipe, marks, shown)

    def _placement(self, key: str, recipe: RowSettings, user: str, marks: Marks) -> Row:
        answer = self.recommender.recommend(
            Asked(user=user, placement=recipe.placement, limit=recipe.size, explain=True)
        )
        reasons = {each.item: reason for each, reason in reasons_of(answer, self.cards(marks))}
        items = [each.item for each in answer.items]
        return Row(key, recipe.title, self.cards(marks).of(items, reasons, answer.decision))

    def _because(self, key: str, recipe: RowSettings, marks: Marks, shown: _Shown) -> Iterator[Row]:
        cards = self.cards(marks)
        liked = (cards.one(item) for item in marks.liked)
        abouts = [each for each in (next(liked, None) for _ in range(recipe.number)) if each]
        for about in abouts:
            similar = self.browse.similar(about.item, recipe.size + MORE)
            items = shown.fresh((each.item for each in similar), marks, recipe.size)
            reasons = {item: Reason(_shared(about, cards.one(item))) for item in items}
            title = recipe.title.replace("{item}", about.title)
            yield Row(f"{key}-{about.item}", title, cards.of(items, reasons), about=about)

    def _categories(
        self, key: str, recipe: RowSettings, user: str, marks: Marks, shown: _Shown
    ) -> Iterator[Row]:
        answer = self.recommender.recommend(
            Asked(user=user, placement=recipe.placement, limit=DEEP)
        )
        cards, ids = self.cards(marks), self.shelves.current.ids
        places = {each.item: ids.index_of(each.item) for each in answer.items}
        made = 0
        for category, said in self._leanings(marks):
            within = self.shelves.current.having(category)
            own = (item for item, place in places.items() if place in within)
            items = shown.fresh(own, marks, recipe.size)
            if made < recipe.number and len(items) >= SHORTEST:
                made += 1
                title = recipe.title.replace("{category}", category)
                reasons = dict.fromkeys(items, Reason(said))
                of = cards.of(items, reasons, answer.decision)
                yield Row(f"{key}-{category}", title, of, category=category)

    def _leanings(self, marks: Marks) -> Iterator[tuple[str, str]]:
        """Categories, those first that somebody leans to, and what that is seen by."""
        shelf = self.shelves.current
        for taste in tastes_of(marks, shelf):
            stars = f", with {taste.stars:.1f} stars on average" if taste.stars else ""
            yield taste.category, f"You chose {taste.chosen} of {taste.category}{stars}."
        for category in sorted(usual := dict(usual_shares(shelf)), key=lambda each: -usual[each]):
            yield category, f"Among the best of {category}."

    def _alike_for_all(self, key: str, recipe: RowSettings, marks: Marks, shown: _Shown) -> Row:
        cards, wanted = self.cards(marks), recipe.size + MORE + len(shown.items)
        if recipe.kind == "trending":
            listed = [each.item for each in self.browse.top("trending", wanted)]
        elif self.search.years() is not None:
            listed = list(self.search.find(Wanted(order="newest"), limit=wanted).items)
        else:
            listed = [each.item for each in self.browse.top("new", wanted)]
        items = shown.fresh(iter(listed), marks, recipe.size)
        reasons = {each: Reason(self._said(recipe, cards.one(each))) for each in items}
        return Row(key, recipe.title, cards.of(items, reasons))

    def _said(self, recipe: RowSettings, card: Card | None) -> str:
        if recipe.kind == "trending":
            return "Many people choose it these days."
        return f"New: from {card.year}." if card and card.year else "Just added."


def reasons_of(answer: Answer, cards: Cards, *, without: str = "") -> Iterator[tuple[Card, Reason]]:
    """The reason of each item of an explained list: the person's own items where they speak.

    Where the list was not explained in time, it is the source that proposed the item. One item may
    be left out of the reasons: what somebody says of an item is no reason for it.
    """
    for each in answer.items:
        card = cards.one(each.item)
        if card is None:
            continue
        if each.why is None:
            yield card, Reason(_by_source(each.sources, card))
            continue
        told = ((cards.one(because.item), because) for because in each.why.because)
        because = [(own, driver) for own, driver in told if own and own.item != without]
        yield card, Reason(each.why.reason, because)


def _by_source(sources: Sequence[str], card: Card) -> str:
    """What it means that a source proposed an item."""
    said = next((BY_SOURCE[each] for each in sources if each in BY_SOURCE), BY_SOURCE["popularity"])
    return said.format(categories=" and ".join(card.categories[:2]) or "such things")


def _shared(about: Card, card: Card | None) -> str:
    """What two items have in common, as far as people can be told."""
    shared = [] if card is None else [each for each in card.categories if each in about.categories]
    if not shared:
        return "The same people choose it."
    return f"Also {' and '.join(shared[:2])}; the same people choose it."
