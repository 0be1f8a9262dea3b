"""A model that was really trained comes back from a bundle as it went in."""

from pathlib import Path

import numpy as np
import polars as pl

from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.load import load_dataset, load_query
from shortlist.pipeline.parts import arrays_of, model_from, texts_of
from shortlist.simulation import World
from shortlist.simulation.keep import keep
from shortlist.storage.bundles import BundleContents, open_bundles
from shortlist.storage.facts import open_facts
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import train

SETTINGS = TrainingSettings(
    sources={"ease": {}, "popularity": {}, "transitions": {}}, questions=100, negatives=20
)


def test_a_trained_model_answers_the_same_from_its_bundle(tmp_path: Path) -> None:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        keep(World().simulate(events=1500, seed=1), facts, tmp_path)
        data = load_dataset(facts, DEFAULT_KINDS)
        users = pl.concat(facts.events(columns=["user"]))["user"].unique(maintain_order=True)[:5]
        queries = [
            load_query(facts, data.catalogue, DEFAULT_KINDS, user) for user in users.to_list()
        ]
    trained = train(data, SETTINGS).model
    store = open_bundles(tmp_path / "bundles")

    store.publish(BundleContents(arrays_of(trained), texts_of(trained), {}, {}))
    bundle = store.open()
    restored = model_from(bundle.arrays, bundle.text)

    for query in queries:
        assert query is not None
        before, after = trained.rank(query, 10), restored.rank(query, 10)
        assert len(after.items) == 10
        assert np.array_equal(before.items, after.items)
        assert np.array_equal(before.scores, after.scores)
        assert np.array_equal(trained.probabilities(before), restored.probabilities(after))
