import json

from tests.training.tribes import SMALL, START, tribes

from shortlist.core.times import iso
from shortlist.storage.bundles import BundleContents
from shortlist.training.publish import LIBRARIES, contents_of
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained


def published(trained: Trained, until: int | None = None) -> BundleContents:
    data = tribes()
    return contents_of(trained, data, SMALL, until=until, seconds=1.26, parent="older")


def test_a_bundle_says_what_it_was_made_of(trained: Trained) -> None:
    lineage, data = published(trained).lineage, tribes()

    assert lineage["events"] == len(data.events)
    assert (lineage["users"], lineage["items"]) == (data.n_users, data.n_items)
    assert lineage["sequence"] == data.sequence
    assert lineage["data_until"] == iso(data.last_time)
    assert lineage["until"] is None
    assert (lineage["parent"], lineage["seconds"]) == ("older", 1.3)
    assert {"shortlist", "python", *LIBRARIES} == set(lineage["versions"])


def test_a_bundle_says_until_when_it_was_trained(trained: Trained) -> None:
    assert published(trained, until=START).lineage["until"] == iso(START)


def test_the_settings_of_a_bundle_are_those_it_could_be_trained_with_again(
    trained: Trained,
) -> None:
    settings = published(trained).settings

    assert TrainingSettings.model_validate_json(json.dumps(settings)) == SMALL


def test_nothing_in_a_bundle_needs_python_to_be_read(trained: Trained) -> None:
    contents = published(trained)

    assert contents.arrays
    assert all(array.dtype.kind in "iufb" for array in contents.arrays.values())
    assert all(text.isprintable() or "\n" in text for text in contents.texts.values())
