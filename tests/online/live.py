"""A small home on which people go on choosing, and a keeper that looks after its models."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from tests.training.tribes import ITEMS, SMALL, START

from shortlist.bootstrap import Home, open_home, open_keeper
from shortlist.core.events import Event
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.load import load_dataset
from shortlist.online.keeper import Keeper
from shortlist.online.worker_settings import WorkerSettings
from shortlist.settings import Settings
from shortlist.storage.bundles import BundleContents
from shortlist.training.publish import contents_of
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import train

RECIPE = SMALL.model_copy(update={"live_statistics": False})
"""With so few events statistics as of each question teach little: half the order would be luck."""

QUICK = WorkerSettings(
    refresh_events=100,
    refresh_minutes=1e6,
    refresh_trees=4,
    compared_events=400,
    margin=0.2,
    per_user=5,
    retrain_hours=1e6,
    drift=1e6,
    unknown_share=1.0,
)


@dataclass
class Live:
    """A home, its keeper, and people who choose."""

    home: Home
    said: list[str] = field(default_factory=list)
    figures: Sequence[Mapping[str, Any]] = ()
    clock: int = START
    people: int = 0

    def keeper(self) -> Keeper:
        """A keeper as a new process would have it."""

        def told(figures: Sequence[Mapping[str, Any]]) -> None:
            self.figures = figures

        return open_keeper(self.home, lambda phase, _done, _of: self.said.append(phase), told)

    def choose(self, events: int, *, against: bool = False, seed: int = 0) -> None:
        """New people choose eight films each of their own tribe; or of the other, by and by."""
        rng = np.random.default_rng((seed, self.people))
        found: list[Event] = []
        while len(found) < events:
            self.people += 1
            tribe = self.people % 2
            films = rng.permutation(np.arange(tribe, ITEMS, 2))[:8]
            if against:
                films[1::2] = rng.permutation(np.arange(1 - tribe, ITEMS, 2))[:4]
            for film in films:
                self.clock += HOUR // 4
                user, item = f"new-{self.people}", f"film-{film}"
                found.append(Event(user, item, "rating", value=5.0, time=self.clock))
        self.home.facts.append(found[:events])

    def train(
        self, recipe: TrainingSettings = RECIPE, more: Mapping[str, str] | None = None
    ) -> str:
        """Train on all there is, by hand."""
        data = load_dataset(self.home.facts, self.home.settings.kinds)
        made = train(data, recipe)
        contents = contents_of(made, data, recipe, until=None, seconds=0, parent=None, more=more)
        bundle = self.home.bundles.publish(contents)
        self.home.models.trained(bundle, {"until": data.sequence}, parent=None)
        return bundle

    def steps(self) -> list[str]:
        """The names of all steps, the oldest first."""
        return [each.step for each in self.home.facts.model_steps.all()]


def turned(keeper: Keeper, most: int = 200) -> None:
    """Let it do all there is to do."""
    for _ in range(most):
        if not keeper.turn():
            return
    raise AssertionError("the keeper does not come to rest")


@contextmanager
def live(folder: Path, clock: Literal["system", "log"] = "system", **worker: Any) -> Iterator[Live]:
    """A home with the choices of a few hundred people, trained."""
    settings = Settings(clock=clock, training=RECIPE, worker=QUICK.model_copy(update=worker))
    path = open_home(folder / "home").path
    home = Home(path, settings)
    found = Live(home, clock=START + 90 * DAY)
    found.choose(800)
    found.train()
    yield found
    home.facts.close()


def turned_round(live: Live) -> str:
    """A challenger that puts last what the champion puts first: all leaves have changed signs."""
    store = live.home.bundles
    parent = store.open()
    forest = re.sub(
        r"(?m)^leaf_value=(.*)$",
        lambda line: "leaf_value=" + " ".join(str(-float(each)) for each in line[1].split()),
        parent.text("ranker/order.txt"),
    )
    lineage = {**parent.lineage, "root": parent.lineage.get("root", parent.id), "turned": True}
    return store.derive(
        parent.id,
        BundleContents(
            arrays={},
            texts={"ranker/order.txt": forest},
            lineage=lineage,
            settings=parent.settings,
            metrics=parent.metrics,
        ),
    )
