"""candidates, best first -> the list shown.

In this order: boosts change the values; pins take their positions; every other position of the
first page, from the top, takes the item that is worth most beside those above it and the pins, or
one that exploration draws, among those that no cap forbids. What is left follows in the order of
the boosted values, for the pages to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.datasets.columns import Mask
from shortlist.slate.boosts import boosted, relevance
from shortlist.slate.caps import Cap, open_to
from shortlist.slate.exploration import draw
from shortlist.slate.filters.filter import NOBODY
from shortlist.slate.likeness import Closest
from shortlist.slate.placement import Pin, Placement
from shortlist.slate.price import Price, price

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Slate:
    """All candidates in the order they are shown; columns have one entry a candidate."""

    items: Items
    moved_from: Places
    """The place each had among the candidates, from 0."""
    scores: Numbers
    """As they were given."""
    boosted: Numbers
    """After boosts, on a scale on which the list's worst score is 0 and its best is 1."""
    propensities: Numbers
    """The probability that the policy puts the item at this position, given what stands above it;
    1 where nothing is drawn."""
    pinned: Mask
    shown: int
    """How many of them make the first page: they obey diversity and caps."""
    price: Price
    """Of the first page."""
    relaxed: tuple[str, ...]
    """The attributes of caps that the first page breaks, because it would not be full otherwise or
    because pins break them."""


def assemble(
    placement: Placement,
    items: Items,
    scores: npt.NDArray[np.floating],
    *,
    size: int | None = None,
    user: Mapping[str, object] = NOBODY,
    seed: int = 0,
) -> Slate:
    """The list of a placement, from candidates that are each once there, best first.

    `size` is the length of the first page (the placement's own where it is None), `user` the
    attributes of who asks with their id under `id`. Equal arguments give equal lists.
    """
    given = np.asarray(scores, np.float64)
    page = min(len(items), placement.settings.size if size is None else size)
    if placement.plain:
        return _as_given(items, given, page)
    values = boosted(
        relevance(given),
        [(selection.mask(user)[items], boost) for selection, boost in placement.boosts],
    )
    order = np.argsort(-values, kind="stable") if placement.boosts else np.arange(len(items))
    pins = _reserved(placement.pinned(user), items[order])
    filling = _Filling(placement, items[order], values[order], pins)
    first, propensities = filling.fill(page, seed)
    places = order[_with_rest(first, filling.free, pins)]
    pinned = np.zeros(len(items), bool)
    pinned[list(pins)] = True
    return Slate(
        items=items[places],
        moved_from=places,
        scores=given[places],
        boosted=values[places],
        propensities=np.concatenate([propensities, np.ones(len(items) - page)]),
        pinned=pinned,
        shown=page,
        price=price(given, places[:page]),
        relaxed=tuple(cap.attribute for cap in filling.caps if cap.attribute in filling.broken),
    )


def _as_given(items: Items, scores: Numbers, page: int) -> Slate:
    """The list where nothing but the scores decides: the candidates stand in their order already.

    It is what all rules together would come to that change nothing, at a tenth of the time.
    """
    return Slate(
        items=items,
        moved_from=np.arange(len(items)),
        scores=scores,
        boosted=relevance(scores),
        propensities=np.ones(len(items)),
        pinned=np.zeros(len(items), bool),
        shown=page,
        price=Price(0.0, 0.0),
        relaxed=(),
    )


def _reserved(pins: Sequence[Pin], items: Items) -> dict[int, int]:
    """The candidate that is pinned to each position, positions and candidates from 0.

    A pin whose position is taken gets the next one that is free, or the last; an item is pinned
    once, by the first of its pins.
    """
    reserved: dict[int, int] = {}
    for pin in pins:
        found = np.flatnonzero(items == pin.item)
        if not len(found) or int(found[0]) in reserved.values():
            continue
        positions = [*range(pin.place, len(items)), *range(min(pin.place, len(items)))[::-1]]
        reserved[next(each for each in positions if each not in reserved)] = int(found[0])
    return reserved


def _with_rest(first: list[int], free: Mask, pins: Mapping[int, int]) -> Places:
    """The first page and after it all others in their order, pins among them at their positions."""
    whole = np.full(len(free), -1, np.intp)
    whole[: len(first)] = first
    for position, candidate in pins.items():
        whole[position] = candidate
    whole[whole < 0] = np.flatnonzero(free)
    return whole


class _Filling:
    """A list in the making. Candidates are counted in the order of their boosted values."""

    def __init__(
        self, placement: Placement, items: Items, values: Numbers, pins: Mapping[int, int]
    ) -> None:
        self._settings = placement.settings
        strength = placement.settings.diversity if placement.likeness else 0.0
        self._values = (1 - strength) * values
        self._pins = pins
        self._closest = Closest(placement.likeness, items) if placement.likeness else None
        self.caps = [
            Cap(each.attribute, each.at_most, placement.columns.columns.get(each.attribute), items)
            for each in placement.settings.caps
        ]
        self.free = np.ones(len(items), bool)
        """Candidates that have no position yet."""
        self.free[list(pins.values())] = False
        self.broken: set[str] = set()

    def fill(self, page: int, seed: int) -> tuple[list[int], Numbers]:
        """The candidates of the first positions, and the probability of each."""
        if self._plain:
            self.free[:page] = False
            return list(range(page)), np.ones(page)
        for position, candidate in self._pins.items():
            if position < page:
                self._take(candidate)
        rng = np.random.default_rng(seed) if self._settings.exploration else None
        found: list[int] = []
        propensities = np.ones(page)
        for position in range(page):
            if position in self._pins:
                found.append(self._pins[position])
                continue
            candidate, propensities[position] = self._pick(position, rng)
            self._take(candidate)
            found.append(candidate)
        return found, propensities

    @property
    def _plain(self) -> bool:
        """Whether nothing but the values decides: the candidates stand in their order already."""
        rules = self._pins or self.caps or self._closest or self._settings.exploration
        return not rules

    def _pick(self, position: int, rng: np.random.Generator | None) -> tuple[int, float]:
        allowed = open_to(self.free, self.caps)
        values = self._values
        if self._closest is None:
            best = int(allowed.argmax())
        else:
            values = values - self._settings.diversity * self._closest.most
            best = int(np.where(allowed, values, -np.inf).argmax())
        policy = self._settings.exploration
        if policy is None or rng is None:
            return best, 1.0
        if policy.slots is not None and position + 1 not in policy.slots:
            return best, 1.0
        return draw(policy, values, allowed, best, rng)

    def _take(self, candidate: int) -> None:
        self.free[candidate] = False
        if self._closest is not None:
            self._closest.take(candidate)
        for cap in self.caps:
            if cap.take(candidate):
                self.broken.add(cap.attribute)
