"""Bundles that follow the log together, and what is asked of them on the way.

Bundles that were refreshed share their sources with the one they came from (their root): those
follow the log once, and a question's candidates and columns are made once for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.core.pool import Pool
from shortlist.core.times import Instant
from shortlist.datasets.folds import Question
from shortlist.online.tally import Said, progressive_score
from shortlist.pipeline.model import Model, Retrieval
from shortlist.pipeline.parts import model_from
from shortlist.ranking.ranker import Ranker
from shortlist.storage.bundles import Bundle, BundleStore

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Contender:
    """A bundle that is asked."""

    bundle: Bundle
    ranker: Ranker
    columns: Sequence[str]

    @property
    def root(self) -> str:
        """The bundle whose sources it has."""
        return root_of(self.bundle)


def root_of(bundle: Bundle) -> str:
    """The bundle that was trained whole, and that this one was refreshed from; or this one."""
    return str(bundle.lineage.get("root") or bundle.id)


@dataclass
class Contenders:
    """Bundles in memory; those of one root share its sources."""

    store: BundleStore
    _held: dict[str, Contender] = field(default_factory=dict)
    _roots: dict[str, Retrieval] = field(default_factory=dict)

    def of(self, bundle: str) -> Contender:
        """A bundle, opened when it is first asked for. Raises UnknownBundle, DamagedBundle."""
        found = self._held.get(bundle)
        if found is None:
            opened = self.store.open(bundle)
            model = model_from(opened.arrays, opened.text)
            found = self._held[bundle] = Contender(opened, model.ranker, model.retrieval.columns())
            self._roots.setdefault(found.root, model.retrieval)
        return found

    def retrieval(self, root: str) -> Retrieval:
        """The sources of a root, as they were trained."""
        return self._roots[root]

    def trained_until(self, root: str) -> int:
        """The place in the log up to which a root was trained."""
        held = (each.bundle for each in self._held.values() if each.root == root)
        return next(int(each.lineage.get("sequence", 0)) for each in held)

    def keep(self, bundles: Sequence[str]) -> None:
        """Let go of all others."""
        self._held = {name: each for name, each in self._held.items() if name in bundles}
        roots = {each.root for each in self._held.values()}
        self._roots = {name: each for name, each in self._roots.items() if name in roots}


@dataclass(frozen=True)
class Asked:
    """A question, as the sources of one root answer it."""

    items: Items
    matrix: Matrix
    right: int
    """The place of the chosen item among the candidates; -1 where it is none of them."""
    time: Instant
    """The instant of the question."""
    shown: npt.NDArray[np.intp] | None = None
    """The candidates in the order in which they were shown; None where that is not known."""

    @classmethod
    def of(
        cls, retrieval: Retrieval, question: Question, item: int, shown: Items | None = None
    ) -> "Asked":
        """The candidates of a question and their columns: what was shown, where that is known.

        Only what was shown can be chosen, and the one that answers decided what is. Asked about
        all there is, any other would be held to what it would not have shown. `shown` are the
        items as they stood in the list, the chosen one among them.
        """
        if shown is None:
            pool = retrieval.gather(question.query)
        else:
            pool = _of_shown(retrieval, question, np.unique(shown))
        place = int(np.searchsorted(pool.items, item))
        found = place < len(pool.items) and pool.items[place] == item
        matrix = retrieval.matrix([question.query], [pool])
        order = None if shown is None else np.searchsorted(pool.items, shown)
        right = place if found else -1
        return cls(pool.items, matrix, right, question.query.time, order)

    @property
    def place(self) -> int:
        """The place in the list at which the chosen item was shown first."""
        assert self.shown is not None
        return int(np.flatnonzero(self.shown == self.right)[0])

    def worth(self, ranker: Ranker) -> npt.NDArray[np.float64]:
        """What the ranker expects of each item of the list, in their order."""
        assert self.shown is not None
        return ranker.worth(self.matrix)[self.shown]

    def said(self, model: Ranker, against: Ranker) -> Said | None:
        """How likely two rankers say that who looks at an item of the list takes it.

        None where one of them does not say it: those do that learned from lists shown.
        """
        if model.start is None or against.start is None:
            return None
        return Said(model.score(self.matrix), against.score(self.matrix), self.right)

    def score(self, ranker: Ranker) -> float:
        """What the ranker's order is worth to whoever chose the item."""
        return progressive_score(ranker.score(self.matrix), self.right)


def _of_shown(retrieval: Retrieval, question: Question, shown: Items) -> Pool:
    scores = {name: each.score(question.query) for name, each in retrieval.sources.items()}
    return retrieval.pool_of_items(scores, shown, question.query.excluded)


def ranking_of(model: Model, question: Question) -> float:
    """The progressive score of a whole model on a question about one choice."""
    return Asked.of(model.retrieval, question, int(question.items[0])).score(model.ranker)


def scores_of(
    contenders: Mapping[str, Contender], asked: Mapping[str, Asked | None]
) -> dict[str, float]:
    """The score of each bundle, by what the sources of its root answer; 0 where they cannot."""
    found = {}
    for name, each in contenders.items():
        of_root = asked.get(each.root)
        found[name] = 0.0 if of_root is None else of_root.score(each.ranker)
    return found
