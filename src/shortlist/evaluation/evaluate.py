"""A log in, a report out: train on the past, ask about the future, stand beside the baselines."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from shortlist import __version__
from shortlist.core.errors import TooLittleData
from shortlist.core.times import EARLIEST, SECOND
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset, Mask
from shortlist.evaluation.answers import (
    Answers,
    answer_all,
    popularity_of,
)
from shortlist.evaluation.between import Follow, Refreshing, between_trainings
from shortlist.evaluation.blend import fit_blend, named
from shortlist.evaluation.impressions import MEANING as IMPRESSIONS_MEANING
from shortlist.evaluation.impressions import foresee, has_impressions
from shortlist.evaluation.list_section import (
    BASELINE,
    SUBJECT,
    list_section,
    owners_of,
    ranked_lists,
)
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.pair_comparison import compare_pairs
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.evaluation.protocols import Protocol, protocol_of
from shortlist.evaluation.results import (
    DataDescription,
    Environment,
    FeatureImportance,
    ImportanceSection,
    PairSection,
    Report,
    RowRole,
    Section,
    SourceSection,
)
from shortlist.evaluation.sampled import MEANING as SAMPLED_MEANING
from shortlist.evaluation.sampled import sampled
from shortlist.evaluation.source_recall import compare_sources
from shortlist.pipeline.model import Model
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.columns import meaning
from shortlist.training.progress import Progress, silent
from shortlist.training.rows import lesson
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

KS = (5, 10, 20)
PLACES_TOLD = 10
"""Places of a list of which it is told how likely they are looked at."""

MOST_PAIRED = 2000
"""Questions whose candidates are looked at one by one; each has hundreds."""

TIES = "Ties are broken against every row; intervals are bootstrapped by user (95 %)."


Oracle = Callable[[Dataset, npt.NDArray[np.int64]], npt.NDArray[np.float64]]
"""A log and the positions of impressions in it -> the true probability of a click on each."""


@dataclass(frozen=True)
class Evaluation:
    """What is to be measured, and how."""

    name: str
    """What the data is called in the tables."""
    simulated: bool
    protocol: str | None = None
    """A name of PROTOCOLS; None for the one that suits the log."""
    min_item_events: int = 5
    seed: int = 0
    with_sampled: bool = False
    """Whether the sampled protocol is measured as well, on the whole catalogue."""
    command: str = ""
    oracle: Oracle | None = None
    """The true probability of impressions, where a simulator knows it."""
    follow: Follow | None = None
    """What goes on learning between trainings; without it only histories do."""
    refresh: Callable[[Dataset, Trained], Refreshing] | None = None
    """How the ranker learns on between trainings; without it it stays as it was trained."""


def evaluate(
    data: Dataset,
    settings: TrainingSettings,
    asked: Evaluation,
    progress: Progress = silent,
) -> Report:
    """Train under a protocol and measure every row on its questions.

    The test questions are asked once, after everything is trained; early stopping, calibration
    and the blend's weights see validation questions from inside the training part alone.

    Raises Invalid for an unknown protocol, TooLittleData where the log is too small to cut.
    """
    started = time.monotonic()
    protocol = protocol_of(asked.protocol, data)
    measured, fold = protocol.part(data, asked.seed, least=asked.min_item_events)
    if not fold.questions:
        raise TooLittleData(f"Protocol {protocol.name} leaves nobody to ask: import more events.")
    trained = train(fold.fit, settings, cut=protocol.cut, progress=progress)
    weights = fit_blend(trained.held_out, trained.questions, seed=asked.seed)
    answers = answer_all(trained.model, weights, fold.questions, max(100, *KS), progress)
    sections: list[Section] = [
        list_section(
            answers.lists, fold, ks=KS, protocol=protocol.meaning, seed=asked.seed, liked=liked
        )
        for liked in (False, True)
        if not liked or _tells_likes(fold)
    ]
    if protocol.one_by_one:
        sections.append(
            between_trainings(
                measured,
                fold,
                trained.model,
                asked.follow,
                None if asked.refresh is None else asked.refresh(measured, trained),
                ks=KS,
                seed=asked.seed,
                progress=progress,
            )
        )
    sections.append(_sources(fold, answers, protocol, asked.seed, trained.model))
    sections.append(_pairs(trained, answers, protocol, asked.seed))
    if asked.with_sampled:
        sections.append(_sampled(data, settings, asked.seed, progress))
    if has_impressions(data):
        sections.append(_impressions(data, settings, asked, progress))
    sections.append(_importance(trained.model))
    blend = ", ".join(
        f"{name} {share:.0%}" for name, share in named(weights, trained.held_out).items()
    )
    return Report(
        title=f"Evaluation of {asked.name}: {protocol.name}",
        data=DataDescription(
            name=asked.name,
            simulated=asked.simulated,
            users=len(np.unique(measured.events.user)),
            items=measured.n_items,
            events=int(measured.positive.sum()),
            from_time=_moment(measured, 0),
            until_time=_moment(measured, -1),
            catalogue_rule=protocol.catalogue_rule(asked.min_item_events),
        ),
        seed=asked.seed,
        sections=tuple(sections),
        notes=(TIES, f"The blend, its weights chosen on validation: {blend}."),
        environment=Environment(
            version=__version__,
            seconds=time.monotonic() - started,
            peak_memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            command=asked.command,
        ),
    )


def _moment(data: Dataset, place: int) -> datetime | None:
    """When the first or last event happened that says when."""
    times = data.events.time[data.events.time > EARLIEST]
    return datetime.fromtimestamp(int(times[place]) / SECOND, UTC) if len(times) else None


def _tells_likes(fold: Fold) -> bool:
    """Whether some answers were liked and some not."""
    liked = np.concatenate([each.liked for each in fold.questions])
    return bool(liked.any() and not liked.all())


def _sources(
    fold: Fold, answers: Answers, protocol: Protocol, seed: int, model: Model
) -> SourceSection:
    lists = ranked_lists(answers.lists, fold)
    quota = model.retrieval.settings.per_source
    return compare_sources(
        {
            name: RankedLists(lists[name].items[:, :quota], lists[name].relevance)
            for name in model.retrieval.sources
        },
        (20, quota),
        title="What retrieval finds",
        protocol=protocol.meaning,
        seed=seed,
        owners=owners_of(fold),
    )


def _pairs(trained: Trained, answers: Answers, protocol: Protocol, seed: int) -> PairSection:
    line = _popularity_line(trained)
    asked = _spread(len(answers.unions), MOST_PAIRED)
    which = np.repeat(asked, answers.unions)
    outcomes, users = answers.outcomes[which], answers.users[which]
    popularity = line.apply(np.log1p(answers.popularity[which]))
    drawn = (
        "every test question" if asked.all() else f"{MOST_PAIRED:,} test questions, evenly drawn,"
    )
    return compare_pairs(
        {
            BASELINE: ScoredPairs(popularity, outcomes, users),
            SUBJECT: ScoredPairs(answers.probabilities[which], outcomes, users),
        },
        title="The probability, over all candidates",
        protocol=protocol.meaning,
        seed=seed,
        roles={BASELINE: "baseline", SUBJECT: "subject"},
        resamples=50,
        notes=(f"Every candidate of {drawn} is a pair.",),
    )


def _spread(number: int, most: int) -> Mask:
    """Which of so many questions are looked at: all, or `most` of them at even distances."""
    looked_at = np.ones(number, bool)
    if number > most:
        looked_at[:] = False
        looked_at[np.linspace(0, number - 1, most).astype(np.int64)] = True
    return looked_at


def _popularity_line(trained: Trained) -> Calibration:
    """What the popularity of a candidate says alone, calibrated on the held-out questions."""
    lessons = [lesson(trained.held_out, each) for each in trained.questions]
    counts = popularity_of(trained.held_out)
    items = np.concatenate([each.pool.items for each in lessons])
    chosen = np.concatenate([each.gains > 0 for each in lessons])
    return Calibration.fit(np.log1p(counts[items]).astype(np.float64), chosen)


def _sampled(
    data: Dataset, settings: TrainingSettings, seed: int, progress: Progress
) -> PairSection:
    found = sampled(data, settings, seed, progress)
    return compare_pairs(
        {BASELINE: found.popularity, "probability": found.model},
        title="Random 80/20, one positive to three uniform negatives, whole catalogue",
        protocol=SAMPLED_MEANING,
        seed=seed,
        roles={BASELINE: "baseline", "probability": "subject"},
        resamples=50,
    )


def _impressions(
    data: Dataset, settings: TrainingSettings, asked: Evaluation, progress: Progress
) -> PairSection:
    found = foresee(data, settings, asked.seed, progress)
    rows = {BASELINE: found.popularity, "probability": found.model}
    roles: dict[str, RowRole] = {BASELINE: "baseline", "probability": "subject"}
    curve = " ".join(f"{each:.2f}" for each in found.looked_at[:PLACES_TOLD])
    notes = [
        "The popularity line is the item's click rate so far, smoothed and calibrated.",
        f"How likely the places of a list are looked at, the first being 1: {curve}.",
    ]
    if asked.oracle is not None:
        truth = asked.oracle(data, found.positions)
        rows["oracle"] = replace(found.model, score=truth)
        roles["oracle"] = "limit"
        line, ours, limit = (Auc().of(pairs) for pairs in rows.values())
        way = (ours - line) / max(limit - line, 1e-9)
        notes.append(
            f"The oracle knows the true probability: nobody can do better. In AUC the model is "
            f"{way:.0%} of the way from popularity to the oracle."
        )
    return compare_pairs(
        rows,
        title="Clicks on what was shown",
        protocol=IMPRESSIONS_MEANING,
        seed=asked.seed,
        roles=roles,
        resamples=50,
        notes=tuple(notes),
    )


def _importance(model: Model, most: int = 25) -> ImportanceSection:
    gains, columns = model.ranker.order.gains(), model.retrieval.columns()
    largest: Sequence[int] = np.argsort(-gains, kind="stable")[:most].tolist()
    return ImportanceSection(
        title="What the ranker looks at",
        features=tuple(
            FeatureImportance(name=columns[i], gain=float(gains[i]), meaning=meaning(columns[i]))
            for i in largest
        ),
    )
