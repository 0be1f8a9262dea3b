"""What somebody says of an item now takes the place of what they said before."""

from collections.abc import Sequence
from dataclasses import dataclass

from shortlist.core.clock import Clock
from shortlist.core.errors import UnknownItem
from shortlist.core.events import Event
from shortlist.serving.histories import Histories
from shortlist.serving.ingest import Ingest
from shortlist.serving.shelf import Shelves
from shortlist.serving.shop_settings import ShopSettings
from shortlist.storage.facts import Facts


@dataclass(frozen=True)
class Feedback:
    """Takes opinions, and takes them back.

    An opinion is one event. The one it replaces is erased after the new one is on disk, so that
    neither a crash in between nor a person who changes their mind leaves the log with none or two.
    """

    facts: Facts
    ingest: Ingest
    histories: Histories
    shelves: Shelves
    settings: ShopSettings
    clock: Clock

    def rate(self, user: str, item: str, stars: float, decision: str | None = None) -> None:
        """Give stars; a dislike is over, and the item is off the watchlist. Raises UnknownItem."""
        self._say(user, item, self.settings.rating, stars, decision)

    def dislike(self, user: str, item: str, decision: str | None = None) -> None:
        """Say that it is of no interest; stars are taken back. Raises UnknownItem."""
        self._say(user, item, self.settings.dislike, None, decision)

    def save(self, user: str, item: str, decision: str | None = None) -> None:
        """Put it on the watchlist; a dislike is over. Raises UnknownItem."""
        settings = self.settings
        self._say(user, item, settings.save, None, decision, over=[settings.dislike, settings.save])

    def take_back(self, user: str, item: str, kind: str) -> int:
        """Erase what was said of one kind; how many events that were."""
        return self._erase(user, item, [kind])

    def forget(self, user: str, item: str) -> int:
        """Erase every event of somebody with an item; how many there were."""
        return self._erase(user, item, None)

    def _say(
        self,
        user: str,
        item: str,
        kind: str,
        value: float | None,
        decision: str | None,
        over: Sequence[str] | None = None,
    ) -> None:
        if item not in self.shelves.current.ids:
            raise UnknownItem(f"no item has the id {item!r}")
        event = Event(user, item, kind, value, self.clock.now(), decision=decision or None)
        self.ingest.take([event])
        settings = self.settings
        before = over or [settings.rating, settings.dislike, settings.save]
        self._erase(user, item, before, keep=event.id)

    def _erase(self, user: str, item: str, kinds: Sequence[str] | None, keep: str = "") -> int:
        gone = self.facts.erase_events(user, item, kinds=kinds, keep=keep)
        if gone:
            self.histories.forget(user)
        return gone
