import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, AMELIE, Line, log_of
from tests.features.asking import ask_one

from shortlist.core.candidates import Query
from shortlist.features import FEATURES, compute
from shortlist.features.feature import feature
from shortlist.features.view import Column, View

VIEW = ask_one(log_of(Line(0, ALIEN, 1)), Query(time=2), ALIEN, AMELIE).view()


def test_a_column_without_a_meaning_is_refused() -> None:
    def nameless(view: View) -> Column:
        return np.zeros(len(view.rows), np.float32)

    with pytest.raises(ValueError, match=r"'nameless' needs a docstring"):
        feature(nameless)

    assert "nameless" not in FEATURES


def test_no_two_columns_have_one_name() -> None:
    def item_year(view: View) -> Column:
        """Another year."""
        return np.zeros(len(view.rows), np.float32)

    with pytest.raises(ValueError, match="'item_year' is registered already"):
        feature(item_year)

    assert FEATURES["item_year"].compute is not item_year


def test_the_matrix_has_the_columns_that_are_named_in_their_order() -> None:
    matrix = compute(VIEW, ["item_year", "item_seen_before"])

    assert matrix.dtype == np.float32
    assert matrix.tolist() == [[1979, 1], [2001, 0]]


def test_the_matrix_has_every_column_where_none_is_named() -> None:
    assert compute(VIEW).shape == (2, len(FEATURES))


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="item_yaer"):
        compute(VIEW, ["item_yaer"])
