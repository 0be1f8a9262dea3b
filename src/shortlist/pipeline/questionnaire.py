"""What to ask somebody new about, from what an answer would teach.

That somebody knows an item is taken to be a chance that depends on their taste alone: the item's
share of people, plus how the item's factors and their taste v agree, plus noise. Before the first
answer v is spread as the factors of everybody else are; each answer is an observation, and the
posterior is that of a Bayesian linear model, in closed form:

    known_i = share_i + y_i'v + noise_i        v ~ N(0, S)        S' = (S^-1 + Y'D^-1 Y)^-1

What an answer teaches is how much of the variance of all predictions it takes away (A-optimal
design), each item's variance counting as much as the item is likely. Only an item that they know
teaches anything to a list, so that what it teaches counts times the chance that they know it.

Sources: Anava et al. 2015, "Budget-constrained item cold-start handling in collaborative filtering
recommenders via optimal design", WWW; Rashid et al. 2008, "Learning preferences of new users in
recommender systems", SIGKDD Explorations, for weighing by familiarity; Golbandi et al. 2011,
"Adaptive bootstrapping of recommender systems using decision trees", WSDM, for `unknown` as an
answer among others; Elahi et al. 2016, "A survey of active learning in collaborative filtering
recommender systems", Computer Science Review.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Scores
from shortlist.retrieval.als import AlsModel

Mask = npt.NDArray[np.bool_]
Matrix = npt.NDArray[np.float32]
Square = npt.NDArray[np.float64]

CANDIDATES: Final = 1_000
"""Items that may be asked about next: those they most likely know."""

ALIKE: Final = 0.98
"""The correlation from which on two items ask about the same taste: a film and its sequel."""

LEAST_NOISE: Final = 0.3
"""The share of an item's variance that is taken not to be taste, at least."""

SURE: Final = 0.995
"""No chance is nearer to 1, nor its opposite to 0."""


@dataclass(frozen=True)
class Asking:
    """An item to be asked about, and why it is this one."""

    item: int
    known: float
    """The chance that they know it, after what they answered."""
    teaches: float
    """The share of what is not known of a taste before the first answer that one is expected to
    settle."""


@dataclass(frozen=True)
class Questionnaire:
    """Everybody's taste: what is known of somebody nobody knows."""

    factors: Matrix
    """items x factors."""
    share: Scores
    """The share of people who know each item."""
    spread: Square
    """factors x factors: how tastes differ from person to person."""
    people: int

    @classmethod
    def of(cls, als: AlsModel) -> Self | None:
        """From trained factors; None where the bundle does not say how tastes are spread."""
        people = float(als.people[0, 0])
        if people < 2 or not als.factors.any():
            return None
        moments = als.people / people
        mean = moments[0, 1:]
        share = np.minimum(als.audience / people, SURE).astype(np.float32)
        return cls(als.factors, share, moments[1:, 1:] - np.outer(mean, mean), round(people))

    def after(self, known: Items, unknown: Items) -> "Interview":
        """What is known of somebody after their answers: items they know, and items they do not."""
        answered = np.concatenate([known, unknown])
        outcome = np.repeat([1.0, 0.0], [len(known), len(unknown)])
        rows = self.factors[answered].astype(np.float64)
        scaled = rows / self.noise(answered)[:, None]
        surprise = scaled.T @ (outcome - self.share[answered])
        taste = self._posterior(rows, scaled) @ surprise
        chance = self.share + self.factors @ taste.astype(np.float32)
        return Interview(
            everybody=self,
            answered=answered.astype(np.int32),
            chance=np.clip(chance, 1 - SURE, SURE),
            spread=self._posterior(rows[: len(known)], scaled[: len(known)]),
        )

    def noise(self, items: Items) -> npt.NDArray[np.float64]:
        """The variance of whether somebody knows each of some items that is not their taste."""
        whole = np.maximum(self.share[items], 1 - SURE).astype(np.float64)
        whole *= 1 - whole
        rows = self.factors[items].astype(np.float64)
        return np.maximum(whole - variance(rows, self.spread), LEAST_NOISE * whole)

    def _posterior(self, rows: Square, scaled: Square) -> Square:
        """The spread that is left after observations of these factors: (S^-1 + A)^-1."""
        known = np.eye(len(self.spread)) + self.spread @ (rows.T @ scaled)
        left = np.linalg.solve(known, self.spread)
        return (left + left.T) / 2


@dataclass(frozen=True)
class Interview:
    """What is known of one person's taste, and what is not."""

    everybody: Questionnaire
    answered: Items
    chance: Scores
    """How likely they know each item. Both answers count: whoever does not know a film is less
    likely to know its sequel."""
    spread: Square
    """What is not known of their taste. Only what they know counts: a list learns from nothing
    else."""

    @cached_property
    def _weights(self) -> Square:
        """factors x factors: what a difference in taste does to all predictions."""
        weighted = self.everybody.factors * self.chance[:, None]
        return (self.everybody.factors.T @ weighted).astype(np.float64)

    @property
    def learned(self) -> float:
        """The share of what was not known of their taste that is known now, from 0 to 1."""
        before = float(np.sum(self._weights * self.everybody.spread))
        left = float(np.sum(self._weights * self.spread))
        return min(1.0, max(0.0, 1 - left / before)) if before > 0 else 0.0

    def next(
        self, number: int, *, curiosity: float, allowed: Mask | None = None
    ) -> Sequence[Asking]:
        """The next items to ask about, the best first; none that was answered, none twice.

        Each is chosen as if those before it were known, so that they do not ask the same. Two that
        are nearly identical stand side by side only where there is nothing else to ask.
        """
        items = self._candidates(allowed)
        if not len(items):
            return []
        everybody, spread = self.everybody, self.spread
        rows = everybody.factors[items].astype(np.float64)
        noise, chance = everybody.noise(items), self.chance[items].astype(np.float64)
        whole = max(float(np.sum(self._weights * everybody.spread)), 1e-12)
        free, near = np.ones(len(items), bool), np.zeros(len(items), bool)
        found: list[Asking] = []
        for _ in range(min(number, len(items))):
            reach = rows @ spread
            sure = noise + np.einsum("ij,ij->i", reach, rows)
            taught = np.maximum(variance(reach, self._weights), 0) / sure / whole
            worth = np.where(free, chance * taught**curiosity, -1.0)
            best = int(np.argmax(np.where(near, -1.0, worth) if (free & ~near).any() else worth))
            found.append(
                Asking(int(items[best]), float(chance[best]), float(chance[best] * taught[best]))
            )
            spread = spread - np.outer(reach[best], reach[best]) / sure[best]
            free[best] = False
            near |= self._near(rows, rows[best])
        return found

    def _candidates(self, allowed: Mask | None) -> Items:
        chance = self.chance if allowed is None else np.where(allowed, self.chance, 0)
        chance = np.where(self.everybody.share > 0, chance, 0)
        chance[self.answered] = 0
        likely = np.argsort(-chance, kind="stable")[:CANDIDATES]
        return likely[chance[likely] > 0].astype(np.int32)

    def _near(self, rows: Square, one: npt.NDArray[np.float64]) -> Mask:
        """Which items are nearly identical to one."""
        spread = self.everybody.spread
        sizes = np.sqrt(np.maximum(variance(rows, spread) * (one @ spread @ one), 0))
        return np.asarray(rows @ (spread @ one) > ALIKE * sizes)


def variance(rows: Square, spread: Square) -> npt.NDArray[np.float64]:
    """The variance of each row's prediction: the diagonal of Y S Y'."""
    found: npt.NDArray[np.float64] = np.einsum("ij,ij->i", rows @ spread, rows)
    return found
