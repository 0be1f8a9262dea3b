import numpy as np
import pytest
from tests.datasets.generated import random_log

from shortlist.retrieval.item_axes import ItemAxes

LOG = random_log(items=60)


@pytest.fixture(scope="module")
def axes() -> ItemAxes:
    return ItemAxes.of(LOG, categories=5, directions=4)


def test_every_item_has_one_number_an_axis(axes: ItemAxes) -> None:
    found = axes.numbers(LOG.catalogue)

    assert found.shape == (60, 1 + 5 + 4) == (60, axes.width)
    assert (found[:, 0] == 1).all()


def test_the_frequent_categories_of_an_item_have_the_length_of_one(axes: ItemAxes) -> None:
    found = axes.numbers(LOG.catalogue)[:, 1:6]

    lengths = np.linalg.norm(found, axis=1)
    assert set(np.round(lengths, 6).tolist()) == {0.0, 1.0}
    frequency = np.asarray(LOG.catalogue.category_matrix.sum(axis=0))
    assert np.sort((found > 0).sum(axis=0)).tolist() == np.sort(frequency)[-5:].tolist()


def test_the_directions_spread_over_the_items_alike(axes: ItemAxes) -> None:
    spread = axes.numbers(LOG.catalogue)[:, 6:].std(axis=0)

    assert spread == pytest.approx(np.full(4, 0.5), rel=1e-4)


def test_a_document_is_read_the_same_alone_and_among_others(axes: ItemAxes) -> None:
    together = axes.numbers(LOG.catalogue)

    alone = [axes.numbers(LOG.catalogue.take(np.array([item], np.int32)))[0] for item in range(60)]

    assert np.array_equal(np.stack(alone), together)


def test_it_reads_alike_once_stored(axes: ItemAxes) -> None:
    again = ItemAxes.from_arrays(axes.arrays())

    assert again is not None
    assert np.array_equal(again.numbers(LOG.catalogue), axes.numbers(LOG.catalogue))
    assert ItemAxes.from_arrays({"codes": axes.reading.codes}) is None
