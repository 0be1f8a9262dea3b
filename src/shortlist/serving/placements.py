"""Placements are changed while lists are answered: checked, kept in versions, noted who did it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
import structlog

from shortlist.core.clock import Clock
from shortlist.core.errors import (
    BadPlacement,
    Conflict,
    Invalid,
    ShortlistError,
    UnknownPlacement,
)
from shortlist.serving.recipes import Recipes
from shortlist.serving.shelf import Shelves
from shortlist.slate import PlacementSettings, check_placement, complaints
from shortlist.storage.facts import Facts
from shortlist.storage.facts.placements import PlacementVersion

LOG = structlog.get_logger("shortlist.audit")

NAME: Final = r"^[a-z0-9_-]{1,100}$"
"""How placements are named."""

LARGEST: Final = 100_000
"""Letters of a recipe as it is kept."""

MOST: Final = 500
"""Placements that there may be."""


@dataclass(frozen=True)
class Placements:
    """The use cases of whoever runs the lists. Other processes follow within a moment."""

    facts: Facts
    recipes: Recipes
    shelves: Shelves
    sources: Sequence[str]
    """The sources that training knows."""
    clock: Clock

    def version(self, name: str) -> int:
        """The number of the newest version of a placement; 0 where it was never changed by hand."""
        held = self.recipes.now.versions.get(name)
        return 0 if held is None else held.version

    def by_hand(self, name: str) -> PlacementVersion | None:
        """The version in force of a placement that is not as the settings say."""
        held = self.recipes.now.versions.get(name)
        return None if held is None or held.content is None else held

    def history(self, name: str, limit: int) -> list[PlacementVersion]:
        """The versions of a placement, the newest first."""
        return self.facts.placements.of(name, limit)

    def complaints(self, recipe: PlacementSettings) -> Iterator[tuple[str, ShortlistError]]:
        """Everything that a recipe names and that is not there, and where it stands in it."""
        yield from complaints(recipe, self.shelves.current.columns)
        yield from self._strangers(recipe)

    def _strangers(self, recipe: PlacementSettings) -> Iterator[tuple[str, BadPlacement]]:
        """Sources that training does not know, and pinned items that are not in the catalogue."""
        for source in recipe.sources:
            if source not in self.sources:
                there = ", ".join(self.sources)
                yield (
                    f"sources.{source}",
                    BadPlacement(f"there is no such source; there are {there}"),
                )
        for place, pin in enumerate(recipe.pins):
            if self.shelves.current.ids.index_of(pin.item) < 0:
                yield f"pins.{place}.item", BadPlacement(f"no item has the id {pin.item}")

    def check(self, recipe: PlacementSettings) -> None:
        """Raises BadFilter or BadPlacement for the first complaint."""
        check_placement(recipe, self.shelves.current.columns)
        for where, error in self._strangers(recipe):
            raise BadPlacement(f"{where}: {error}")

    def put(
        self, name: str, recipe: PlacementSettings, *, who: str, after: int | None = None
    ) -> PlacementVersion:
        """Put a recipe in force from here on.

        Raises Invalid (BadFilter) or BadPlacement for one that cannot be, ChangedMeanwhile where
        the newest version is another than `after`.
        """
        if not re.fullmatch(NAME, name, re.ASCII):
            raise Invalid(f"a placement is named by small letters, digits, - and _: {name!r}")
        if name not in self.recipes and len(self.recipes) >= MOST:
            raise Conflict(f"there are {MOST} placements already, and no more may be")
        content = recipe.model_dump(mode="json", exclude_defaults=True)
        if len(orjson.dumps(content)) > LARGEST:
            raise Invalid(f"a recipe has at most {LARGEST:,} letters")
        self.check(recipe)
        return self._add(name, content, "placement.edit", who, after)

    def back(self, name: str, *, who: str, after: int | None = None) -> None:
        """Let the settings speak for a placement again; one that they do not name is gone.

        Raises UnknownPlacement where it was not changed by hand, and ChangedMeanwhile.
        """
        self.recipes.refresh()
        if self.by_hand(name) is None:
            raise UnknownPlacement(f"no placement {name!r} was changed by hand")
        self._add(name, None, "placement.back", who, after)

    def _add(
        self,
        name: str,
        content: dict[str, object] | None,
        what: str,
        who: str,
        after: int | None,
    ) -> PlacementVersion:
        now = self.clock.now()
        made = self.facts.placements.add(name, content, who=who, time=now, after=after)
        detail = {"version": made.version, "settings": [*content] if content is not None else []}
        LOG.info("changed", what=what, about=name, by=who, **detail)
        self.facts.audit.add(who, what, name, time=now, detail=detail)
        self.shelves.refresh()
        return made
