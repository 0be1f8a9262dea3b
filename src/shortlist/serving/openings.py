"""An item opened from a list is an event that names the list, so that click-through can be told."""

from dataclasses import dataclass
from hashlib import blake2b

import structlog

from shortlist.core.clock import Clock
from shortlist.core.errors import ShortlistError, UnknownDecision
from shortlist.core.events import Event
from shortlist.serving.decisions import Decisions
from shortlist.serving.ingest import Ingest
from shortlist.serving.shop_settings import ShopSettings

LOG = structlog.get_logger("shortlist.shop")


@dataclass(frozen=True)
class Openings:
    """Keeps what was opened, once a list and item however often the page is loaded."""

    decisions: Decisions
    ingest: Ingest
    settings: ShopSettings
    clock: Clock

    def note(self, user: str, item: str, decision: str) -> bool:
        """Keep that somebody opened an item of a list; whether it counts.

        It does where the list was answered to them and has the item: nobody else's address and no
        invented one makes a click. A page is never refused for it.
        """
        try:
            row = self.decisions.get(decision, patience=0)
            if row.user != user or item not in [each["item"] for each in row.answer["items"]]:
                return False
            name = blake2b(f"{decision}\0{item}".encode(), digest_size=16).hexdigest()
            event = Event(
                user, item, self.settings.open, None, self.clock.now(), decision=decision, id=name
            )
            return self.ingest.take([event]).accepted == 1
        except UnknownDecision:
            return False
        except ShortlistError as error:
            LOG.warning("an opening is not kept", problem=str(error))
            return False
