"""Everything is trained again: by the clock, when forests grew enough, when the world drifted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from shortlist.core.clock import Clock
from shortlist.core.times import HOUR, parse_instant
from shortlist.datasets.load import load_dataset
from shortlist.online.choices import Kinds
from shortlist.online.tracks import Contender
from shortlist.online.window import Window
from shortlist.online.worker_settings import WorkerSettings
from shortlist.storage.bundles import BundleStore
from shortlist.storage.facts import Facts
from shortlist.storage.facts.model_steps import ModelStep
from shortlist.training.publish import contents_of
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Examine, train

Say = Callable[[str, int, int], None]

Recipe = tuple[TrainingSettings, Mapping[str, str]]
"""Settings, and texts that are kept with the bundle because they say where these come from."""


@dataclass(frozen=True)
class Retraining:
    """Says when everything is trained again, and does it."""

    facts: Facts
    bundles: BundleStore
    kinds: Kinds
    recipe: Callable[[str], Recipe]
    """How to train in place of a bundle."""
    settings: WorkerSettings
    clock: Clock
    examine: Examine | None = None
    """What writes the report that is kept with the bundle."""

    def due(
        self, champion: Contender, window: Window, steps: Sequence[ModelStep], gathered: int
    ) -> str | None:
        """Why it is time; None where it is not, or too little was chosen since the last attempt."""
        if gathered < self.settings.refresh_events:
            return None
        lineage = champion.bundle.lineage
        if int(lineage.get("refreshes", 0)) >= self.settings.refreshes:
            return "the ranker was refreshed as often as it may"
        drift = float(lineage.get("refresh", {}).get("drift", 0.0))
        if drift > self.settings.drift:
            return f"the scores have drifted (stability index {drift:.2f})"
        unknown = window.unknown_share(window.start)
        if unknown > self.settings.unknown_share:
            return f"{unknown:.0%} of what is chosen was not known to the training"
        last = max((each.time for each in steps if each.step == "trained"), default=None)
        if last is None:
            last = parse_instant(str(champion.bundle.manifest["created"]))
        if self.clock.now() - last > self.settings.retrain_hours * HOUR:
            return "it is time"
        return None

    def make(self, parent: str, why: str, say: Say) -> tuple[str, dict[str, Any]]:
        """Train on the whole log and publish, unpromoted; the id, and what is to be written down.

        Raises TooLittleData.
        """
        began = monotonic()
        say("reading the log", 0, 0)
        data = load_dataset(self.facts, self.kinds)
        settings, more = self.recipe(parent)
        trained = train(data, settings, progress=say, examine=self.examine)
        seconds = monotonic() - began
        contents = contents_of(
            trained, data, settings, until=None, seconds=seconds, parent=parent, more=more
        )
        bundle = self.bundles.publish(contents, promote=False)
        detail = {
            "why": why,
            "until": data.sequence,
            "events": len(data.events),
            "seconds": round(seconds, 1),
        }
        return bundle, detail
