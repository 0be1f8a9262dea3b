"""What is searched: the settings by their paths, and what each may become.

A path is that of the settings file below `training`: `ranker.leaves`, `sources.spectral.weight`.
A source itself is a path as well (`sources.ease`), which is on or off.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from shortlist.retrieval import SOURCES
from shortlist.training.settings import TrainingSettings

OFF: Final = "off"
"""What is written for a source that is left out."""

Value = float | int | str
Changes = Mapping[str, Value]
"""The settings that differ from those the search began with, by path."""


ALWAYS_ON: Final = ("popularity", "trending", "als", "content")
"""Sources that stay on whatever a list gains without them: listings, questions for somebody new and
items that nobody chose yet need them, and a validation part measures none of these."""

STEP: Final = 0.15
"""How far a small step goes, as a share of the way between the ends (a standard deviation)."""


class Axis(ABC):
    """The values that a setting may have."""

    @abstractmethod
    def draw(self, lot: np.random.Generator) -> Value:
        """Any of them."""

    def near(self, value: Any, lot: np.random.Generator) -> Value:  # noqa: ARG002
        """One that is close to another, where values lie close to each other."""
        return self.draw(lot)


@dataclass(frozen=True)
class OneOf(Axis):
    """One of a few values."""

    values: tuple[Value, ...]

    def draw(self, lot: np.random.Generator) -> Value:
        return self.values[int(lot.integers(len(self.values)))]


@dataclass(frozen=True)
class Number(Axis):
    """A number between two, with three digits, so that it can be read and written by hand."""

    low: float
    high: float
    by_ratio: bool = True
    """Whether doubling is a step of the same size everywhere; else adding is."""
    whole: bool = False

    def draw(self, lot: np.random.Generator) -> Value:
        return self._at(float(lot.random()))

    def near(self, value: Any, lot: np.random.Generator) -> Value:
        if not isinstance(value, int | float):
            return self.draw(lot)
        within = min(self.high, max(self.low, float(value)))
        return self._at(self._place(within) + float(lot.normal(0, STEP)))

    def _place(self, value: float) -> float:
        """Where between the two ends a value lies, 0 to 1."""
        low, high, value = (
            (np.log(each) if self.by_ratio else each) for each in (self.low, self.high, value)
        )
        return float((value - low) / (high - low))

    def _at(self, place: float) -> Value:
        place = min(1.0, max(0.0, place))
        if self.by_ratio:
            value = self.low * (self.high / self.low) ** place
        else:
            value = self.low + (self.high - self.low) * place
        return round(value) if self.whole else float(f"{value:.3g}")


HALF_LIVES: Final = OneOf((2.0, 3.0, 5.0, 10.0, 20.0, 50.0, "none"))

AXES: Final[Mapping[str, Axis]] = {
    "retrieval.per_source": OneOf((50, 100, 150)),
    "ranker.learning_rate": Number(0.02, 0.15),
    "ranker.leaves": Number(7, 63, whole=True),
    "ranker.min_rows": Number(20, 400, whole=True),
    "ranker.column_share": Number(0.15, 1.0),
    "ranker.row_share": Number(0.4, 1.0, by_ratio=False),
    "ranker.l2": Number(1.0, 100.0),
    "ranker.truncation": OneOf((10, 20, 40)),
    "sources.trending.half_life_days": Number(3.0, 360.0),
    "sources.segment_popularity.prior": Number(1.0, 50.0),
    "sources.item_neighbours.shrinkage": Number(0.5, 100.0),
    "sources.item_neighbours.activity": Number(0.0, 1.0, by_ratio=False),
    "sources.item_neighbours.popularity": Number(0.1, 0.6, by_ratio=False),
    "sources.item_neighbours.half_life": HALF_LIVES,
    "sources.ease.l2": Number(20.0, 2000.0),
    "sources.ease.half_life": HALF_LIVES,
    "sources.als.factors": Number(16, 96, whole=True),
    "sources.als.l2": Number(5.0, 300.0),
    "sources.als.alpha": Number(1.0, 50.0),
    "sources.als.half_life": HALF_LIVES,
    "sources.spectral.vectors": Number(64, 768, whole=True),
    "sources.spectral.weight": Number(0.03, 1.0),
    "sources.spectral.sharpness": Number(0.0, 2.0, by_ratio=False),
    "sources.spectral.flatness": Number(1.0, 3.0),
    "sources.spectral.activity": Number(0.2, 1.0, by_ratio=False),
    "sources.spectral.popularity": Number(0.0, 0.5, by_ratio=False),
    "sources.spectral.half_life": HALF_LIVES,
    "sources.transitions.window": Number(3, 40, whole=True),
    "sources.transitions.decay": Number(0.6, 1.0, by_ratio=False),
    "sources.transitions.shrinkage": Number(0.5, 50.0),
    "sources.transitions.half_life": Number(1.5, 20.0),
    "sources.content.tag_weight": Number(0.5, 8.0),
    "sources.content.half_life": HALF_LIVES,
}
"""The settings that are searched. What costs memory or time at every request more than it can
bring (candidates, neighbours kept, words) is not among them."""


def axes_of(base: TrainingSettings) -> dict[str, Axis]:
    """What can be searched from these settings: their sources, and the settings of those."""
    found: dict[str, Axis] = {
        f"sources.{name}": OneOf(("on", OFF)) for name in base.sources if name not in ALWAYS_ON
    }
    for path, axis in AXES.items():
        part, _, rest = path.partition(".")
        if part != "sources" or rest.partition(".")[0] in base.sources:
            found[path] = axis
    return found


def value_at(settings: TrainingSettings, path: str) -> Any:
    """What a setting is; for a source that is left out what its recipe has."""
    part, *rest = path.split(".")
    if part != "sources":
        return getattr(getattr(settings, part), rest[0])
    name, *field = rest
    if not field:
        return "on" if name in settings.sources else OFF
    recipe = SOURCES[name].model_validate(settings.sources.get(name, {}))
    value = getattr(recipe, field[0])
    return "none" if value is None else value


def changed(base: TrainingSettings, changes: Changes) -> TrainingSettings:
    """The settings with some of them changed. Raises Invalid (of pydantic) for what cannot be."""
    told = base.model_dump()
    sources = {name: dict(settings) for name, settings in base.sources.items()}
    for path, value in changes.items():
        part, *rest = path.split(".")
        if part != "sources":
            told[part][rest[0]] = value
        elif len(rest) > 1 and rest[0] in sources:
            sources[rest[0]][rest[1]] = value
    for path, value in changes.items():
        if value == OFF:
            sources.pop(path.removeprefix("sources."), None)
    return TrainingSettings.model_validate(told | {"sources": sources})
