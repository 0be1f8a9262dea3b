"""The published files themselves, where SHORTLIST_DATASETS says they are."""

import os
from pathlib import Path

import pytest
from tests.datasets.importers.sample import Bench

from shortlist.core.times import iso
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.movielens import import_movielens
from shortlist.datasets.importers.movietweetings import import_movietweetings
from shortlist.datasets.importers.rejects import Reason
from shortlist.datasets.importers.run import Policy, importing


def published(name: str) -> Path:
    datasets = os.environ.get("SHORTLIST_DATASETS")
    if datasets is None or not (Path(datasets) / name).exists():
        pytest.skip(f"SHORTLIST_DATASETS names no folder with {name}")
    return Path(datasets) / name


def test_movielens_latest_small_is_imported_whole_and_once(bench: Bench) -> None:
    folder = published("movielens-latest-small")
    strict = Policy(max_bad_share=0)

    for added in ([9742, 100_836, 3683], [0, 0, 0]):
        with importing(bench.facts, bench.rejects, strict) as run:
            import_movielens(folder, run)
        assert [each.added for each in run.report.files] == added

    ratings = bench.log.filter(kind="rating")
    assert ratings["user"].n_unique() == 610
    assert int((ratings["item"].value_counts()["count"] >= 5).sum()) == 3650
    assert bench.facts.items()["text"].null_count() < 9742
    assert not bench.rejects.exists()


def test_movietweetings_100k_is_imported_whole(bench: Bench) -> None:
    folder = published("movietweetings-100k")

    with importing(bench.facts, bench.rejects, Policy(max_bad_share=0)) as run:
        import_movietweetings(folder, run)

    assert [each.added for each in run.report.files] == [10_506, 100_000]
    assert bench.log["user"].n_unique() == 16_554


def test_lastfm_plays_are_imported_from_parquet(bench: Bench) -> None:
    path = published("lastfm-2k") / "interactions.parquet"
    columns = EventColumns(user="user", item="item", value="plays", as_kind="play")

    report = bench.events(path, columns, Policy(max_bad_share=0))

    assert report.added == 92_834
    assert bench.log["item"].n_unique() == 17_632


def test_open_bandit_impressions_are_imported_from_csv(bench: Bench) -> None:
    path = published("open-bandit") / "random" / "men" / "men.csv"
    columns = EventColumns(
        user="user_feature_0", item="item_id", time="timestamp", kind="click", value="position"
    )

    report = bench.events(path, columns, Policy(max_bad_share=0.01))

    assert report.rows == 10_000
    assert report.added == 10_000 - report.rejected[Reason.DUPLICATE]
    assert iso(bench.log["time"].min())[:7] == "2019-11"  # type: ignore[arg-type]
