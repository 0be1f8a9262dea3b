import numpy as np
import pytest

from shortlist.core.pool import Pool
from shortlist.features import FEATURES
from shortlist.ranking.columns import SOURCE_COLUMNS, column_names, meaning, source_columns
from shortlist.retrieval import SOURCES

COLUMNS = column_names(list(SOURCES))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_is_described_as_a_sentence(column: str) -> None:
    said = meaning(column)

    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said


def test_no_two_columns_are_called_alike_or_mean_the_same() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert len({meaning(column) for column in COLUMNS}) == len(COLUMNS)


def test_a_column_of_a_source_names_its_source() -> None:
    assert all(name in meaning(f"{name}.{kind}") for name in SOURCES for kind in SOURCE_COLUMNS)


def test_the_sources_come_first_each_with_all_its_columns_then_the_features() -> None:
    assert column_names(["ease", "als"]) == [
        *("ease.score", "ease.relative", "ease.rank"),
        *("als.score", "als.relative", "als.rank"),
        *FEATURES,
    ]


def test_there_are_forty_features_and_more() -> None:
    assert len(FEATURES) >= 40


def test_an_unknown_column_has_no_meaning() -> None:
    with pytest.raises((KeyError, ValueError)):
        meaning("astrology")


def test_a_candidate_has_score_share_of_the_best_and_rank_of_each_source() -> None:
    pool = Pool(
        items=np.array([4, 7], np.int32),
        scores=np.array([[5, 2], [0, 3]], np.float32),
        tops=np.array([10, 3], np.float32),
        ranks=np.array([[0, 1], [2, 0]], np.float32),
        quota=2,
    )

    assert source_columns(pool).tolist() == [
        [5, 0.5, 0, 0, 0, 2],
        [2, pytest.approx(0.2), 1, 3, 1, 0],
    ]


def test_a_source_that_says_nothing_at_all_has_no_share_of_a_best() -> None:
    silent = np.zeros((1, 2), np.float32)
    pool = Pool(np.array([4, 7], np.int32), silent, np.zeros(1, np.float32), silent + 2, 2)

    assert source_columns(pool)[:, 1].tolist() == [0, 0]
