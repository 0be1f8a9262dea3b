"""Events in: checked, committed together, acknowledged after the commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from shortlist.core.clock import Clock
from shortlist.core.errors import FutureEvent
from shortlist.core.events import Event
from shortlist.core.times import DAY
from shortlist.serving.observer import Observer
from shortlist.storage.facts import Appended
from shortlist.storage.facts.writer import EventWriter

AHEAD: Final = DAY
"""How far in the future an event may claim to be: clocks differ, but not by days."""


@dataclass(frozen=True)
class Ingest:
    """Takes events in."""

    writer: EventWriter
    clock: Clock
    real: Clock
    """The machine's clock, against which claims about the future are held."""
    patience: float
    """Seconds an event may wait for its commit."""
    kept: Callable[[], None] = lambda: None
    """Called when there are new events in the log."""
    observer: Observer = field(default_factory=Observer)

    def take(self, events: Sequence[Event]) -> Appended:
        """Keep events; they are on disk when this returns. A known id is not kept twice.

        Raises FutureEvent for an event from the future, Overloaded where too many wait, and
        Unavailable where the commit takes too long: the same events may then be sent again.
        """
        latest = self.real.now() + AHEAD
        for place, each in enumerate(events):
            if each.time is not None and each.time > latest:
                raise FutureEvent(f"events[{place}].time is more than a day in the future")
        appended = self.writer.append(events, self.patience)
        if appended.accepted:
            self.observer.kept(appended.accepted)
            self.kept()
        return appended
