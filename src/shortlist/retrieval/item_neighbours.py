"""Items whose audience overlaps with the audience of what the user chose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import coo_array, csr_array, vstack

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.arrivals import Arrivals, Others
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.pair_sums import GRAIN, Pairs, PairSums, exact, still_there
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel
from shortlist.retrieval.sparse import column_of, largest_per_row, pack, padded, unpack

BLOCK = 2048
"""Items whose overlaps are in memory together."""

LEADING_BITS = 3
"""Those of a number of choices that change what its choices say: steps of a quarter at most."""

REWEIGHED = 32
"""Choices of somebody up to which all of their pairs are weighed anew."""

NEAR = 16
"""A choice that came since the training makes pairs with so many before it, and so many behind it
where it came late: what it costs has a bound, however much somebody has chosen."""

DRIFT = 1.5
"""The power of overlaps that similarities go with: between 1, where these are far above the
shrinkage, and 2, where they are far below. With the mean of what choices say all drift together."""

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """What similarities were made of, so that they can be made anew."""

    audience: Scores
    """How many people chose each item."""
    mean: float
    """What a choice says in the mean, before it is divided by that."""
    shrinkage: float
    activity: float
    popularity: float

    def own(self, audience: Scores) -> Scores:
        """What divides the overlaps of an item of an audience, in its row."""
        return np.asarray(np.maximum(audience, 1) ** np.float32(1 - self.popularity), np.float32)

    def theirs(self, audience: Scores) -> Scores:
        """What divides the overlaps with an item of an audience, in its column."""
        return np.asarray(np.maximum(audience, 1) ** np.float32(self.popularity), np.float32)

    def faith(self, shared: Numbers) -> Numbers:
        """What an overlap is worth: itself, shrunk where it is small."""
        return np.asarray(shared * shared / np.maximum(shared + self.shrinkage, GRAIN))

    def shared(self, faith: Numbers) -> Numbers:
        """The overlap of a worth: `faith` turned round."""
        return np.asarray((faith + np.sqrt(faith * faith + 4 * faith * self.shrinkage)) / 2)


@dataclass(frozen=True)
class Since:
    """What similarities became since the training."""

    changed: tuple[csr_array, ...]
    """items x items: what is added to those of the training, for pairs that were chosen since."""
    own: Scores
    """What each row is multiplied by, because the item's audience grew."""
    theirs: Scores
    """What each column is multiplied by."""


@dataclass(frozen=True)
class ItemNeighboursModel(SourceModel):
    similarity: csr_array
    half_life: float | None
    counted: Counted | None = None
    """None where that is not known."""
    since: Since | None = None

    def score(self, query: Query) -> Scores:
        items, weights = recent(query, self.half_life)
        if self.since is None:
            return weighted_sum(self.similarity, items, weights)
        weights = weights * self.since.own[items]
        scores: Scores = weighted_sum(self.similarity, items, weights)
        for changed in self.since.changed:
            scores += weighted_sum(changed, items, weights)
        scores *= self.since.theirs
        return scores

    def because(self, query: Query, item: int) -> Scores:
        parts = column_of(self.similarity, query.history, item)
        if self.since is not None:
            for changed in self.since.changed:
                parts += column_of(changed, query.history, item)
            parts *= self.since.own[query.history] * self.since.theirs[item]
        return parts * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, similarity=padded(self.similarity, n_items, n_items))

    def learner(self, catalogue: Catalogue) -> "ItemNeighboursLearner | None":  # noqa: ARG002
        return (
            None if self.counted is None else ItemNeighboursLearner(self._settled(), self.counted)
        )

    def _settled(self) -> Self:
        """The same in one table."""
        if self.since is None:
            return self
        own, theirs = self.since.own[:, None], self.since.theirs[None, :]
        table = self.similarity
        for changed in self.since.changed:
            table = csr_array(table + changed)
        table = csr_array(table.multiply(own).multiply(theirs))
        table.sort_indices()
        return replace(self, similarity=table, since=None)

    def arrays(self) -> Arrays:
        found: Arrays = pack("similarity", self._settled().similarity)
        found["half_life"] = half_life_array(self.half_life)
        if self.counted is not None:
            counted = self.counted
            found["audience"] = counted.audience
            found["counted"] = np.array(
                [counted.mean, counted.shrinkage, counted.activity, counted.popularity]
            )
        return found

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        similarity = unpack("similarity", arrays)
        half_life = half_life_from(arrays["half_life"])
        if "audience" not in arrays or "counted" not in arrays:
            return cls(similarity, half_life)
        audience = np.asarray(arrays["audience"], np.float32)
        counted = Counted(audience, *np.asarray(arrays["counted"], np.float64).tolist())
        return cls(similarity, half_life, counted)


class ItemNeighboursLearner(Learner):
    """Audiences and overlaps since the training.

    Of those who choose much a choice says less, and less with every other choice: pairs are
    weighed anew whenever the leading bits of the number of choices change. Overlaps are the same
    both ways, and held once.
    """

    def __init__(self, trained: ItemNeighboursModel, counted: Counted) -> None:
        self._trained = trained
        self._counted = counted
        self._audience = np.zeros(len(counted.audience))
        self._say = 0.0
        """What all choices say more than at the training."""
        self._says = self._together = np.zeros(0)
        """What one choice says of somebody with 0, 1, 2, ... of them, and what they all say."""
        self._shared = PairSums()
        self._lower: list[tuple[Pairs, csr_array]] = []
        """The lower layers of the overlaps, and what each changes."""

    def extend(self, items: NewItems) -> None:
        more = len(items) - len(self._audience)
        if more:
            self._trained = self._trained.padded(len(items))
            audience = np.pad(self._counted.audience, (0, more))
            self._counted = replace(self._counted, audience=audience)
            self._audience = np.pad(self._audience, (0, more))
            self._lower = [
                (layer, padded(changed, len(items), len(items))) for layer, changed in self._lower
            ]

    def learn(self, arrivals: Arrivals) -> None:
        some = arrivals.novel
        if not len(some):
            return
        choices = some.others.lengths
        self._look_up_to(int(choices.max()) + 1)
        reweighed = np.where(self._reweighing(choices), choices * (choices - 1) // 2, 0)
        near = some.near(NEAR)
        for stretch in self._shared.stretches(near.others.lengths + reweighed):
            self._learn(some.stretch(stretch), near.stretch(stretch).others)

    def _reweighing(self, choices: Places) -> npt.NDArray[np.bool_]:
        """Whether another choice changes what all choices of somebody say, who has so many."""
        changes: npt.NDArray[np.bool_] = self._says[choices] != self._says[choices + 1]
        return changes & (choices <= REWEIGHED)

    def _learn(self, some: Arrivals, near: Others) -> None:
        others, sign = some.others, some.sign.astype(np.float64)
        choices = others.lengths
        np.add.at(self._audience, some.item, sign)
        more = self._together[choices + 1] - self._together[choices]
        self._say += float((more * sign).sum())
        before, after = self._says[choices], self._says[choices + 1]
        self._add(some.item[near.event], near.items, (after * sign)[near.event])
        for event in np.flatnonzero(self._reweighing(choices)).tolist():
            self._reweigh(others.of(event), float((after - before)[event] * sign[event]))

    def _look_up_to(self, most: int) -> None:
        """Have what is said by people with as many choices."""
        if most < len(self._says):
            return
        choices = np.arange(max(most + 1, 2 * len(self._says)))
        bits = np.maximum(np.frexp(choices)[1] - LEADING_BITS, 0)
        level = np.maximum((choices >> bits) << bits, 1)
        activity, mean = self._counted.activity, self._counted.mean
        self._says = exact(level.astype(np.float64) ** -activity / mean)
        self._together = exact(choices.astype(np.float64) ** (1 - activity))

    @property
    def _mean(self) -> float:
        """What a choice says in the mean, until now."""
        before = float(self._counted.audience.sum(dtype=np.float64))
        choices = before + float(self._audience.sum())
        return (before * self._counted.mean + self._say) / choices if choices > 0 else 1.0

    def _reweigh(self, items: Items, amount: float) -> None:
        """Add to all pairs of some items."""
        one, other = np.triu_indices(len(items), 1)
        self._add(items[one], items[other], np.full(len(one), amount))

    def _add(self, one: Items, other: Items, amounts: Numbers) -> None:
        """Add to overlaps, the smaller index first."""
        self._shared.add(np.minimum(one, other), np.maximum(one, other), amounts)

    def model(self) -> ItemNeighboursModel:
        counted, layers = self._counted, self._shared.lower
        lower = still_there(self._lower, layers)
        for place in range(len(lower), len(layers)):
            lower.append(self._change(layers[:place], layers[place]))
        self._lower = list(zip(layers, lower, strict=True))
        recent = self._change(layers, self._shared.upper())
        own, theirs = counted.own(counted.audience), counted.theirs(counted.audience)
        audience = (counted.audience + self._audience).astype(np.float32)
        drift = np.float32((counted.mean / self._mean) ** DRIFT)
        since = Since(
            changed=(*lower, recent),
            own=drift * own / counted.own(audience),
            theirs=theirs / counted.theirs(audience),
        )
        counted = replace(counted, audience=audience, mean=self._mean)
        return replace(self._trained, counted=counted, since=since)

    def _change(self, before: Sequence[Pairs], added: Pairs) -> csr_array:
        """What sums that are added to others change in the similarities of their pairs."""
        since = np.zeros(len(added.key))
        for layer in before:
            since += layer.totals_of(added.key)
        one, other = added.row.astype(np.int32), added.column.astype(np.int32)
        ways = ((one, other), (other, one))
        changed = np.concatenate([self._changed(*way, since, added.total) for way in ways])
        row, column = (np.concatenate(each) for each in zip(*ways, strict=True))
        n_items = len(self._audience)
        return csr_array(coo_array((changed, (row, column)), shape=(n_items, n_items)))

    def _changed(self, row: Items, column: Items, since: Numbers, added: Numbers) -> Scores:
        """What is added to the similarities of pairs whose overlaps had grown before."""
        counted = self._counted
        divisor = counted.own(counted.audience[row]).astype(np.float64)
        divisor *= counted.theirs(counted.audience[column])
        trained = np.asarray(self._trained.similarity[row, column])
        old = since + counted.shared(trained * divisor)
        new = np.maximum(old + added, 0)
        changed = (counted.faith(new) - counted.faith(np.maximum(old, 0))) / divisor
        return changed.astype(np.float32)

    def arrays(self) -> Arrays:
        say = np.array([self._say])
        return {**self._shared.arrays(), "audience": self._audience.copy(), "say": say}

    def restore(self, arrays: Arrays) -> None:
        self._shared.restore(arrays)
        self._audience = np.array(arrays["audience"], np.float64)
        (self._say,) = np.asarray(arrays["say"], np.float64).tolist()


class ItemNeighbours(Source):
    """Recommend the items most similar to the user's history.

    Similarity is the cosine between audiences (Sarwar et al. 2001, section 3), with three things
    learned since. It is shrunk towards zero where the overlap is small, so that sharing two
    viewers out of two does not beat sharing ninety of a hundred (Koren 2008, section 2.2). Somebody
    who chooses everything says little about any two things (Breese et al. 1998, section 2.3). And
    it need not be the same both ways: a popular neighbour is held less against than a cosine would
    (Aiolli 2013, section 3).
    """

    name: ClassVar[str] = "item_neighbours"
    model: ClassVar[type[SourceModel]] = ItemNeighboursModel

    neighbours: PositiveInt = 200
    """Similar items kept per item; memory grows linearly with it."""

    shrinkage: NonNegativeFloat = 5.0
    """Users a pair is assumed not to share; higher means less faith in small overlaps."""

    activity: float = Field(default=0.5, ge=0, le=1)
    """How much less is said by those who choose much: a user counts divided by their number of
    choices to this power. 0 counts all alike."""

    popularity: float = Field(default=0.35, ge=0, le=1)
    """How much a neighbour's popularity is held against it: its audience to this power divides
    the overlap, the audience of the item itself to the rest of 1. 0.5 is the cosine."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    def fit(self, data: Dataset) -> ItemNeighboursModel:
        chosen = data.interactions
        chosen_by = np.asarray(chosen.sum(axis=0), np.float32)
        audience = np.maximum(chosen_by, 1)
        telling, mean = self._telling(chosen)
        by_item = chosen.T.tocsr()
        blocks = [
            self._nearest(by_item[start : start + BLOCK], telling, audience, start)
            for start in range(0, data.n_items, BLOCK)
        ]
        empty = csr_array((0, data.n_items), dtype=np.float32)
        table = csr_array(vstack([empty, *blocks], format="csr"))
        counted = Counted(chosen_by, mean, self.shrinkage, self.activity, self.popularity)
        half_life = recency_for(self.half_life, timed=data.timed)
        return ItemNeighboursModel(table, half_life, counted)

    def _telling(self, chosen: csr_array) -> tuple[csr_array, float]:
        """The choices, each with what it says: one in the mean over all of them. And that mean."""
        lengths = np.diff(chosen.indptr)
        weight = np.repeat(np.maximum(lengths, 1.0) ** -self.activity, lengths)
        mean = float(weight.mean()) if len(weight) else 1.0
        parts = ((weight / mean).astype(np.float32), chosen.indices, chosen.indptr)
        return csr_array(parts, shape=chosen.shape), mean

    def _nearest(
        self, rows: csr_array, telling: csr_array, audience: Scores, start: int
    ) -> csr_array:
        """The neighbours of some items: those from `start` on, as rows."""
        shared = csr_array(rows @ telling)
        row = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
        own = (audience ** np.float32(1 - self.popularity))[start + row]
        theirs = (audience ** np.float32(self.popularity))[shared.indices]
        similarity = shared.data / (own * theirs)
        similarity *= shared.data / (shared.data + np.float32(self.shrinkage))
        similarity[shared.indices == start + row] = 0
        parts = (similarity.astype(np.float32), shared.indices, shared.indptr)
        return largest_per_row(csr_array(parts, shape=shared.shape), self.neighbours)
