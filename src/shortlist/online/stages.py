"""What is being compared, read from the log of steps: a challenger, and a champion under watch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shortlist.core.times import HOUR, Instant
from shortlist.online.bounds import Bounds
from shortlist.online.worker_settings import WorkerSettings
from shortlist.storage.facts.model_steps import ModelStep, Step

Verdict = Literal["promote", "reject", "settle", "roll_back"]
Kind = Literal["shadow", "watch"]

BEGINS: Final[Mapping[Step, Kind]] = {
    "shadowing": "shadow",
    "promoted": "watch",
    "watching": "watch",
}
"""Steps that begin a comparison, where they say since when. A promotion does, so that nobody who
dies right after it leaves a champion unwatched."""

ENDS: Final[Collection[Step]] = ("promoted", "rejected", "settled", "rolled_back")
"""Steps that end the comparison of their bundle."""


@dataclass(frozen=True)
class Comparison:
    """Two bundles that are asked the same."""

    kind: Kind
    """shadow: `model` may replace `against`, which answers. watch: `model` answers, and gives way
    to `against`, which answered before, when it falls behind."""
    model: str
    against: str
    since: int
    """The place in the log after which events count: neither learned from them."""
    began: Instant

    @property
    def answering(self) -> str:
        """The one of the two that answers."""
        return self.against if self.kind == "shadow" else self.model

    def stands(self, current: str | None) -> bool:
        """Whether it still is about what answers: somebody may have promoted another by hand."""
        return current == self.answering


def comparisons_of(steps: Sequence[ModelStep]) -> list[Comparison]:
    """The comparisons that were begun and are not ended, by the steps, the oldest first."""
    found: dict[str, Comparison] = {}
    for each in steps:
        against, since = each.against, each.detail.get("since")
        if each.step in ENDS:
            found.pop(each.bundle, None)
        kind = BEGINS.get(each.step)
        if kind and against and isinstance(since, int):
            found[each.bundle] = Comparison(kind, each.bundle, against, since, each.time)
    return list(found.values())


def verdict(
    comparison: Comparison, bounds: Bounds, now: Instant, settings: WorkerSettings
) -> tuple[Verdict, str] | None:
    """What the bounds allow to conclude, and why; None where more events are needed."""
    shadow = comparison.kind == "shadow"
    if bounds.upper < 0:
        return ("reject" if shadow else "roll_back"), "it is worse"
    if bounds.lower > -settings.margin:
        return ("promote" if shadow else "settle"), "it is no worse, but for the margin"
    late = now - comparison.began > settings.compared_hours * HOUR
    if bounds.n >= settings.compared_events or late:
        if bounds.n and bounds.mean < -settings.margin:
            why = "it may be worse, after all the events or hours of a comparison"
            return ("reject" if shadow else "roll_back"), why
        if shadow and not bounds.n:
            return "reject", "nothing was counted within the hours of a comparison"
        why = "it does not look worse, after all the events or hours of a comparison"
        return ("promote" if shadow else "settle"), why
    return None
