"""Everything that is trained together, answering queries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.lazy import lazy
from shortlist.core.pool import Pool
from shortlist.datasets.catalogue import Catalogue
from shortlist.features import ItemStats, View
from shortlist.features.rows import Rows
from shortlist.pipeline.proposals import Mask, ScoreTable
from shortlist.pipeline.retrieve import (
    RetrievalSettings,
    merge,
    merge_some,
    pool_of,
    score_all,
    score_many,
)
from shortlist.ranking.columns import column_names, matrix
from shortlist.ranking.ranker import Ranker
from shortlist.retrieval.source import SourceModel

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

BLOCK_CELLS = 12_000_000
"""Scores of sources that are in memory together when many queries are asked."""

BLOCK_QUERIES = 64
"""Queries whose columns are in memory together when many are asked."""


@dataclass(frozen=True)
class Retrieval:
    """The fitted half that proposes: sources, statistics and catalogue, of one moment."""

    sources: Mapping[str, SourceModel]
    stats: ItemStats
    catalogue: Catalogue
    timed: bool
    settings: RetrievalSettings

    def gather(self, query: Query, allowed: Items | None = None) -> Pool:
        """The candidates of a query."""
        scores = score_all(self.sources, query)
        return merge(scores, query.excluded, self.settings, allowed)

    def merge_some(
        self,
        scores: Mapping[str, Scores],
        excluded: Items,
        *,
        allowed: Mask | None = None,
        quotas: Mapping[str, int] | None = None,
        also: Items | None = None,
        at_least: int = 0,
    ) -> Pool:
        """The candidates by what some of the sources say.

        A source that is missing says nothing and proposes nothing; its columns are those of an
        item it does not know. `allowed` has an entry an item. Where there are `quotas`, a source
        without one proposes nothing, but is heard. `also` are candidates whatever the sources
        say, and at least so many there are where so many may be shown.
        """
        usual = self.settings.per_source
        limits = [
            min(usual, usual if quotas is None else quotas.get(name, 0)) if name in scores else 0
            for name in self.sources
        ]
        return merge_some(
            self.table(scores),
            excluded,
            self.settings,
            limits,
            allowed=allowed,
            also=also,
            at_least=at_least,
        )

    def pool_of_items(
        self, scores: Mapping[str, Scores], items: Items, excluded: Items | None = None
    ) -> Pool:
        """A pool of given items (ascending), by what some of the sources say.

        With `excluded`, what a list would leave out, the items have the ranks and shares they
        would have in one, as the ranker learned them.
        """
        excluded = np.zeros(0, np.int32) if excluded is None else excluded
        return pool_of(self.table(scores), excluded, self.settings, items)

    def table(self, scores: Mapping[str, Scores]) -> ScoreTable:
        """sources x items, zeros for a source that is missing."""
        table = np.zeros((len(self.sources), len(self.catalogue)), np.float32)
        for place, name in enumerate(self.sources):
            if name in scores:
                table[place] = scores[name]
        return table

    def gather_many(self, queries: Sequence[Query], allowed: Items | None = None) -> Iterator[Pool]:
        """The candidates of each query, in their order; together they cost a fraction."""
        for query, scores in self._scored(queries):
            yield merge(scores, query.excluded, self.settings, allowed)

    def pools_of_items(self, queries: Sequence[Query], items: Sequence[Items]) -> Iterator[Pool]:
        """A pool of given items (ascending) for each query, as `pool_of_items` with its excluded.

        In their order; together they cost a fraction.
        """
        for (query, scores), own in zip(self._scored(queries), items, strict=True):
            yield pool_of(scores, query.excluded, self.settings, own)

    def _scored(self, queries: Sequence[Query]) -> Iterator[tuple[Query, ScoreTable]]:
        """Each query with what the sources say, as many at once as fit into memory."""
        cells = max(1, len(self.sources) * len(self.catalogue))
        for block in _blocks(queries, max(1, BLOCK_CELLS // cells)):
            yield from zip(block, score_many(self.sources, block), strict=True)

    def columns(self) -> list[str]:
        """The names of the ranker's columns, in order."""
        return column_names(list(self.sources))

    def matrix(self, queries: Sequence[Query], pools: Sequence[Pool]) -> Matrix:
        """The ranker's input for some queries and their pools, query after query."""
        rows = Rows.of(queries, [pool.items for pool in pools])
        view = View(rows, self.catalogue, self.stats, timed=self.timed)
        return matrix(pools, view)


@dataclass(frozen=True)
class Ranked:
    """An ordered answer, best first, with what is needed to explain it.

    A list shows ten of hundreds of candidates: what is known of the others is never put in order.
    """

    query: Query
    gathered: Pool
    """All candidates, as they were gathered."""
    columns: Matrix
    """Their columns."""
    places: Places
    """Where those that are answered stand among them, the best first."""
    scores: Numbers
    """Of those that are answered."""

    @lazy
    def items(self) -> Items:
        """What is answered, in its order."""
        return self.gathered.items[self.places]

    @lazy
    def pool(self) -> Pool:
        """What the sources say of what is answered."""
        return self.gathered.take(self.places)

    @lazy
    def matrix(self) -> Matrix:
        """The columns of what is answered."""
        return self.columns.T.take(self.places, axis=1).T

    def take(self, places: Places) -> "Ranked":
        """Some of what is answered, by its places in the order."""
        own = self.places[places]
        return Ranked(self.query, self.gathered, self.columns, own, self.scores[places])


@dataclass(frozen=True)
class Model:
    """Retrieval and ranker: a query goes in, an ordered list comes out."""

    retrieval: Retrieval
    ranker: Ranker

    def rank(self, query: Query, k: int, allowed: Items | None = None) -> Ranked:
        """The best `k` items for a query; equal scores go to the smaller index."""
        return self.order(query, self.retrieval.gather(query, allowed), k)

    def rank_many(
        self, queries: Sequence[Query], k: int, allowed: Items | None = None
    ) -> Iterator[Ranked]:
        """`rank` of each query, in their order: the same lists, scores alike up to rounding."""
        for block in _blocks(queries, BLOCK_QUERIES):
            pools = list(self.retrieval.gather_many(block, allowed))
            columns = self.retrieval.matrix(block, pools)
            scores = self.ranker.score(columns)
            ends = np.cumsum([len(pool) for pool in pools])
            for query, pool, end in zip(block, pools, ends, strict=True):
                own = slice(end - len(pool), end)
                yield _best(query, pool, columns[own], scores[own], k)

    def order(self, query: Query, pool: Pool, k: int) -> Ranked:
        """The best `k` of some candidates."""
        columns = self.retrieval.matrix([query], [pool])
        return _best(query, pool, columns, self.ranker.score(columns), k)

    def probabilities(self, ranked: Ranked) -> Numbers:
        """How likely the user is to choose each answered item next."""
        return self.ranker.probability(ranked.matrix)


def _best(query: Query, pool: Pool, columns: Matrix, scores: Numbers, k: int) -> Ranked:
    best = (-scores).argsort(kind="stable")[:k]
    return Ranked(query, pool, columns, best, scores[best])


def _blocks(queries: Sequence[Query], size: int) -> Iterator[Sequence[Query]]:
    for start in range(0, len(queries), size):
        yield queries[start : start + size]
