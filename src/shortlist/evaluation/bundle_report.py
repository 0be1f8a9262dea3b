"""The report that is kept with a bundle: its ranker on the questions kept back from training.

No source, tree or stopping rule has seen the answers. The calibration that the bundle carries has,
so the probability is measured under one that has not: of two halves of the users each is judged by
a line fitted on the other.
"""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from shortlist import __version__
from shortlist.core.candidates import Items
from shortlist.core.pool import Pool
from shortlist.core.times import EARLIEST, SECOND
from shortlist.datasets.folds import Fold, Question
from shortlist.evaluation.answers import POPULARITY, Lists, popularity_of, ranked, right
from shortlist.evaluation.importance import Asked, importance_section
from shortlist.evaluation.list_section import SUBJECT, list_section, owners_of, ranked_lists
from shortlist.evaluation.pair_comparison import compare_pairs
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.evaluation.popular_items import popularity_section
from shortlist.evaluation.results import (
    DataDescription,
    Environment,
    ListSection,
    PairSection,
    Report,
    SourceSection,
)
from shortlist.evaluation.source_recall import compare_sources, with_lists
from shortlist.ranking.calibration import Calibration
from shortlist.training.curriculum import Cut
from shortlist.training.held_out import HeldOut
from shortlist.training.rows import Lesson

KS: Final = (5, 10, 20)
K: Final = 10
AS_SHOWN: Final = "as shown"
SEED: Final = 0
RESAMPLES: Final = 50
"""Draws of users for the intervals of the probability: each costs a pass over all pairs."""

SPLIT: Final[dict[Cut, str]] = {
    "time": "the last tenth of the log by time, asked before up to 8 choices of a user, the answer "
    "being the next 20",
    "share": "the last fifth of every user's choices",
    "random": "a fifth of every user's choices, drawn at random",
}

TIES = "Ties are broken against every row; intervals are bootstrapped by user (95 %)."
FITTED = (
    "The sources were fitted on what came before the questions; for the bundle they were fitted "
    "once more on everything. No tree was grown on these questions, nor stopped by them."
)
RANKED = (
    "Popularity ranks the whole catalogue, a source what it proposes, two_stage the candidates "
    "of all; an answer that is no candidate counts as missed."
)
CALIBRATED = (
    "Every candidate of every question is a pair. Of two halves of the users each is judged by "
    "a calibration fitted on the other; the one in the bundle is fitted on both."
)
LISTED = (
    "Only what was shown is put in order: of all else nobody knows what they would have made of "
    "it. What stands first is looked at more, which favours the order in which it was shown."
)
PROPOSED = (
    "A source's candidates are those that reach the ranker. In lists: the share of what stands in "
    f"two_stage's lists of {K} that the source was among those to propose; alone: that nobody else "
    "proposed."
)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BundleReport:
    """Writes the report of a bundle at its training."""

    name: str
    """What the data is called in the tables."""
    simulated: bool

    def __call__(self, held_out: HeldOut) -> str:
        """The report as JSON."""
        return self.of(held_out).model_dump_json()

    def of(self, held_out: HeldOut) -> Report:
        """Measure a ranker on the held-out questions."""
        started = time.monotonic()
        fold = Fold(held_out.data, held_out.questions)
        lists, protocol = _lists(held_out), f"held out: {SPLIT[held_out.cut]}"
        subject = {name: lists[name] for name in (POPULARITY, SUBJECT)}
        sections = (
            list_section(lists, fold, ks=KS, protocol=protocol, seed=SEED),
            *_within_lists(held_out, protocol),
            _pairs(held_out, protocol),
            _sources(held_out, fold, lists[SUBJECT][:, :K], protocol),
            popularity_section(subject, fold, k=K, protocol=protocol),
            importance_section(
                held_out.ranker.order,
                held_out.sources.columns(),
                _asked(held_out),
                seed=SEED,
                title="What the ranker looks at",
                protocol=f"All {protocol}.",
            ),
        )
        return Report(
            title="The ranker on questions kept back from its training",
            data=self._data(held_out),
            seed=SEED,
            sections=sections,
            notes=(FITTED, RANKED, TIES),
            environment=Environment(
                version=__version__,
                seconds=time.monotonic() - started,
                peak_memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                command="shortlist train",
            ),
        )

    def _data(self, held_out: HeldOut) -> DataDescription:
        data = held_out.data
        times = data.events.time[data.events.time > EARLIEST]
        last = max((each.query.time for each in held_out.questions), default=0)
        told = data.timed and len(times) > 0
        return DataDescription(
            name=self.name,
            simulated=self.simulated,
            users=len(np.unique(data.events.user)),
            items=data.n_items,
            events=len(data.events),
            from_time=_moment(int(times[0])) if told else None,
            until_time=_moment(max(last, int(times[-1]))) if told else None,
            catalogue_rule="every item of the catalogue",
        )


def read_report(text: str) -> Report | None:
    """A report out of a bundle; None for one that another version wrote."""
    try:
        return Report.model_validate_json(text)
    except ValidationError:
        return None


def _moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / SECOND, UTC)


def _lists(held_out: HeldOut) -> dict[str, Lists]:
    """What popularity, each source and the ranker answer to each question."""
    names = list(held_out.sources.sources)
    rows = dict.fromkeys((POPULARITY, *names, SUBJECT))
    lists: dict[str, list[Lists]] = {name: [] for name in rows}
    popularity = popularity_of(held_out.sources)
    scores = held_out.ranker.score(held_out.rows.matrix)
    for question, lesson, row in _by_question(held_out, scores):
        pool, answers = lesson.pool, lesson.gains > 0
        said = {
            name: np.where(pool.ranks[place] < pool.quota, pool.scores[place], -np.inf)
            for place, name in enumerate(names)
        } | {SUBJECT: row}
        for name, each in said.items():
            lists[name].append(_best(pool.items, each, answers))
        if POPULARITY not in names:
            gains = right(question, len(popularity))
            lists[POPULARITY].append(ranked(popularity, gains, question.query.excluded, max(KS)))
    return {name: np.concatenate(each) for name, each in lists.items()}


def _within_lists(held_out: HeldOut, protocol: str) -> Iterator[ListSection]:
    """What was shown, in the order of the ranker, of popularity, and as it was shown."""
    listed = held_out.listed
    if listed is None:
        return
    popularity = popularity_of(held_out.sources)
    lists: dict[str, list[Lists]] = {POPULARITY: [], AS_SHOWN: [], SUBJECT: []}
    questions: list[Question] = []
    asked = zip(listed.questions, listed.lessons, listed.scores, listed.standing, strict=True)
    for question, lesson, score, standing in asked:
        items, answers = lesson.pool.items, lesson.gains > 0
        said: dict[str, npt.NDArray[np.floating]]
        said = {POPULARITY: popularity[items], AS_SHOWN: standing, SUBJECT: score}
        for name, each in said.items():
            lists[name].append(_best(items, each, answers))
        among = np.isin(question.items, items)
        own = (question.items[among], question.gains[among], question.liked[among])
        questions.append(replace(question, items=own[0], gains=own[1], liked=own[2]))
    section = list_section(
        {name: np.concatenate(each) for name, each in lists.items()},
        Fold(held_out.data, questions),
        ks=KS,
        protocol=protocol,
        seed=SEED,
    )
    yield section.model_copy(
        update={
            "title": "Lists shown, in other orders",
            "relevance": "what was chosen of what was shown",
            "notes": (LISTED,),
        }
    )


def _best(items: Items, scores: npt.NDArray[np.floating], answers: npt.NDArray[np.bool_]) -> Lists:
    """1 x the longest k: the best candidates that have a score, ties broken against the answers."""
    best = np.full((1, max(KS)), -1, np.int32)
    order = np.lexsort((answers, -scores))[: max(KS)]
    found = items[order[scores[order] > -np.inf]]
    best[0, : len(found)] = found
    return best


def _by_question(
    held_out: HeldOut, column: npt.NDArray[np.floating]
) -> Iterator[tuple[Question, Lesson, npt.NDArray[np.floating]]]:
    """Each question with its candidates and what a column says of them."""
    parts = np.split(column, np.cumsum(held_out.rows.groups)[:-1])
    yield from zip(held_out.questions, held_out.lessons, parts, strict=True)


def _sources(held_out: HeldOut, fold: Fold, shown: Lists, protocol: str) -> SourceSection:
    """What each source finds, and what of it stands in the lists."""
    names, quota = list(held_out.sources.sources), held_out.sources.settings.per_source
    pools = [each.pool for each in held_out.lessons]
    proposals = {
        name: np.concatenate([_proposals(pool, place) for pool in pools])
        for place, name in enumerate(names)
    }
    section = compare_sources(
        ranked_lists(proposals, fold),
        tuple(sorted({min(20, quota), quota})),
        title="What the sources find",
        protocol=protocol,
        seed=SEED,
        owners=owners_of(fold),
        notes=(PROPOSED,),
    )
    proposers = [_proposers(pool, items) for pool, items in zip(pools, shown, strict=True)]
    return with_lists(section, proposers, seed=SEED, owners=owners_of(fold))


def _proposals(pool: Pool, place: int) -> Lists:
    """1 x quota: what a source proposed, best first."""
    found = np.full((1, pool.quota), -1, np.int32)
    order = np.argsort(pool.ranks[place], kind="stable")
    proposed = order[pool.ranks[place][order] < pool.quota][: pool.quota]
    found[0, : len(proposed)] = pool.items[proposed]
    return found


def _proposers(pool: Pool, items: Items) -> npt.NDArray[np.bool_]:
    """items of a list x sources: who proposed what."""
    places = np.searchsorted(pool.items, items[items >= 0])
    return (pool.ranks[:, places] < pool.quota).T


def _pairs(held_out: HeldOut, protocol: str) -> PairSection:
    """The probability of every candidate, beside what popularity says alone."""
    users = np.repeat(
        np.array([each.query.user for each in held_out.questions], np.int32), held_out.rows.groups
    )
    counts = popularity_of(held_out.sources)
    items = np.concatenate([each.pool.items for each in held_out.lessons])
    happened = held_out.rows.labels > 0
    raw = {
        POPULARITY: np.log1p(counts[items]).astype(np.float64),
        SUBJECT: held_out.ranker.chance.predict(held_out.rows.matrix),
    }
    return compare_pairs(
        {
            name: ScoredPairs(judged_by_others(scores, happened, users), happened, users)
            for name, scores in raw.items()
        },
        title="The probability, over all candidates",
        protocol=protocol,
        seed=SEED,
        roles={POPULARITY: "baseline", SUBJECT: "subject"},
        resamples=RESAMPLES,
        notes=(CALIBRATED,),
    )


def judged_by_others(
    scores: Numbers, happened: npt.NDArray[np.bool_], users: npt.NDArray[np.int32]
) -> Numbers:
    """Probabilities by two calibrations, each fitted on half of the users, for the other half."""
    _, place = np.unique(users, return_inverse=True)
    first = place % 2 == 0
    found = np.empty(len(scores))
    for half in (first, ~first):
        found[half] = Calibration.fit(scores[~half], happened[~half]).apply(scores[half])
    return found


def _asked(held_out: HeldOut) -> Asked:
    return Asked(
        matrix=held_out.rows.matrix,
        right=held_out.rows.labels > 0,
        groups=held_out.rows.groups,
        answers=np.array([len(each.items) for each in held_out.questions]),
        owners=np.array([each.query.user for each in held_out.questions], np.int64),
    )
