"""A dataset becomes a model: exercises, heads, and sources fitted on everything."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.shown_lists import share_from_lists
from shortlist.datasets.snapshot import Dataset
from shortlist.features import ItemStats
from shortlist.pipeline.model import Model, Retrieval
from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.lead import led
from shortlist.ranking.ranker import Ranker, RankerSettings
from shortlist.ranking.start import Start
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.training.curriculum import Cut, cut_of, exercises
from shortlist.training.held_out import HeldOut, held_out_metrics
from shortlist.training.progress import Progress, silent
from shortlist.training.replay import Replay
from shortlist.training.rows import Lesson, joined, labelled, lessons, shown_lessons, thinned
from shortlist.training.settings import TrainingSettings

MEASURED = 400
"""Held-out questions that a bundle is measured on; more tell little else and take longer."""

SIDE_BY_SIDE = 2
"""Sources that are fitted at once: each more has its matrices in memory as well."""

SHOWN_SHARE = 0.5
"""Share of the choices that must come from lists the log knows, for the ranker to learn from
those lists by itself."""

BEGINNING = "mixed_effects"
"""The source whose chance the heads begin from where they learn from what was shown."""

Examine = Callable[[HeldOut], str]
"""What looks at a ranker on held-out questions, and writes down what it found (JSON)."""

Judged = tuple[Sequence[Question], Sequence[Lesson], Labelled]
"""Questions, their candidates, and the ranker's input for them."""


@dataclass(frozen=True)
class Trained:
    """A model, and the exercise that was kept from its training."""

    model: Model
    held_out: Retrieval
    """The sources as fitted before the held-out questions."""
    questions: Sequence[Question]
    """The held-out questions: they stopped the heads' growth and calibrated them."""
    metrics: Mapping[str, float]
    """How good the order is on those of them that calibrated."""
    replay: Replay
    """A sample of what the heads learned from, to be learned again at a refresh."""
    report: str | None = None
    """What was found about the ranker on those questions, where somebody looked (JSON)."""


def fit_retrieval(
    data: Dataset,
    settings: TrainingSettings,
    progress: Progress = silent,
    *,
    stats: ItemStats | None = None,
) -> Retrieval:
    """Fit every source, and fold the item statistics where they are not given, on one dataset.

    Two at a time, each on one thread: they know nothing of each other. That BLAS has one thread
    is said around all of them, since each of them says it as well and takes it back.

    Raises NotInstalled where what a source takes to learn is not installed.
    """
    recipes, sources = settings.recipes(), {}
    for recipe in recipes.values():
        recipe.ready()
    data.prepare()
    with one_blas_thread(), ThreadPoolExecutor(SIDE_BY_SIDE) as fits:
        folded = fits.submit(lambda: stats or ItemStats.of(data))
        # The costly ones stand towards the end of the list, and begin first.
        fitted = {name: fits.submit(recipes[name].fit, data) for name in reversed(recipes)}
        for done, name in enumerate(recipes):
            progress(f"fitting {name}", done, len(recipes))
            sources[name] = fitted[name].result()
        return Retrieval(sources, folded.result(), data.catalogue, data.timed, settings.retrieval)


def train(
    data: Dataset,
    settings: TrainingSettings,
    *,
    cut: Cut | None = None,
    progress: Progress = silent,
    examine: Examine | None = None,
) -> Trained:
    """Train on all of a dataset.

    The ranker learns from folds inside it, cut as its future will be (`cut`; by time when
    nobody says). Its sources stand as they were before each fold; the statistics of items go on
    from question to question (`live_statistics`). The last fold stops the growth of the heads
    with one half of its users and calibrates the probability with the other, on whom `examine`
    may look at the ranker more closely. Then the sources are fitted on everything.

    Raises TooLittleData where there are too few events to set an exercise.
    """
    rng = np.random.default_rng(settings.seed)
    taught: list[Taught] = []
    held_out: tuple[Retrieval, Fold] | None = None
    fitted: tuple[Dataset, Retrieval] | None = None
    wanted = cut or cut_of(data)
    shown = learns_from_shown(data, settings, wanted)
    live = ItemStats.of(data) if settings.live_statistics and wanted == "time" else None
    for turn, exercise in enumerate(exercises(data, wanted, settings.seed, settings.questions)):
        progress("setting exercises", turn, exercise.of)
        if not exercise.fold.questions:
            continue
        if fitted is None or fitted[0] is not exercise.fold.fit:
            fitted = None
            fitted = exercise.fold.fit, fit_retrieval(exercise.fold.fit, settings, stats=live)
        retrieval = fitted[1]
        asked = _some(exercise.fold.questions, exercise.asked, rng)
        if exercise.held_out:
            held_out = _alone(live, *fitted), Fold(exercise.fold.fit, asked)
        else:
            taught.append(teach(retrieval, asked, settings, rng, shown=shown))
    if held_out is None or not sum(len(part.users) for part in taught):
        raise TooLittleData(
            "There are too few events to learn an order from: no user of the training folds "
            "chose anything that was among their candidates. Import more events."
        )
    progress("growing the ranker", 0, 1)
    retrieval, fold = held_out
    rows = joined([part.rows for part in taught])
    asking, random = _with(live, retrieval), wanted == "random"
    ranker, judged = fit_heads(
        rows, asking, fold.questions, settings, rng, shown=shown, leading=random
    )
    measured = HeldOut(ranker, retrieval, fold.fit, *judged, wanted).some(MEASURED)
    measured = measured.within_lists(asking)
    metrics = held_out_metrics(measured)
    report = None
    if examine is not None:
        progress("measuring the ranker", 0, 1)
        report = examine(measured)
    fitted = None
    final = fit_retrieval(data, settings, progress, stats=live)
    askers = [data.users[user] for part in taught for user in part.users]
    replay = Replay.of(rows, askers, np.random.default_rng(settings.seed))
    return Trained(Model(final, ranker), retrieval, fold.questions, metrics, replay, report)


def learns_from_shown(data: Dataset, settings: TrainingSettings, cut: Cut) -> bool:
    """Whether the ranker learns from what people were shown, and begins from that source."""
    if settings.learn_from == "candidates" or cut != "time" or BEGINNING not in settings.sources:
        return False
    return settings.learn_from == "shown" or share_from_lists(data) >= SHOWN_SHARE


def _with(live: ItemStats | None, retrieval: Retrieval) -> Retrieval:
    """Sources as they were fitted, beside statistics that go on: asked as of each question."""
    return retrieval if live is None else replace(retrieval, stats=live)


def _alone(live: ItemStats | None, fit: Dataset, retrieval: Retrieval) -> Retrieval:
    """Sources beside the statistics as they stood when they were fitted."""
    if live is None:
        return retrieval
    return replace(retrieval, stats=live.standing_at(fit.last_time + 1))


def fit_heads(
    taught: Labelled,
    retrieval: Retrieval,
    held_out: Sequence[Question],
    settings: TrainingSettings,
    rng: np.random.Generator,
    *,
    shown: bool = False,
    leading: bool = False,
) -> tuple[Ranker, Judged]:
    """Grow both heads side by side, and calibrate the second on users that neither has seen.

    With `shown` one head does both: the chance that who looks at an item takes it orders a list as
    well. With `leading` the order begins from that of the best source. With the heads come the
    questions of those users.
    """
    stopping, calibrating = _two_halves(held_out)
    valid = teach(retrieval, stopping, settings, rng, shown=shown).rows
    if not len(valid.groups):
        raise TooLittleData("There are too few events to validate the ranker with.")
    columns = retrieval.columns()
    recipe, binary = settings.ranker, (_binary(taught), _binary(valid))
    if shown:
        start = Start.of(columns.index(f"{BEGINNING}.score"), taught.matrix)
        order = chance = _grow("binary", *binary, columns, recipe.correcting(), start)
    else:
        lead = led(columns, valid, recipe.lead) if leading and recipe.lead else None
        with ThreadPoolExecutor(2) as heads:
            ordering = heads.submit(
                _grow, "lambdarank", taught, valid, columns, recipe, before=lead
            )
            chancing = heads.submit(_grow, "binary", *binary, columns, recipe)
        order, chance = ordering.result(), chancing.result()
    judged = calibrating or stopping
    whole = list(lessons(retrieval, judged))
    rows = labelled(retrieval, whole, "chosen")
    calibration = Calibration.fit(chance.predict(rows.matrix), rows.labels)
    return Ranker(order, chance, calibration), (judged, whole, rows)


def _grow(
    objective: str,
    taught: Labelled,
    valid: Labelled,
    columns: Sequence[str],
    ranker: RankerSettings,
    start: Start | None = None,
    before: Booster | None = None,
) -> Booster:
    parameters = ranker.parameters(objective)
    if objective == "lambdarank":
        parameters |= {
            "lambdarank_truncation_level": ranker.truncation,
            "metric": "ndcg",
            "eval_at": [ranker.judged],
        }
    trees, patience = ranker.trees, ranker.patience
    return grow(
        parameters,
        taught,
        valid,
        columns,
        trees=trees,
        patience=patience,
        start=start,
        before=before,
    )


@dataclass(frozen=True)
class Taught:
    """Labelled rows, and whose question each group is."""

    rows: Labelled
    users: Sequence[int]


def teach(
    retrieval: Retrieval,
    questions: Sequence[Question],
    settings: TrainingSettings,
    rng: np.random.Generator,
    *,
    shown: bool = False,
) -> Taught:
    """The rows of the questions that tell anything apart, with some of what was not chosen.

    With `shown` those are of what the answer was chosen among, where the log says; no other
    question teaches.
    """
    found = shown_lessons(retrieval, questions) if shown else lessons(retrieval, questions)
    negatives = None if shown else settings.negatives
    kept = [thin for each in found if (thin := thinned(each, negatives, rng)) is not None]
    rows = labelled(retrieval, kept, settings.labels)
    return Taught(rows, [each.query.user for each in kept])


def _some(
    questions: Sequence[Question], number: int, rng: np.random.Generator
) -> Sequence[Question]:
    """At most so many questions, drawn at random, in their order."""
    if len(questions) <= number:
        return questions
    drawn = rng.choice(len(questions), number, replace=False)
    return [questions[place] for place in np.sort(drawn)]


def _two_halves(questions: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """Questions of the users of even and of odd index."""
    even = [each for each in questions if each.query.user % 2 == 0]
    odd = [each for each in questions if each.query.user % 2 == 1]
    return (even, odd) if even else (odd, even)


def _binary(rows: Labelled) -> Labelled:
    """The same rows, right or wrong."""
    return replace(rows, labels=(rows.labels > 0).astype(np.float32))
