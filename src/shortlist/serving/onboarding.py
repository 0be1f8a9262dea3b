"""Questions for somebody new: which items to ask about next, and when it is enough.

Nothing is kept but events. What somebody answers is what they did, and an item they do not know is
an event too, of a kind that weighs nothing: whatever process asks next knows of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from shortlist.core.candidates import Items
from shortlist.core.clock import Clock
from shortlist.core.errors import StorageFailed, UnknownItem
from shortlist.core.events import Event, content_id
from shortlist.datasets.kinds import UNKNOWN, KindSettings
from shortlist.pipeline.questionnaire import Asking, Interview, Questionnaire
from shortlist.serving.histories import Histories
from shortlist.serving.ingest import Ingest
from shortlist.serving.onboarding_settings import OnboardingSettings
from shortlist.serving.questions import AskedItem, Questions, by_popularity, by_taste, taste_of
from shortlist.serving.shelf import Shelf, Shelves
from shortlist.storage.facts import Appended, EventRow

Opinion = Literal["like", "dislike", "unknown"] | float
"""What somebody says of an item; a number is a rating."""

DATABASE: Final = "database"
"""What is named where a user's events could not be read."""

NOTHING: Final = np.zeros(0, np.int32)


@dataclass(frozen=True)
class Told:
    """One answer: what somebody says of an item."""

    item: str
    opinion: Opinion


@dataclass(frozen=True)
class Answered:
    """What somebody knows of the items, and what they said they do not."""

    known: frozenset[str]
    unknown: frozenset[str]

    def __len__(self) -> int:
        return len(self.known) + len(self.unknown)


@dataclass(frozen=True)
class Onboarding:
    """Asks somebody new, and takes their answers."""

    shelves: Shelves
    histories: Histories
    ingest: Ingest
    kinds: Mapping[str, KindSettings]
    settings: OnboardingSettings
    clock: Clock

    def ask(self, user: str | None, number: int | None = None) -> Questions:
        """The next items to ask a user about; for somebody nobody knows, where nobody is named.

        Where the database does not answer, what was last known of them counts, and it is named.
        """
        degraded: list[str] = []
        try:
            rows = self.histories.read(user, None).rows
        except StorageFailed:
            rows, degraded = self.histories.last_known(user, None).rows, [DATABASE]
        answered, shelf = self._answered(rows), self.shelves.current
        wanted = min(number or self.settings.batch, self.settings.questions - len(answered))
        taste = taste_of(shelf)
        if taste is None:
            there = _places(shelf, answered.known | answered.unknown, len(shelf))
            items, learned = by_popularity(shelf, there, wanted), None
        else:
            items, learned = self._by_taste(shelf, taste, answered, wanted)
        return Questions(
            user=user,
            items=items,
            known=len(answered.known),
            unknown=len(answered.unknown),
            at_most=self.settings.questions,
            learned=learned,
            done=not items,
            method="popularity" if taste is None else "taste",
            degraded=degraded,
        )

    def take(self, user: str, told: Sequence[Told]) -> Appended:
        """Keep answers; the last one, where an item is answered more than once.

        The same answer that comes again is kept once. Raises UnknownItem for an item that is not
        there, and keeps nothing then; and what `Ingest.take` raises.
        """
        shelf, now = self.shelves.current, self.clock.now()
        for each in told:
            if each.item not in shelf.ids:
                raise UnknownItem(f"no item has the id {each.item!r}")
        last = {each.item: each for each in told}
        return self.ingest.take([self._event(user, each, now) for each in last.values()])

    def _answered(self, rows: Sequence[EventRow]) -> Answered:
        """What is known counts, however it became known."""
        silent = {name for name, kind in self.kinds.items() if kind.weight == 0}
        known = frozenset(row.item for row in rows if row.kind not in silent)
        unknown = frozenset(row.item for row in rows if row.kind == UNKNOWN)
        return Answered(known, unknown - known)

    def _by_taste(
        self, shelf: Shelf, taste: Questionnaire, answered: Answered, wanted: int
    ) -> tuple[list[AskedItem], float]:
        interview = taste.after(
            _places(shelf, answered.known, shelf.known),
            _places(shelf, answered.unknown, shelf.known),
        )
        asking = self._next(shelf, interview, wanted)
        if answered and asking:
            (first,) = self._next(shelf, taste.after(NOTHING, NOTHING), 1)
            if max(each.teaches for each in asking) < self.settings.enough * first.teaches:
                asking = []
        return by_taste(shelf, taste, asking), interview.learned

    def _next(self, shelf: Shelf, interview: Interview, number: int) -> Sequence[Asking]:
        allowed = None if shelf.all_offered else shelf.offered[: shelf.known]
        return interview.next(number, curiosity=self.settings.curiosity, allowed=allowed)

    def _event(self, user: str, told: Told, now: int) -> Event:
        value = None if isinstance(told.opinion, str) else float(told.opinion)
        kind = {
            "like": self.settings.like,
            "dislike": self.settings.dislike,
            "unknown": UNKNOWN,
        }.get(str(told.opinion), self.settings.rating)
        same = "\x1f".join(["onboarding", user, told.item, kind, repr(value)])
        return Event(user, told.item, kind, value, now, id=content_id(same.encode()))


def _places(shelf: Shelf, items: frozenset[str], limit: int) -> Items:
    """The items among the first of a shelf, ascending; those it does not have are left out."""
    places = np.sort(shelf.ids.indices_of([*items]))
    return places[(places >= 0) & (places < limit)]
