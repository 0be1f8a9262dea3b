"""The whole of an evaluation: what stands in the report, and what had no part in it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import Line, log_of
from tests.evaluation.shown import visits
from tests.training.tribes import CHOICES, SMALL, films, tribes

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.evaluate import Evaluation, _spread, evaluate
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.evaluation.results import (
    ImportanceSection,
    ListSection,
    PairSection,
    Report,
    SourceSection,
)
from shortlist.pipeline.parts import arrays_of, texts_of
from shortlist.training.train import train

ASKED = Evaluation(name="two tribes", simulated=False, protocol="last-share")
TIMED = [name for name, protocol in PROTOCOLS.items() if protocol.timed]


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(tribes(), SMALL, ASKED)


def lists_of(report: Report) -> list[ListSection]:
    return [each for each in report.sections if isinstance(each, ListSection)]


def importance_of(report: Report) -> ImportanceSection:
    (found,) = (each for each in report.sections if isinstance(each, ImportanceSection))
    return found


def in_test(data: Dataset, name: str) -> np.ndarray:
    """Which events a protocol asks about, at least in part."""
    fit = PROTOCOLS[name].part(data, 0)[1].fit.events
    known = set(zip(fit.user.tolist(), fit.time.tolist(), strict=True))
    pairs = zip(data.events.user.tolist(), data.events.time.tolist(), strict=True)
    return np.array([pair not in known for pair in pairs])


def otherwise(data: Dataset, name: str) -> Dataset:
    """The log in which all that a protocol asks about happened to other films."""
    later = in_test(data, name)
    item = np.where(later, (data.events.item + 6) % data.n_items, data.events.item)
    return replace(data, events=replace(data.events, item=item.astype(np.int32)))


def test_every_row_stands_beside_popularity(report: Report) -> None:
    for section in lists_of(report):
        rows = {row.name: row for row in section.rows}
        assert set(rows) == {*SMALL.sources, "blend", "two_stage"}
        assert [row.role for row in section.rows].count("baseline") == 1
        assert rows["popularity"].role == "baseline"
        assert rows["two_stage"].role == "subject"
        assert "popularity" in rows["two_stage"].differences
        assert "blend" in rows["two_stage"].differences


def test_popularity_stands_there_also_where_it_is_no_source(report: Report) -> None:
    sources = {name: kept for name, kept in SMALL.sources.items() if name != "popularity"}
    without = evaluate(tribes(), SMALL.model_copy(update={"sources": sources}), ASKED)

    ours, theirs = (lists_of(each)[0].rows[0] for each in (report, without))
    assert theirs.name == "popularity"
    assert {name: each.value for name, each in theirs.metrics.items()} == {
        name: each.value for name, each in ours.metrics.items()
    }
    pairs = [each for each in without.sections if isinstance(each, PairSection)]
    line = {row.name: row.metrics["log_loss"].value for row in pairs[0].rows}
    assert 0 < line["popularity"] < 1
    assert "popularity" not in without.notes[1]


def test_differences_are_of_the_same_people(report: Report) -> None:
    rows = {row.name: row for row in lists_of(report)[0].rows}

    difference = rows["two_stage"].differences["popularity"]["ndcg@10"]

    two_stage, popularity = rows["two_stage"], rows["popularity"]
    assert difference.value == pytest.approx(
        two_stage.metrics["ndcg@10"].value - popularity.metrics["ndcg@10"].value
    )
    assert difference.low is not None
    assert difference.low > 0


def test_all_metrics_are_told_at_all_cuts(report: Report) -> None:
    wanted = {
        "ndcg",
        "recall",
        "precision",
        "mrr",
        "map",
        "hit_rate",
        "coverage",
        "novelty",
        "gini",
    }

    for row in lists_of(report)[0].rows:
        named = {name.partition("@")[0] for name in row.metrics}
        assert wanted <= named
        assert {name.partition("@")[2] for name in row.metrics} == {"5", "10", "20"}


def test_what_was_liked_is_measured_apart_where_some_was_not(report: Report) -> None:
    every, likes = lists_of(report)

    assert every.relevance == "every choice"
    assert "liked" in likes.relevance
    assert likes.lists is not None
    assert every.lists is not None
    assert likes.lists <= every.lists


def test_where_everything_was_liked_it_is_measured_once() -> None:
    data = tribes()
    content = replace(data, events=replace(data.events, liked=np.ones(len(data.events), bool)))

    assert len(lists_of(evaluate(content, SMALL, ASKED))) == 1


def test_sources_probabilities_and_columns_are_told(report: Report) -> None:
    kinds = [type(each) for each in report.sections]
    assert kinds == [ListSection, ListSection, SourceSection, PairSection, ImportanceSection]

    (sources,) = (each for each in report.sections if isinstance(each, SourceSection))
    assert {each.name for each in sources.sources} == set(SMALL.sources)
    (pairs,) = (each for each in report.sections if isinstance(each, PairSection))
    assert {row.name for row in pairs.rows} == {"popularity", "two_stage"}
    assert sum(each.gain for each in importance_of(report).features) <= 1 + 1e-9


def test_the_data_is_described_as_it_was_measured(report: Report) -> None:
    about = report.data

    assert (about.name, about.simulated) == ("two tribes", False)
    assert (about.users, about.items, about.events) == (40, 24, 40 * CHOICES)
    assert about.catalogue_rule == "items with at least 5 events"
    assert about.from_time is not None
    assert about.until_time is not None
    assert about.from_time < about.until_time


def test_a_report_goes_to_json_and_back(report: Report) -> None:
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_the_same_log_and_seed_give_the_same_figures(report: Report) -> None:
    again = evaluate(tribes(), SMALL, ASKED)

    assert again.sections == report.sections
    assert again.notes == report.notes


@pytest.mark.parametrize("name", TIMED)
def test_what_is_asked_about_has_no_part_in_what_is_trained(name: str) -> None:
    """Everybody's future is another one: the trained model is the same to the byte."""
    protocol = PROTOCOLS[name]
    ours, theirs = (protocol.part(data, 0)[1].fit for data in (tribes(), otherwise(tribes(), name)))

    mine, other = (train(fit, SMALL, cut=protocol.cut).model for fit in (ours, theirs))

    assert texts_of(mine) == texts_of(other)
    for part, array in arrays_of(mine).items():
        assert array.tobytes() == arrays_of(other)[part].tobytes(), part


def test_what_is_asked_about_changes_the_figures_and_nothing_that_was_learned(
    report: Report,
) -> None:
    """The same through the front door: the ranker's columns and the blend's weights stay."""
    other = evaluate(otherwise(tribes(), "last-share"), SMALL, ASKED)

    assert importance_of(other) == importance_of(report)
    assert other.notes == report.notes
    assert any("blend" in note for note in report.notes)
    assert lists_of(other)[0].rows != lists_of(report)[0].rows


def test_the_order_of_the_answers_in_time_changes_nothing(report: Report) -> None:
    """The last two choices of everybody the other way round."""
    data = tribes()
    time = data.events.time.copy()
    for user in range(data.n_users):
        *_, one, other = data.positions_of(user)
        time[[one, other]] = time[[other, one]]
    order = np.argsort(time, kind="stable")
    swapped = replace(data, events=replace(data.events, time=time).take(order))

    again = evaluate(swapped, SMALL, ASKED)

    assert again.sections == report.sections


def test_who_has_which_number_changes_nothing() -> None:
    """Everybody's number is drawn anew."""
    data = tribes()
    lot = np.random.default_rng(0)
    user = lot.permutation(data.n_users).astype(np.int32)[data.events.user]
    renamed = replace(data, events=replace(data.events, user=user))

    ours, theirs = (lists_of(evaluate(each, SMALL, ASKED))[0] for each in (data, renamed))

    for mine, other in zip(ours.rows, theirs.rows, strict=True):
        if mine.name in SMALL.sources:
            assert mine.metrics["ndcg@10"].value == pytest.approx(
                other.metrics["ndcg@10"].value, abs=1e-9
            )


def test_a_log_without_times_is_split_at_random() -> None:
    found = evaluate(tribes(times=False), SMALL, replace(ASKED, protocol=None))

    assert found.title.endswith("random-share")
    assert "lets the future explain the past" in lists_of(found)[0].protocol
    assert found.data.from_time is None


def test_a_protocol_that_needs_times_says_so() -> None:
    with pytest.raises(Invalid, match="use --protocol random-share"):
        evaluate(tribes(times=False), SMALL, ASKED)


def test_an_unknown_protocol_is_told_the_known_ones() -> None:
    with pytest.raises(Invalid, match="global-time, last-share"):
        evaluate(tribes(), SMALL, replace(ASKED, protocol="tomorrow"))


def test_items_that_few_chose_are_not_measured() -> None:
    rare = [Line(user, 23, 17_000 * 86_400_000_000) for user in range(4)]
    lines = [
        Line(user, (user * 7 + nth * 2) % 20, 17_001 * 86_400_000_000 + nth * 10**9)
        for user in range(40)
        for nth in range(8)
    ]

    found = evaluate(log_of(*rare, *lines, catalogue=films()), SMALL, ASKED)

    assert found.data.items == 20


def test_a_log_that_leaves_nobody_to_ask_says_so() -> None:
    disliked = log_of(*(Line(user, user % 4, user, "dislike") for user in range(40)))

    with pytest.raises(TooLittleData, match="nobody to ask"):
        evaluate(disliked, SMALL, replace(ASKED, min_item_events=1))


def test_the_sampled_protocol_is_measured_where_it_is_wanted() -> None:
    found = evaluate(tribes(), SMALL, replace(ASKED, with_sampled=True))

    titles = [each.title for each in found.sections if isinstance(each, PairSection)]
    assert [title for title in titles if "three uniform negatives" in title]


def test_where_lists_were_shown_clicks_are_foreseen_beside_who_knows_the_truth() -> None:
    data = visits()

    def truth(log: Dataset, positions: np.ndarray) -> np.ndarray:
        same = log.events.user[positions] % 2 == log.events.item[positions] % 2
        return np.where(same, 0.8, 0.0)

    found = evaluate(data, SMALL, replace(ASKED, oracle=truth))

    clicks = next(each for each in found.sections if "Clicks" in each.title)
    assert isinstance(clicks, PairSection)
    rows = {row.name: row for row in clicks.rows}
    assert rows["oracle"].role == "limit"
    auc = {name: row.metrics["auc"].value for name, row in rows.items()}
    lucky = 0.01  # on a few hundred clicks chance may favour the model by so much
    assert auc["popularity"] < auc["probability"] < auc["oracle"] + lucky
    assert any("of the way from popularity to the oracle" in note for note in clicks.notes)


def test_of_many_questions_some_are_looked_at_from_the_first_to_the_last() -> None:
    looked_at = np.flatnonzero(_spread(20_000, 2000))

    assert len(looked_at) == 2000
    assert (looked_at[0], looked_at[-1]) == (0, 19_999)
    assert set(np.diff(looked_at).tolist()) <= {9, 10, 11}
    assert _spread(7, 2000).all()
