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
    comparison: Comparison,
    bounds: Bounds,
    now: Instant,
    settings: WorkerSettings,
    foretold: Bounds | None = None,
) -> tuple[Verdict, str] | None:
    """What the bounds allow to conclude, and why; None where more events are needed.

    With `foretold` a challenger has to take what is chosen for likelier than the champion does, or
    it learned nothing: so little may a few trees change that the margin would let anything pass.
    """
    shadow = comparison.kind == "shadow"
    unsure = foretold if shadow else None
    if bounds.upper < 0:
        return _worse(comparison), "it is worse"
    if foretold is not None and foretold.upper < 0:
        return _worse(comparison), "it foretells worse what is chosen"
    if bounds.lower > -settings.margin and (unsure is None or unsure.lower > 0):
        return _better(comparison), "it is no worse, but for the margin"
    late = now - comparison.began > settings.compared_hours * HOUR
    if bounds.n >= settings.compared_events or late:
        why = _against(bounds, settings, unsure, shadow=shadow)
        if why is not None:
            return _worse(comparison), why
        why = "it does not look worse, after all the events or hours of a comparison"
        return _better(comparison), why
    return None


def _against(
    bounds: Bounds, settings: WorkerSettings, foretold: Bounds | None, *, shadow: bool
) -> str | None:
    """What speaks against a model when its comparison has to end."""
    if bounds.n and bounds.mean < -settings.margin:
        return "it may be worse, after all the events or hours of a comparison"
    if shadow and not bounds.n:
        return "nothing was counted within the hours of a comparison"
    if foretold is not None and foretold.mean <= 0:
        return "it does not foretell better what is chosen"
    return None


def _worse(comparison: Comparison) -> Verdict:
    return "reject" if comparison.kind == "shadow" else "roll_back"


def _better(comparison: Comparison) -> Verdict:
    return "promote" if comparison.kind == "shadow" else "settle"
