"""A model goes through a bundle and comes out as it went in."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.training.tribes import ITEMS, SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.core.errors import DamagedBundle
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import arrays_of, model_from, texts_of
from shortlist.pipeline.retrieve import score_all
from shortlist.storage.bundles import BundleContents, open_bundles
from shortlist.training.settings import DEFAULT_SOURCES, TrainingSettings
from shortlist.training.train import Trained, fit_retrieval


def through(folder: Path, model: Model) -> Model:
    """The model after a bundle."""
    store = open_bundles(folder)
    store.publish(BundleContents(arrays_of(model), texts_of(model), {}, {}))
    bundle = store.open()
    return model_from(bundle.arrays, bundle.text)


def queries() -> list[Query]:
    data = tribes()
    stranger = Query(time=data.last_time + 1)
    return [stranger, *(data.query(user) for user in range(data.n_users))]


def assert_same_answers(one: Model, other: Model) -> None:
    for query in queries():
        ours, theirs = one.rank(query, ITEMS), other.rank(query, ITEMS)
        assert len(ours.items)
        assert np.array_equal(ours.items, theirs.items)
        assert np.array_equal(ours.scores, theirs.scores)
        assert np.array_equal(one.probabilities(ours), other.probabilities(theirs))
        assert np.array_equal(
            one.ranker.contributions(ours.matrix), other.ranker.contributions(theirs.matrix)
        )


def test_a_bundle_answers_to_the_bit_as_the_model_it_was_made_of(
    tmp_path: Path, trained: Trained
) -> None:
    assert_same_answers(trained.model, through(tmp_path, trained.model))


def test_every_usual_source_comes_back(tmp_path: Path, trained: Trained) -> None:
    settings = SMALL.model_copy(update={"sources": TrainingSettings().sources})
    before = replace(trained.model, retrieval=fit_retrieval(tribes(), settings))

    after = through(tmp_path, before)

    assert list(after.retrieval.sources) == list(DEFAULT_SOURCES)
    for query in queries():
        ours, theirs = (score_all(each.retrieval.sources, query) for each in (before, after))
        assert np.array_equal(ours, theirs)


def test_the_catalogue_comes_back_as_people_read_it(tmp_path: Path, trained: Trained) -> None:
    before = trained.model.retrieval.catalogue

    after = through(tmp_path, trained.model).retrieval.catalogue

    assert list(after.ids) == list(before.ids)
    assert after.titles == before.titles
    assert after.categories == before.categories
    assert np.array_equal(after.years, before.years)


def test_settings_and_columns_are_written_where_people_can_read_them(trained: Trained) -> None:
    told = json.loads(texts_of(trained.model)["pipeline.json"])

    assert told["sources"] == list(SMALL.sources)
    assert told["columns"] == trained.model.retrieval.columns()
    assert told["retrieval"] == {"per_source": 15, "limit": 20}
    assert told["timed"] is True


def test_a_bundle_has_arrays_and_text_and_nothing_else(tmp_path: Path, trained: Trained) -> None:
    through(tmp_path, trained.model)

    (bundle,) = (each for each in tmp_path.iterdir() if each.is_dir() and each.name[0] == "2")
    files = [each for each in bundle.rglob("*") if each.is_file()]
    assert {each.suffix for each in files} == {".npy", ".json", ".txt"}
    for each in files:
        if each.suffix == ".npy":
            assert not np.load(each, allow_pickle=False).dtype.hasobject
        else:
            assert each.read_text("utf-8")


@pytest.mark.parametrize("lost", ["pipeline.json", "ranker/order.txt"])
def test_a_bundle_without_one_of_its_texts_is_refused_by_the_name_of_it(
    tmp_path: Path, trained: Trained, lost: str
) -> None:
    texts = {name: text for name, text in texts_of(trained.model).items() if name != lost}
    store = open_bundles(tmp_path)
    store.publish(BundleContents(arrays_of(trained.model), texts, {}, {}))
    bundle = store.open()

    with pytest.raises(DamagedBundle, match=lost):
        model_from(bundle.arrays, bundle.text)
