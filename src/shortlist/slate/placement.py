"""A placement made ready for a catalogue: filters read, masks computed, pinned items found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from shortlist.core.candidates import Items
from shortlist.core.errors import BadFilter, BadPlacement
from shortlist.datasets.columns import Kind, ListColumn, Mask, TextColumn
from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate.filters import compile_filter
from shortlist.slate.filters.complaint import did_you_mean
from shortlist.slate.filters.filter import NOBODY
from shortlist.slate.likeness import Likeness
from shortlist.slate.selection import Selection
from shortlist.slate.settings import BoostSettings, PinSettings, PlacementSettings


@dataclass(frozen=True)
class Pin:
    """An item of the catalogue that stands at a position."""

    item: int
    place: int
    """The position, from 0."""
    when: Selection | None


@dataclass(frozen=True)
class Placement:
    """A recipe and the catalogue it is for; threads share it, and it is kept until items change.

    What it needs is made when it is first asked for. It never fails over names or kinds, which
    may change with the items; `check_placement` is for that.
    """

    settings: PlacementSettings
    columns: ItemColumns
    content: csr_array | None = None
    """items x terms, any weights, in the order of the columns: what diversity by content looks at.
    Rows may be missing at the end. Without it diversity goes by categories."""

    def mask(self, user: Mapping[str, object] = NOBODY) -> Mask | None:
        """Which items of the catalogue may be shown to a user; None where all may.

        Ask before ranking, so that lists are full. Not to be written to.
        """
        return self._filter.mask(user) if self._filter else None

    def quotas(self, sources: Iterable[str]) -> dict[str, int] | None:
        """How much each of the sources that there are may propose; None leaves it to training."""
        wanted = self.settings.sources
        return {name: wanted[name] for name in sources if name in wanted} or None

    def pinned(self, user: Mapping[str, object] = NOBODY) -> list[Pin]:
        """The pins that apply for a user, in the order of the recipe."""
        if not self._pins:
            return []
        allowed = self.mask(user)
        return [
            pin
            for pin in self._pins
            if (allowed is None or allowed[pin.item])
            and (pin.when is None or pin.when.mask(user)[pin.item])
        ]

    def pinned_items(self, user: Mapping[str, object] = NOBODY) -> Items:
        """The items of `pinned`, each once, ascending: to be added to the candidates."""
        return np.unique(np.array([pin.item for pin in self.pinned(user)], np.int32))

    @cached_property
    def plain(self) -> bool:
        """Whether nothing but the scores decides what is shown where."""
        settings = self.settings
        rules = settings.boosts or settings.pins or settings.caps or settings.exploration
        return not (rules or settings.diversity)

    @cached_property
    def document(self) -> Mapping[str, object]:
        """The settings that are not the defaults, as JSON has them."""
        return self.settings.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def asks_user(self) -> bool:
        """Whether any of its filters asks for attributes of the user."""
        whens = [pin.when for pin in self._pins]
        selections = [self._filter, *whens, *(selection for selection, _ in self.boosts)]
        return any(each is not None and each.filter.asks_user for each in selections)

    @cached_property
    def boosts(self) -> tuple[tuple[Selection, BoostSettings], ...]:
        """What is boosted, and how."""
        found = self.settings.boosts
        return tuple((Selection.of(each.filter, self.columns), each) for each in found)

    @cached_property
    def likeness(self) -> Likeness | None:
        """How alike items are; None where diversity is off or nothing is known."""
        settings, categories = self.settings, self.columns.columns.get("categories")
        if not settings.diversity:
            return None
        if self.content is not None and settings.diversity_by == "content":
            return Likeness.of(self.content, len(self.columns))
        return Likeness.of(categories.table) if isinstance(categories, ListColumn) else None

    @cached_property
    def _filter(self) -> Selection | None:
        text = self.settings.filter
        return None if text is None else Selection.of(text, self.columns)

    @cached_property
    def _pins(self) -> tuple[Pin, ...]:
        """The pins whose item is in the catalogue."""
        ids = self.columns.columns.get("id")
        if not isinstance(ids, TextColumn):
            return ()
        return tuple(
            Pin(int(item), pin.position - 1, _when(pin, self.columns))
            for pin in self.settings.pins
            for item in np.flatnonzero(ids.codes == ids.code_of(pin.item))
        )


def check_placement(settings: PlacementSettings, schema: ItemColumns | Mapping[str, Kind]) -> None:
    """Whether everything a recipe names is there, and of the right kind.

    Raises BadFilter (which of the filters, and the position in it) or BadPlacement.
    """
    for where, error in complaints(settings, schema):
        if isinstance(error, BadFilter):
            raise BadFilter(
                f"{where}: {error}",
                text=error.text,
                position=error.position,
                reason=f"{where}: {error.reason}",
            )
        raise BadPlacement(f"{where}: {error}")


def complaints(
    settings: PlacementSettings, schema: ItemColumns | Mapping[str, Kind]
) -> Iterator[tuple[str, BadFilter | BadPlacement]]:
    """Everything that a recipe names and that is not there or of another kind, and where."""
    for where, text in _filters(settings):
        try:
            compile_filter(text, schema)
        except BadFilter as error:
            yield where, error
    known = schema.schema if isinstance(schema, ItemColumns) else schema
    for place, cap in enumerate(settings.caps):
        if cap.attribute not in known:
            near = did_you_mean(cap.attribute, known)
            said = f"no item has an attribute {cap.attribute}. {near}".strip()
            yield f"caps.{place}.attribute", BadPlacement(said)


def _filters(settings: PlacementSettings) -> Iterator[tuple[str, str]]:
    """Every filter of a recipe, and where it stands."""
    if settings.filter:
        yield "filter", settings.filter
    for place, boost in enumerate(settings.boosts):
        yield f"boosts.{place}.filter", boost.filter
    for place, pin in enumerate(settings.pins):
        if pin.filter:
            yield f"pins.{place}.filter", pin.filter


def _when(pin: PinSettings, columns: ItemColumns) -> Selection | None:
    return None if pin.filter is None else Selection.of(pin.filter, columns)
