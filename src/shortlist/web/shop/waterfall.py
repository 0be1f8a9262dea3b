"""A score as steps: from everybody's beginning over what moved it to where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shortlist.serving.answers import Reason, Why

MOST: Final = 9
"""Steps that are shown one by one; all others are one step together."""


@dataclass(frozen=True)
class Step:
    """One bar: from where the score stood to where it stands after it."""

    name: str
    meaning: str
    value: float | None
    amount: float
    before: float
    after: float
    left: float
    """Where the bar begins, in percent of the width of all."""
    width: float


@dataclass(frozen=True)
class Waterfall:
    """The steps in order; each begins where the one before it ended."""

    base: float
    steps: Sequence[Step]
    score: float
    zero: float
    """Where zero lies, in percent."""


def waterfall(why: Why) -> Waterfall:
    """The contributions of an explanation as steps that add up to the score."""
    shown, rest = list(why.contributions[:MOST]), why.contributions[MOST:]
    left_over = sum(each.amount for each in rest)
    if rest:
        shown.append(Reason("", f"{len(rest)} smaller ones together", None, left_over))
    stands = [why.base]
    for each in shown:
        stands.append(stands[-1] + each.amount)
    low, high = min(0.0, *stands), max(0.0, *stands)
    scale = 100 / ((high - low) or 1)
    steps = [
        Step(
            name=each.column,
            meaning=each.meaning,
            value=each.value,
            amount=each.amount,
            before=before,
            after=after,
            left=round((min(before, after) - low) * scale, 2),
            width=round(max(abs(after - before) * scale, 0.6), 2),
        )
        for each, before, after in zip(shown, stands[:-1], stands[1:], strict=True)
    ]
    return Waterfall(why.base, steps, stands[-1], round(-low * scale, 2))
