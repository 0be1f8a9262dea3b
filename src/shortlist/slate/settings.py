"""The recipe of a placement: a named place that shows a list."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from shortlist.core.candidates import Times
from shortlist.core.errors import BadFilter
from shortlist.core.times import DAY, Instant
from shortlist.slate.filters import compile_filter

LONGEST_LIST = 500
NUMBER: JsonDict = {"type": "number"}
NOTHING: JsonDict = {"type": "null"}


def _readable(text: str) -> str:
    """The text of a filter, as it is, if its syntax is right."""
    try:
        compile_filter(text)
    except BadFilter as error:
        raise PydanticCustomError(
            "bad_filter",
            "at position {position}: {reason}",
            {"position": error.position, "reason": error.reason},
        ) from None
    return text


FilterText = Annotated[str, AfterValidator(_readable)]
"""A filter whose syntax was checked; names and kinds are checked against a catalogue later."""

Days = Annotated[float, Field(gt=0, le=36_525)]
Quota = Annotated[int, Field(ge=1, le=100_000)]
Position = Annotated[int, Field(ge=1, le=LONGEST_LIST)]


class Part(BaseModel):
    """A part of a recipe: it knows its names alone, and no number without end."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


class BoostSettings(Part):
    """Raises or lowers the items that pass a filter, before anything else is decided.

    Scores are brought to 0 to 1 within each list first, so that a boost means the same in all.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["factor"], "properties": {"factor": NUMBER, "add": NOTHING}},
                {"required": ["add"], "properties": {"add": NUMBER, "factor": NOTHING}},
            ]
        }
    )

    filter: FilterText
    """Which items are boosted."""

    factor: PositiveFloat | None = None
    """What the score is multiplied by; below 1 it lowers."""

    add: float | None = Field(default=None, ge=-10, le=10)
    """What is added to the score; 1 is the whole distance from the worst to the best."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.factor is None) == (self.add is None):
            raise ValueError("a boost has either a factor or something to add")
        return self


class PinSettings(Part):
    """Puts one item at one position."""

    item: str
    """The id of the item."""

    position: Position
    """Where it stands, from 1; the next free position where another pin was there first."""

    filter: FilterText | None = None
    """When it is pinned: the item, and the user who asks, must pass. Unset: always."""


class CapSettings(Part):
    """How many items of one list may share a value."""

    attribute: str
    """The attribute. An item with several values (categories) counts for each of them, one
    without any for none."""

    at_most: Quota
    """Items with the same value, at most."""


class RepeatSettings(Part):
    """Whether an item that is excluded by an event may be shown again."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["policy", "days"],
                    "properties": {"policy": {"const": "after"}, "days": NUMBER},
                },
                {"properties": {"policy": {"enum": ["never", "always"]}, "days": NOTHING}},
            ]
        }
    )

    policy: Literal["never", "always", "after"] = "never"
    """Never; always, so that nothing is excluded; or `after` some days."""

    days: Days | None = None
    """How many days after the event; with `after`, and only then."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.policy == "after") != (self.days is not None):
            raise ValueError('policy = "after" and days go together')
        return self

    def holds_back(self, times: Times, now: Instant) -> npt.NDArray[np.bool_]:
        """Which events of these instants still keep their item out of the lists of now.

        An event of which nobody recorded the time is longer ago than any number of days.
        """
        if self.days is None:
            return np.full(len(times), self.policy == "never")
        return times > now - int(self.days * DAY)


class FatigueSettings(Part):
    """Gives a rest to what was shown again and again and not taken up.

    It reads what the application says was shown: events of the kind `impression`.
    """

    after: Quota
    """How often an item is shown in vain before it rests; any other event of the user with it, a
    click say, begins the count anew."""

    days: Days = 7.0
    """Days that an impression counts: the item rests until fewer than `after` are so young."""

    def holds_back(
        self,
        items: npt.NDArray[np.generic],
        shown: npt.NDArray[np.bool_],
        telling: npt.NDArray[np.bool_],
        times: Times,
        now: Instant,
    ) -> npt.NDArray[np.bool_]:
        """Which events of one user are impressions that keep their item out of the lists of now.

        The columns are the user's events, oldest first: the item, whether it was only shown,
        whether the event says something of the user's interest, and its instant.
        """
        _, place = np.unique(items, return_inverse=True)
        order = np.arange(len(items))
        last = np.full(len(items), -1)
        np.maximum.at(last, place[telling], order[telling])
        counts = shown & (order > last[place]) & (times > now - int(self.days * DAY))
        vain = np.bincount(place[counts], minlength=len(items))
        held: npt.NDArray[np.bool_] = counts & (vain[place] >= self.after)
        return held


class EpsilonSettings(Part):
    """Now and then an item drawn evenly from all that may stand at the position."""

    policy: Literal["epsilon"]
    """The kind of exploration."""

    epsilon: float = Field(default=0.1, gt=0, le=1)
    """The probability that a position takes a drawn item and not the best one."""

    slots: tuple[Position, ...] | None = None
    """The positions that explore, from 1; unset: all of the first page."""


class SoftmaxSettings(Part):
    """Every position is drawn, better items more often (Plackett-Luce)."""

    policy: Literal["softmax"]
    """The kind of exploration."""

    temperature: float = Field(default=0.1, ge=0.001, le=100)
    """How freely it is drawn. An item whose value is higher by so much, on the scale of 0 to 1,
    is drawn 2.7 times as often."""

    slots: tuple[Position, ...] | None = None
    """The positions that explore, from 1; unset: all of the first page."""


ExplorationSettings = Annotated[EpsilonSettings | SoftmaxSettings, Field(discriminator="policy")]


class PlacementSettings(Part):
    """What is shown in one place of an application, and by which rules."""

    sources: Mapping[str, Quota] = Field(default_factory=dict)
    """The sources that are asked and how many items each may propose. Empty: all, with the
    quota of training."""

    filter: FilterText | None = None
    """What may be shown at all; it is asked before ranking, so that the list is full."""

    boosts: tuple[BoostSettings, ...] = ()
    """What is raised or lowered, in this order."""

    pins: tuple[PinSettings, ...] = ()
    """Items that stand at given positions."""

    exclude_kinds: tuple[str, ...] | None = None
    """Kinds of events after which an item is not shown to its user again. Unset: those that
    mean the user has it, as the settings of the kinds say."""

    repeat: RepeatSettings = RepeatSettings()
    """Whether what is excluded may return; `repeat = "always"` is short for its policy alone."""

    fatigue: FatigueSettings | None = None
    """When what was shown in vain rests; unset: never."""

    diversity: float = Field(default=0.0, ge=0, le=1)
    """How much unlikeness to the items above counts beside the score: 0 not at all, 1 alone."""

    diversity_by: Literal["content", "categories"] = "content"
    """What makes two items alike: all that is said of them, or their categories."""

    caps: tuple[CapSettings, ...] = ()
    """How many items may share a value; where a list cannot be filled otherwise, the last one
    gives way first."""

    exploration: ExplorationSettings | None = None
    """How items are tried that are not the best; unset: not at all."""

    size: int = Field(default=10, ge=1, le=LONGEST_LIST)
    """Items of a page, unless the request says how many."""

    explain: bool = False
    """Whether reasons are given without being asked for."""

    @field_validator("repeat", mode="before")
    @classmethod
    def _spell_out(cls, repeat: object) -> object:
        return {"policy": repeat} if isinstance(repeat, str) else repeat
