"""All that decides an answer beside the model and the log: fixed before the work begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from shortlist.datasets.history import History, Kinds
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.serving.asked import Asked
from shortlist.serving.engine import Loaded
from shortlist.serving.settings import ServingSettings
from shortlist.serving.shelf import Shelf
from shortlist.slate import Filter, Placement, compile_filter

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """One answer, decided on and not yet worked out."""

    decision: str
    asked: Asked
    time: int
    """The instant of the question."""
    size: int
    """How many items are shown."""
    placement: Placement
    loaded: Loaded | None
    shelf: Shelf
    kinds: Kinds
    settings: ServingSettings
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What filters know of the user."""
    silent: frozenset[str] = frozenset()
    """Sources that are not asked, because they rest; and in a replay all parts that were left out
    when the list was first made."""

    @property
    def seed(self) -> int:
        """What chance is drawn from: the decision's own id."""
        return int(self.decision[-15:], 16)

    @property
    def online(self) -> int | None:
        """The number of the newest event that the model knows; None where it is as trained."""
        learned = (
            self.loaded is not None and self.loaded.first is not None and not self.loaded.stuck
        )
        return self.loaded.sequence if self.loaded is not None and learned else None

    @property
    def placement_document(self) -> Mapping[str, Any]:
        """The placement's settings that are not the defaults, as they are kept."""
        return self.placement.document

    @cached_property
    def condition(self) -> Filter | None:
        """The caller's own filter. Raises BadFilter."""
        text = self.asked.filter
        return compile_filter(text, self.shelf.columns) if text else None

    @property
    def asks_user(self) -> bool:
        """Whether a filter asks for the user's stored attributes."""
        own = self.condition is not None and self.condition.asks_user
        return self.asked.user is not None and (own or self.placement.asks_user)

    def excluded(self, history: History) -> Mask | None:
        """Which events of a history take their item out of the list, as the placement says.

        None where it says nothing: those by which the user has the item.
        """
        settings = self.placement.settings
        kinds, repeat, fatigue = settings.exclude_kinds, settings.repeat, settings.fatigue
        if kinds is None and repeat.policy == "never" and fatigue is None:
            return None
        taken = history.chosen if kinds is None else history.of_kinds(kinds)
        held: Mask = taken & repeat.holds_back(history.times, self.time)
        if fatigue is not None:
            shown, telling = history.of_kinds((IMPRESSION,)), history.weights != 0
            held |= fatigue.holds_back(history.items, shown, telling, history.times, self.time)
        return held
