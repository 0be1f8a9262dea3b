"""What learning between trainings is worth: one log, asked and learned as it goes by.

A bundle is trained on what came before an instant. Every later event is first asked about and then
learned (prequential evaluation: Dawid 1984, "Present position and potential developments", JRSS A;
for recommenders Vinagre, Jorge and Gama 2014, "Evaluation of recommender systems in streaming
environments", REVEAL). The rows differ in what may learn: nothing, as in a system that trains at
night; the history of whoever acts; sources and statistics of everybody as well; and the ranker.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.answers import Lists, popularity_of, ranked, relevance_of, right
from shortlist.evaluation.comparison import compare_lists
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.results import ListSection, Row
from shortlist.pipeline.model import Model, Retrieval
from shortlist.pipeline.retrieve import merge, score_all
from shortlist.ranking.ranker import Ranker
from shortlist.training.progress import Progress, silent

QUESTIONS = 2000
"""Questions that are asked, evenly drawn from all in the order of time."""

FOLD_EVERY = 200
"""Events learned together: what is asked among them knows none of them but the user's own."""

REFRESH_EVERY = 400
"""Questions after which the ranker learns on from them."""

STATIC, HISTORIES = "static bundle", "(a) histories"
FOLDED, REFRESHED = "(a+b) and sources", "(a+b+c) and ranker"
ONLINE = (HISTORIES, FOLDED, REFRESHED)

Scores = npt.NDArray[np.floating]


class Following(Protocol):
    """Sources and statistics that go on learning after their training."""

    def learn(self, until: int) -> None:
        """Learn the events of the log up to a position, those before which were learned already."""

    def retrieval(self) -> Retrieval:
        """What proposes, as of the last event learned."""


class Refreshing(Protocol):
    """A ranker that learns on from what was asked."""

    def refreshed(self, ranker: Ranker, asked: Sequence["Moment"]) -> Ranker:
        """The ranker, grown by what was asked since the last time."""


Moment = tuple[Retrieval, Sequence[Question]]
"""What proposed, and the questions it was asked."""

Follow = Callable[[Dataset, int, Retrieval], Following]
"""A log, how many of its events were trained on, and what was trained -> what goes on learning."""


@dataclass(frozen=True)
class Stretch:
    """What is asked while one model stands."""

    until: int
    """Events of the log that are learned."""
    asked: tuple[int, ...]
    """Places of the questions."""


def between_trainings(
    data: Dataset,
    fold: Fold,
    model: Model,
    follow: Follow | None = None,
    refreshing: Refreshing | None = None,
    *,
    ks: Sequence[int],
    seed: int,
    every: int = FOLD_EVERY,
    refresh_every: int = REFRESH_EVERY,
    progress: Progress = silent,
) -> ListSection:
    """The rows static, (a) and, where something goes on learning, (a+b) and (a+b+c)."""
    questions = _drawn(fold.questions, QUESTIONS)
    limit = max(ks)
    lists = _as_of_the_cut(fold, model, questions, limit)
    lists[HISTORIES] = _asked_of(model, questions, limit)
    if follow is not None:
        following = follow(data, len(fold.fit.events), model.retrieval)
        parts = list(stretches(data, len(fold.fit.events), questions, every))
        online = _Online(model.ranker, refreshing, refresh_every, limit)
        lists |= online.asked(following, parts, questions, progress)
    relevance = relevance_of(questions, data.n_items)
    owners = np.array([each.query.user for each in questions], np.int64)
    rows = _compared(
        {name: RankedLists(items, relevance) for name, items in lists.items()}, owners, ks, seed
    )
    return ListSection(
        title="Between trainings",
        protocol=(
            "Everything before one instant is trained on; every later event is predicted before it "
            f"is learned. {len(questions):,} of {len(fold.questions):,} questions, evenly drawn; "
            f"sources and statistics learn {every} events at a time, the ranker from "
            f"{refresh_every} of the questions."
        ),
        relevance="every choice",
        users=len(np.unique(owners)),
        lists=len(questions),
        ks=tuple(ks),
        rows=rows,
        notes=(
            (
                "Static rows know histories and models as of the cut, and leave out what the user "
                "has chosen since."
            ),
        ),
    )


def stretches(
    data: Dataset, start: int, questions: Sequence[Question], every: int
) -> Iterator[Stretch]:
    """The questions, in their order in time, by the number of events that may be learned before.

    Nothing that happened at or after a question's instant is learned when it is asked.
    """
    instants = [each.query.time for each in questions]
    known = np.searchsorted(data.events.time, instants, side="left")
    learned = start + (known - start) // every * every
    for until, places in groupby(range(len(questions)), key=lambda place: int(learned[place])):
        yield Stretch(until, tuple(places))


def _drawn(questions: Sequence[Question], most: int) -> list[Question]:
    """At most so many of the questions, evenly from the first to the last in time."""
    ordered = sorted(questions, key=lambda each: each.query.time)
    if len(ordered) <= most:
        return ordered
    return [ordered[place] for place in np.linspace(0, len(ordered) - 1, most).astype(int)]


def _as_of_the_cut(
    fold: Fold, model: Model, questions: Sequence[Question], limit: int
) -> dict[str, Lists]:
    """What each source and the bundle answer with what they knew at the cut, by row name.

    The order of all items is made once for every user; what they chose since is taken out.
    """
    retrieval, cut = model.retrieval, fold.fit.last_time + 1
    found: dict[str, Lists] = {}
    places = range(len(questions))
    by_user = sorted(places, key=lambda place: questions[place].query.user)
    for user, theirs in groupby(by_user, key=lambda place: questions[place].query.user):
        query = fold.fit.query(user, time=cut)
        table = score_all(retrieval.sources, query)
        orders: dict[str, Scores] = {"popularity": popularity_of(retrieval)}
        named = zip(retrieval.sources, table, strict=True)
        orders |= {f"static {name}": row for name, row in named if name != "popularity"}
        orders[STATIC] = _order(model, query, table)
        for place in theirs:
            for name, order in orders.items():
                rows = found.setdefault(name, np.full((len(questions), limit), -1, np.int32))
                rows[place] = _best(order, questions[place], limit)
    return found


@dataclass
class _Online:
    """Two rankers on sources that go on learning: as it was trained, and learning on if it can."""

    ranker: Ranker
    refreshing: Refreshing | None
    refresh_every: int
    limit: int

    def asked(
        self,
        following: Following,
        parts: Sequence[Stretch],
        questions: Sequence[Question],
        progress: Progress,
    ) -> dict[str, Lists]:
        """The answers, by row name."""
        rankers = {FOLDED: self.ranker}
        if self.refreshing is not None:
            rankers[REFRESHED] = self.ranker
        found = {name: np.empty((len(questions), self.limit), np.int32) for name in rankers}
        since: list[Moment] = []
        for part in parts:
            progress("learning between trainings", part.asked[0], len(questions))
            following.learn(part.until)
            retrieval = following.retrieval()
            for place in part.asked:
                each = questions[place]
                table = score_all(retrieval.sources, each.query)
                pool = merge(table, each.query.excluded, retrieval.settings)
                matrix = retrieval.matrix([each.query], [pool])
                for name, ranker in rankers.items():
                    whole = np.full(table.shape[1], -np.inf)
                    whole[pool.items] = ranker.score(matrix)
                    found[name][place] = _best(whole, each, self.limit)
            since.append((retrieval, [questions[place] for place in part.asked]))
            if self.refreshing is not None and _number(since) >= self.refresh_every:
                rankers[REFRESHED] = self.refreshing.refreshed(rankers[REFRESHED], since)
                since = []
        return found


def _number(moments: Sequence[Moment]) -> int:
    return sum(len(asked) for _, asked in moments)


def _asked_of(model: Model, questions: Sequence[Question], limit: int) -> Lists:
    """What a model answers to some questions, with their histories as they are."""
    found = []
    for each in questions:
        table = score_all(model.retrieval.sources, each.query)
        found.append(_best(_order(model, each.query, table), each, limit))
    return np.stack(found)


def _order(model: Model, query: Query, table: npt.NDArray[np.float32]) -> Scores:
    """A score for every item: the ranker's for its candidates, the lowest for all others."""
    pool = merge(table, query.excluded, model.retrieval.settings)
    whole = np.full(table.shape[1], -np.inf)
    whole[pool.items] = model.ranker.score(model.retrieval.matrix([query], [pool]))
    return whole


def _best(order: Scores, question: Question, limit: int) -> Items:
    answer = right(question, len(order))
    best: Items = ranked(order, answer, question.query.excluded, limit)[0]
    return best


def _compared(
    lists: dict[str, RankedLists],
    owners: npt.NDArray[np.int64],
    ks: Sequence[int],
    seed: int,
) -> tuple[Row, ...]:
    """Every row; those that go on learning beside the best that does not, and the one before."""
    bare = compare_lists(lists, ks, seed=seed, owners=owners)
    online = [name for name in lists if name in ONLINE]
    static = [row for row in bare if row.name not in online]
    best = max(static, key=lambda row: row.metrics["ndcg@10"].value).name
    against = list(dict.fromkeys(["popularity", best, *online[:-1]]))
    compared = compare_lists(
        {name: lists[name] for name in dict.fromkeys([*against, *online])},
        ks,
        seed=seed,
        against=against,
        owners=owners,
    )
    differences = {row.name: row.differences for row in compared}
    rows = []
    for row in bare:
        if row.name not in online:
            role = "baseline" if row.name == "popularity" else "contender"
            rows.append(row.model_copy(update={"role": role}))
            continue
        earlier = {"popularity", best, *online[: online.index(row.name)]}
        kept = {name: each for name, each in differences[row.name].items() if name in earlier}
        rows.append(row.model_copy(update={"role": "subject", "differences": kept}))
    return tuple(rows)
