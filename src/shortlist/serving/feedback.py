"""What somebody says of an item now takes the place of what they said before."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from shortlist.core.clock import Clock
from shortlist.core.errors import UnknownItem
from shortlist.core.events import Event
from shortlist.datasets.kinds import KindSettings
from shortlist.serving.histories import Histories
from shortlist.serving.ingest import Ingest
from shortlist.serving.marks import Mark, Marks
from shortlist.serving.shelf import Shelves
from shortlist.serving.shop_settings import ShopSettings
from shortlist.storage.facts import Facts


@dataclass(frozen=True)
class Feedback:
    """Takes opinions, takes them back, and forgets.

    What was said before stays in the log, followed by an event that takes it back: it counts until
    then and no longer. Only what somebody wants forgotten is erased.
    """

    facts: Facts
    ingest: Ingest
    histories: Histories
    shelves: Shelves
    settings: ShopSettings
    kinds: Mapping[str, KindSettings]
    clock: Clock

    def rate(self, user: str, item: str, stars: float, decision: str | None = None) -> None:
        """Give stars; a dislike is over, and the item is off the watchlist. Raises UnknownItem."""
        over = [self.settings.dislike, self.settings.save]
        self._say(user, item, self.settings.rating, over, decision, stars)

    def dislike(self, user: str, item: str, decision: str | None = None) -> None:
        """Say that it is of no interest; stars are taken back. Raises UnknownItem."""
        over = [self.settings.rating, self.settings.save]
        self._say(user, item, self.settings.dislike, over, decision)

    def save(self, user: str, item: str, decision: str | None = None) -> None:
        """Put it on the watchlist; a dislike is over. Raises UnknownItem."""
        self._say(user, item, self.settings.save, [self.settings.dislike], decision)

    def take_back(self, user: str, item: str, kind: str) -> None:
        """Take back what was said of one kind. Nothing happens where nothing was."""
        self._keep(self._ended(user, item, [kind]))

    def forget(self, user: str, item: str) -> int:
        """Erase every event of somebody with an item; how many there were."""
        gone = self.facts.erase_events(user, item)
        self.histories.forget(user)
        return gone

    def _say(
        self,
        user: str,
        item: str,
        kind: str,
        over: list[str],
        decision: str | None,
        value: float | None = None,
    ) -> None:
        if item not in self.shelves.current.ids:
            raise UnknownItem(f"no item has the id {item!r}")
        said = self._event(user, item, kind, value, decision or None)
        self._keep([*self._ended(user, item, over), said])

    def _keep(self, events: list[Event]) -> None:
        if events:
            self.ingest.take(events)

    def _ended(self, user: str, item: str, over: list[str]) -> list[Event]:
        """What takes back those of some kinds that stand.

        Where the settings have no event that takes one back, those that say it are erased.
        """
        mark = self._mark(user, item)
        found = []
        for kind in over:
            if self._stands(mark, kind):
                undoing = self._undoing(kind)
                if undoing is None:
                    self.facts.erase_events(user, item, kinds=[kind])
                    self.histories.forget(user)
                else:
                    found.append(self._event(user, item, undoing))
        return found

    def _undoing(self, kind: str) -> str | None:
        """The kind that takes back another and as little else as can be."""
        fitting = [
            (len(each.undoes), name)
            for name, each in self.kinds.items()
            if each.weight == 0 and kind in each.undoes
        ]
        return min(fitting)[1] if fitting else None

    def _event(
        self,
        user: str,
        item: str,
        kind: str,
        value: float | None = None,
        decision: str | None = None,
    ) -> Event:
        """With an id of its own: in a log whose clock stands still, saying it again is new."""
        id_ = secrets.token_hex(16)
        return Event(user, item, kind, value, self.clock.now(), decision=decision, id=id_)

    def _mark(self, user: str, item: str) -> Mark:
        rows = self.histories.read(user, None).rows
        return Marks.of(rows, self.settings, self.kinds).on(item)

    def _stands(self, mark: Mark, kind: str) -> bool:
        """Whether something of a kind is said of an item now."""
        standing = {
            self.settings.rating: mark.stars is not None,
            self.settings.dislike: mark.disliked,
            self.settings.save: mark.saved,
        }
        return standing.get(kind, False)
