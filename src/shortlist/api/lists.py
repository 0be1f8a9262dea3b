"""Recommended lists as they are answered."""

from typing import Any

from pydantic import ConfigDict

from shortlist.api.fields import Answer
from shortlist.serving import answers


class Contribution(Answer):
    column: str
    meaning: str
    """What the column says."""
    value: float | None
    amount: float
    """What it added to the score."""


class BecauseOf(Answer):
    item: str
    value: float | None
    """The rating or other value of the user's own event."""
    share: float
    """Its share of what all the user's events say for the item."""


class Explanation(Answer):
    reason: str
    """One sentence for the person who reads the list."""
    base: float
    """The score of nobody in particular; with all contributions it sums to the ranker's score."""
    contributions: list[Contribution]
    because: list[BecauseOf]


class RecommendedItem(Answer):
    item: str
    position: int
    """0 is the first of the whole list, over all its pages."""
    score: float
    """What it was ordered by; comparable within one list only."""
    probability: float | None
    """How likely the user is to choose it; null where the ranker could not say."""
    sources: list[str]
    """The sources that proposed it, the keenest first."""
    propensity: float
    """How likely the placement was to put it here, given what stands above it; 1 without chance."""
    pinned: bool
    """Whether a rule put it here."""
    explanation: Explanation | None = None


class RecommendedList(Answer):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "decision": "019ab31f6e07c1f2aa40d7b2c3e4f5a6",
                    "bundle": "20260101T000000-1f2e3d",
                    "placement": "default",
                    "items": [
                        {
                            "item": "i1",
                            "position": 0,
                            "score": 1.2,
                            "probability": 0.31,
                            "sources": ["als", "transitions"],
                            "propensity": 1.0,
                            "pinned": False,
                        }
                    ],
                    "degraded": [],
                    "next": None,
                    "relaxed": [],
                    "diversity_price": 0.0,
                }
            ]
        }
    )

    decision: str
    """The id of this answer: give it back with the events that follow from it."""
    bundle: str | None
    """What was trained together and answered; null while nothing is trained."""
    placement: str
    items: list[RecommendedItem]
    degraded: list[str]
    """Parts that were left out of this answer because they failed or were late."""
    next: str | None
    """The cursor of the next page of the same list; null at its end."""
    relaxed: list[str]
    """Rules of the placement that could not be kept without shortening the list."""
    diversity_price: float
    """The share of the plain list's score that diversity and caps gave up."""


def document(answer: answers.Answer) -> dict[str, Any]:
    """A list as JSON."""
    return {
        "decision": answer.decision,
        "bundle": answer.bundle,
        "placement": answer.placement,
        "items": [_item(each) for each in answer.items],
        "degraded": list(answer.degraded),
        "next": answer.next,
        "relaxed": list(answer.relaxed),
        "diversity_price": answer.diversity_price,
    }


def _item(shown: answers.Shown) -> dict[str, Any]:
    found = {
        "item": shown.item,
        "position": shown.position,
        "score": shown.score,
        "probability": shown.probability,
        "sources": shown.sources,
        "propensity": shown.propensity,
        "pinned": shown.pinned,
    }
    if shown.why is not None:
        found["explanation"] = explanation(shown.why)
    return found


def explanation(why: answers.Why) -> dict[str, Any]:
    """Reasons as JSON."""
    return {
        "reason": why.reason,
        "base": why.base,
        "contributions": [
            {
                "column": each.column,
                "meaning": each.meaning,
                "value": each.value,
                "amount": each.amount,
            }
            for each in why.contributions
        ],
        "because": [
            {"item": each.item, "value": each.value, "share": each.share} for each in why.because
        ],
    }
