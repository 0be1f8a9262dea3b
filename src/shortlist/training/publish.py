"""A trained model becomes a bundle."""

import platform
from collections.abc import Mapping
from importlib.metadata import version

from shortlist import __version__
from shortlist.core.times import iso
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.parts import Arrays, arrays_of, ranker_arrays, ranker_texts, texts_of
from shortlist.ranking.ranker import Ranker
from shortlist.storage.bundles import BundleContents
from shortlist.training.replay import Replay
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained

LIBRARIES = ("numpy", "scipy", "lightgbm", "implicit")

REPLAY = "replay/"
"""What the arrays of the replay sample are called by."""

REPORT = "report.json"
"""The text that says how good the ranker was at its training; only some bundles have it."""


def contents_of(
    trained: Trained,
    data: Dataset,
    settings: TrainingSettings,
    *,
    until: int | None,
    seconds: float,
    parent: str | None,
    more: Mapping[str, str] | None = None,
) -> BundleContents:
    """The bundle of a model, with what it was made of and how; `more` are further texts."""
    lineage = {
        "sequence": data.sequence,
        "until": None if until is None else iso(until),
        "data_until": iso(data.last_time) if data.timed else None,
        "events": len(data.events),
        "users": data.n_users,
        "items": data.n_items,
        "parent": parent,
        "seconds": round(seconds, 1),
        "versions": {
            "shortlist": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
    }
    return BundleContents(
        arrays=arrays_of(trained.model) | _kept(trained.replay),
        texts={**texts_of(trained.model), **_report(trained.report), **(more or {})},
        lineage=lineage,
        metrics=trained.metrics,
        settings=settings.model_dump(mode="json"),
    )


def ranker_parts(ranker: Ranker, replay: Replay) -> tuple[Arrays, dict[str, str]]:
    """The parts of a bundle that are another's after a refresh: arrays and texts."""
    return ranker_arrays(ranker) | _kept(replay), ranker_texts(ranker)


def _report(report: str | None) -> dict[str, str]:
    return {} if report is None else {REPORT: report}


def _kept(replay: Replay) -> Arrays:
    return {f"{REPLAY}{part}": array for part, array in replay.arrays().items()}
