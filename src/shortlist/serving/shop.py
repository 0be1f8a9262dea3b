"""The use cases of a storefront, together."""

from dataclasses import dataclass

from shortlist.core.errors import UnknownItem
from shortlist.serving.answers import Shown
from shortlist.serving.asked import Asked
from shortlist.serving.cards import Card
from shortlist.serving.feedback import Feedback
from shortlist.serving.home_rows import HomeRows, reasons_of
from shortlist.serving.marks import Marks
from shortlist.serving.openings import Openings
from shortlist.serving.search import Search
from shortlist.serving.shop_settings import ShopSettings


@dataclass(frozen=True)
class Explained:
    """Why an item would be in somebody's list, now."""

    shown: Shown
    card: Card
    """With the reason, and the person's own items it is about."""
    decision: str


@dataclass(frozen=True)
class Shop:
    """A home for everybody, search, opinions, and why."""

    home: HomeRows
    search: Search
    feedback: Feedback
    openings: Openings
    settings: ShopSettings

    def card(self, item: str, marks: Marks) -> Card:
        """One item, for somebody. Raises UnknownItem."""
        found = self.home.cards(marks).one(item)
        if found is None:
            raise UnknownItem(f"There is no {self.settings.noun} here by this address.")
        return found

    def similar(self, item: str, marks: Marks, limit: int) -> list[Card]:
        """Items like one, those that somebody knows among them. Raises UnknownItem."""
        listed = self.home.browse.similar(item, limit)
        return self.home.cards(marks).of(each.item for each in listed)

    def why(self, user: str, item: str, marks: Marks) -> Explained | None:
        """Why an item would be in somebody's list.

        None where it would not be: they have it already, or nothing trained knows it.
        """
        answer, _ = self.home.recommender.rank(Asked(user=user, explain=True), [item])
        explained = list(reasons_of(answer, self.home.cards(marks), without=item))
        if not explained or answer.items[0].why is None:
            return None
        card, reason = explained[0]
        told = Card(**{**vars(card), "reason": reason})
        return Explained(answer.items[0], told, answer.decision)
