"""What an event of each kind says about the user's interest, and how loudly."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator

Floats = npt.NDArray[np.float32]


class KindSettings(BaseModel):
    """How events of one kind are weighed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    weight: float = 1.0
    """What an event counts for; zero is not evidence (an impression), negative is a dislike."""

    transform: Literal["none", "linear", "threshold", "log"] = "none"
    """How the event's value scales the weight: not at all; from 0 at `low` to 1 at `high`;
    1 from `high` on and 0 below; or log(1 + value)."""

    low: float = 0.0
    """The value that counts for nothing (`linear`)."""

    high: float = 1.0
    """The value that counts in full (`linear`, `threshold`)."""

    like_from: float | None = None
    """Values from here on are likes; without it every event of positive weight is one."""

    chosen: bool | None = None
    """Whether such an event means the user now has the item, so that it is not recommended
    again. Unset: yes where the weight is not zero."""

    replaces: bool = False
    """Whether a later event of this kind takes the place of the same user's earlier one on the
    same item: a rating that was changed counts as it is now."""

    undoes: tuple[str, ...] = ()
    """Kinds of which such an event takes back what the same user said of the same item before:
    `unlike` undoes `like`."""

    @model_validator(mode="after")
    def _check(self) -> "KindSettings":
        if self.transform == "linear" and not self.low < self.high:
            raise ValueError("a linear transform needs low < high")
        return self

    @property
    def is_choice(self) -> bool:
        """Whether such an event takes the item out of the user's future lists."""
        return self.weight != 0 if self.chosen is None else self.chosen

    def weigh(self, values: Floats) -> Floats:
        """The weight of events with these values (NaN: no value, which counts in full)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scale: Floats
            match self.transform:
                case "none":
                    scale = np.ones_like(values)
                case "linear":
                    span = self.high - self.low
                    scale = np.clip((values - np.float32(self.low)) / np.float32(span), 0, 1)
                case "threshold":
                    scale = (values >= self.high).astype(np.float32)
                case "log":
                    scale = np.log1p(np.maximum(values, 0))
        return np.where(np.isnan(values), 1, scale).astype(np.float32) * np.float32(self.weight)

    def likes(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Which events with these values are likes."""
        if self.weight <= 0:
            return np.zeros(len(values), bool)
        if self.like_from is None:
            return self.weigh(values) > 0
        return np.isnan(values) | (values >= self.like_from)


DEFAULT_KIND = KindSettings()

UNKNOWN = "unknown"
"""The kind of an event that says somebody does not know an item they were asked about."""

OPINIONS = ("like", "dislike", "rating", "rating10")
"""Kinds by which somebody says what they think of an item."""

DEFAULT_KINDS: Mapping[str, KindSettings] = {
    "impression": KindSettings(weight=0),
    "tag": KindSettings(weight=0),
    UNKNOWN: KindSettings(weight=0),
    "open": KindSettings(weight=0),
    "view": KindSettings(weight=0.5),
    "click": KindSettings(weight=1),
    "play": KindSettings(weight=1, transform="log"),
    "save": KindSettings(weight=0.5, replaces=True),
    "unsave": KindSettings(weight=0, undoes=("save",)),
    "like": KindSettings(weight=2, replaces=True, undoes=("dislike",)),
    "unlike": KindSettings(weight=0, undoes=("like",)),
    "dislike": KindSettings(weight=-1, replaces=True, undoes=("like",)),
    "undislike": KindSettings(weight=0, undoes=("dislike",)),
    "purchase": KindSettings(weight=3),
    "return": KindSettings(weight=0, undoes=("purchase",)),
    "rating": KindSettings(weight=1, transform="linear", low=0, high=5, like_from=4, replaces=True),
    "rating10": KindSettings(
        weight=1, transform="linear", low=0, high=10, like_from=8, replaces=True
    ),
    "unrate": KindSettings(weight=0, undoes=("rating", "rating10")),
    "undo": KindSettings(weight=0, undoes=OPINIONS),
}
"""Kinds we know; any other counts as a positive of weight 1 until a setting says otherwise."""


def take_backs(
    kinds: Mapping[str, KindSettings], names: Sequence[str]
) -> tuple[tuple[int, int], ...]:
    """Pairs of places among the names: the first kind takes back the second.

    >>> take_backs(DEFAULT_KINDS, ["view", "rating", "unrate"])
    ((1, 1), (2, 1))
    """
    place = {name: at for at, name in enumerate(names)}
    found = []
    for name, at in place.items():
        settings = kinds.get(name, DEFAULT_KIND)
        undone = [*([name] if settings.replaces else []), *settings.undoes]
        found += [(at, place[each]) for each in dict.fromkeys(undone) if each in place]
    return tuple(found)
