"""What the figures must show on the published files, where SHORTLIST_DATASETS says they are."""

import os
from pathlib import Path

import pytest
from tests.cli.shell import Shell

from shortlist.evaluation.results import ListSection, Report, Row


def published(name: str) -> Path:
    datasets = os.environ.get("SHORTLIST_DATASETS")
    if datasets is None or not (Path(datasets) / name).exists():
        pytest.skip(f"SHORTLIST_DATASETS names no folder with {name}")
    return Path(datasets) / name


def ndcg(row: Row) -> float:
    return row.metrics["ndcg@10"].value


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_on_movielens_the_two_stage_list_beats_popularity_the_best_source_and_the_blend(
    empty: Shell, tmp_path: Path
) -> None:
    folder, figures = published("movielens-latest-small"), tmp_path / "report.json"
    empty("import", "movielens", folder)

    run = empty("evaluate", "--protocol", "last-share", "--json", figures)

    assert run.code == 0
    report = Report.model_validate_json(figures.read_text("utf-8"))
    lists = next(each for each in report.sections if isinstance(each, ListSection))
    rows = {row.name: row for row in lists.rows}
    two_stage, blend = rows["two_stage"], rows["blend"]
    sources = [row for row in lists.rows if row not in (two_stage, blend)]
    ahead = two_stage.differences["blend"]["ndcg@10"]
    assert (report.data.items, lists.users) == (3650, 610)
    assert ndcg(two_stage) >= 1.8 * ndcg(rows["popularity"])
    assert ndcg(two_stage) >= 1.08 * max(ndcg(row) for row in sources)
    assert ahead.low is not None
    assert ahead.low > 0
