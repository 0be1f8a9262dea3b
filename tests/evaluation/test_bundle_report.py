"""The report that a training leaves with its bundle."""

import json

import numpy as np
import pytest
from tests.datasets.camps import two_camps
from tests.training.tribes import SMALL, tribes

from shortlist.evaluation.bundle_report import BundleReport, judged_by_others, read_report
from shortlist.evaluation.popular_items import item_groups
from shortlist.evaluation.results import (
    ImportanceSection,
    ListSection,
    PairSection,
    PopularitySection,
    Report,
    SourceSection,
)
from shortlist.training.publish import REPORT, contents_of
from shortlist.training.train import Trained, train


@pytest.fixture(scope="module")
def told() -> Trained:
    return train(tribes(), SMALL, examine=BundleReport("tribes", simulated=True))


@pytest.fixture(scope="module")
def report(told: Trained) -> Report:
    found = read_report(told.report or "")
    assert found is not None
    return found


def test_it_has_all_sections(report: Report) -> None:
    kinds = [type(each) for each in report.sections]

    assert kinds == [
        ListSection,
        PairSection,
        SourceSection,
        PopularitySection,
        ImportanceSection,
    ]


def test_it_says_the_same_as_the_figures_of_the_bundle(told: Trained, report: Report) -> None:
    lists = report.sections[0]
    assert isinstance(lists, ListSection)
    rows = {row.name: row.metrics["ndcg@10"].value for row in lists.rows}

    assert rows["two_stage"] == pytest.approx(told.metrics["ndcg@10"])
    assert rows["popularity"] == pytest.approx(told.metrics["popularity ndcg@10"])


def test_where_lists_were_shown_they_are_put_in_other_orders() -> None:
    recipe = SMALL.model_copy(update={"sources": {**SMALL.sources, "mixed_effects": {}}})
    told = train(two_camps(), recipe, examine=BundleReport("camps", simulated=True))
    found = read_report(told.report or "")
    assert found is not None

    section = found.sections[1]

    assert isinstance(section, ListSection)
    rows = {row.name: row.metrics["ndcg@10"].value for row in section.rows}
    said = told.metrics
    assert rows == {
        "popularity": pytest.approx(said["popularity ndcg@10 in lists shown"]),
        "as shown": pytest.approx(said["as shown ndcg@10 in lists shown"]),
        "two_stage": pytest.approx(said["ndcg@10 in lists shown"]),
    }


def test_the_tenths_of_the_items_share_everything(report: Report) -> None:
    section = report.sections[3]
    assert isinstance(section, PopularitySection)

    for name in ("events", "answers", "popularity", "two_stage"):
        assert sum(each.shares[name] for each in section.groups) == pytest.approx(1)


def test_the_most_popular_items_come_first() -> None:
    groups = item_groups(np.array([1, 6, 3]), {"events": np.array([1, 6, 3])})

    assert [each.shares["events"] for each in groups] == [0.6, 0.3, 0.1]


def test_nobody_is_judged_by_what_came_true_of_themselves() -> None:
    users = np.repeat([0, 1], 50).astype(np.int32)
    happened = users == 1

    found = judged_by_others(np.zeros(100), happened, users)

    assert (found[users == 0] > 0.9).all()
    assert (found[users == 1] < 0.1).all()


def test_it_is_kept_with_the_bundle(told: Trained) -> None:
    contents = contents_of(told, tribes(), SMALL, until=None, seconds=1, parent=None)

    assert json.loads(contents.texts[REPORT])["title"]


def test_what_another_version_wrote_is_no_report() -> None:
    assert read_report('{"title": "from the future"}') is None
