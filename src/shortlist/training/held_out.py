"""How well the order is that came out of training, on questions it was not grown on.

A sign of life for the list of bundles, not a verdict: an honest evaluation trains on the past
alone (`shortlist evaluate`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.datasets.folds import Question
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.booster import Labelled
from shortlist.ranking.ranker import Ranker
from shortlist.training.curriculum import Cut
from shortlist.training.rows import Lesson, labelled, shown_lessons

K = 10

BASELINE = "popularity"

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Questions that no tree was grown on nor stopped by, and the ranker that is to answer them.

    The sources were fitted on what came before all of them.
    """

    ranker: Ranker
    sources: Retrieval
    """As they were fitted: its statistics end with its data."""
    data: Dataset
    """What they were fitted on."""
    questions: Sequence[Question]
    lessons: Sequence[Lesson]
    """The candidates of each question."""
    rows: Labelled
    """The ranker's input for them, question after question."""
    cut: Cut
    """How the log was cut."""
    listed: "Listed | None" = None
    """Those whose answers came from lists that the log knows; None where there are none."""

    def within_lists(self, asked: Retrieval) -> "HeldOut":
        """With the lists, their columns made by what the ranker was trained to be asked by."""
        return replace(self, listed=Listed.of(self.ranker, asked, self.questions))

    def some(self, most: int) -> "HeldOut":
        """At most so many of the questions, at even distances."""
        if len(self.questions) <= most:
            return self
        kept = np.linspace(0, len(self.questions) - 1, most).astype(np.int64)
        wanted = np.zeros(len(self.questions), bool)
        wanted[kept] = True
        rows = np.repeat(wanted, self.rows.groups)
        return replace(
            self,
            questions=[self.questions[at] for at in kept],
            lessons=[self.lessons[at] for at in kept],
            rows=Labelled(self.rows.matrix[rows], self.rows.labels[rows], self.rows.groups[kept]),
        )


@dataclass(frozen=True)
class Listed:
    """Questions about what was chosen from lists that the log knows, asked within those lists."""

    questions: Sequence[Question]
    lessons: Sequence[Lesson]
    """What was shown, chosen or not."""
    scores: Sequence[Numbers]
    """What the ranker scores it."""
    standing: Sequence[Numbers]
    """The order in which it was shown, as scores."""

    @staticmethod
    def of(ranker: Ranker, asked: Retrieval, questions: Sequence[Question]) -> "Listed | None":
        """Of those lists that tell anything apart."""
        told = [each for each in questions if each.shown is not None]
        found = [
            (each, own)
            for each, own in zip(told, shown_lessons(asked, told), strict=True)
            if 0 < (own.gains > 0).sum() < len(own.gains)
        ]
        if not found:
            return None
        lessons = [own for _, own in found]
        rows = labelled(asked, lessons, "chosen")
        scores = np.split(ranker.score(rows.matrix), np.cumsum(rows.groups)[:-1])
        standing = [_standing(each, own) for each, own in found]
        return Listed([each for each, _ in found], lessons, scores, standing)

    def metrics(self, sources: Sequence[str]) -> dict[str, float]:
        """NDCG@10 of the ranker's order of what was shown, of popularity's, and of the list's."""
        orders = {"": self.scores}
        if BASELINE in sources:
            row = list(sources).index(BASELINE)
            popular = [np.asarray(each.pool.scores[row], np.float64) for each in self.lessons]
            orders[f"{BASELINE} "] = popular
        orders["as shown "] = self.standing
        right = [int((each.gains > 0).sum()) for each in self.lessons]
        return {
            f"{name}ndcg@10 in lists shown": _mean_ndcg(order, self.lessons, right)
            for name, order in orders.items()
        }


def _standing(question: Question, lesson: Lesson) -> Numbers:
    assert question.shown is not None
    place = {item: nth for nth, item in enumerate(question.shown.tolist())}
    return np.array([-place[item] for item in lesson.pool.items.tolist()], np.float64)


def held_out_metrics(held_out: HeldOut) -> Mapping[str, float]:
    """NDCG@10 of the ranker's order, and of popularity's, over the candidates of questions.

    Answers that were no candidates count as missed; ties go against us. Where the log knows lists,
    the same within them: first, where the ranker learned from such lists.
    """
    found = _over_candidates(held_out)
    if held_out.listed is None:
        return found
    within = held_out.listed.metrics([*held_out.sources.sources])
    return found | within if held_out.ranker.start is None else within | found


def _over_candidates(held_out: HeldOut) -> dict[str, float]:
    lessons, sources = held_out.lessons, held_out.sources.sources
    ends = np.cumsum(held_out.rows.groups)
    scores = np.split(held_out.ranker.score(held_out.rows.matrix), ends[:-1])
    answers = [len(each.items) for each in held_out.questions]
    found = {"ndcg@10": _mean_ndcg(scores, lessons, answers)}
    if BASELINE in sources:
        row = list(sources).index(BASELINE)
        popular = [np.asarray(each.pool.scores[row], np.float64) for each in lessons]
        found[f"{BASELINE} ndcg@10"] = _mean_ndcg(popular, lessons, answers)
    return found


def _mean_ndcg(
    scores: Sequence[Numbers], lessons: Sequence[Lesson], answers: Sequence[int]
) -> float:
    discounts = 1 / np.log2(np.arange(2, K + 2))
    found = []
    for score, lesson, number in zip(scores, lessons, answers, strict=True):
        right = lesson.gains > 0
        first = np.lexsort((right, -score))[:K]
        gain = (right[first] * discounts[: len(first)]).sum()
        found.append(gain / discounts[: min(K, number)].sum())
    return float(np.mean(found))
