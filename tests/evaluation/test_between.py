"""What may learn between trainings is told apart by what it knows, and nothing knows the answer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.between import Following, Moment, between_trainings, stretches
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.evaluation.results import ListSection, Row
from shortlist.pipeline.model import Model, Retrieval
from shortlist.ranking.booster import Booster
from shortlist.ranking.ranker import Ranker
from shortlist.training.train import fit_retrieval, train

KS = (5, 10)
EVERY = 20


class Again:
    """Learns by being fitted again on what may be known."""

    def __init__(self, data: Dataset, start: int, _: Retrieval) -> None:
        self._data = data
        self.learned = [start]

    def learn(self, until: int) -> None:
        self.learned.append(until)

    def retrieval(self) -> Retrieval:
        known = np.arange(len(self._data.events)) < self.learned[-1]
        return fit_retrieval(self._data.where(known), SMALL)


@pytest.fixture(scope="module")
def fold() -> Fold:
    return PROTOCOLS["successive"].part(tribes(), 0)[1]


@pytest.fixture(scope="module")
def model(fold: Fold) -> Model:
    return train(fold.fit, SMALL, cut="time").model


@pytest.fixture(scope="module")
def section(fold: Fold, model: Model) -> ListSection:
    return between_trainings(tribes(), fold, model, Again, ks=KS, seed=0, every=EVERY)


def _without_history(query: Query) -> Query:
    return Query(time=query.time, user=query.user, excluded=query.excluded)


def rows_of(section: ListSection) -> dict[str, Row]:
    return {row.name: row for row in section.rows}


def test_the_rows_go_from_what_learns_nothing_to_what_learns_most(section: ListSection) -> None:
    assert list(rows_of(section)) == [
        "popularity",
        "static item_neighbours",
        "static transitions",
        "static bundle",
        "(a) histories",
        "(a+b) and sources",
    ]
    assert [row.role for row in section.rows] == ["baseline", *["contender"] * 3, *["subject"] * 2]


def test_each_is_set_beside_the_best_that_stands_still_and_the_one_before(
    section: ListSection,
) -> None:
    rows = rows_of(section)
    static = [row for row in section.rows if row.role != "subject"]
    best = max(static, key=lambda row: row.metrics["ndcg@10"].value).name

    assert set(rows["(a) histories"].differences) == {"popularity", best}
    assert set(rows["(a+b) and sources"].differences) == {"popularity", best, "(a) histories"}
    difference = rows["(a) histories"].differences[best]["ndcg@10"]
    assert difference.value == pytest.approx(
        rows["(a) histories"].metrics["ndcg@10"].value - rows[best].metrics["ndcg@10"].value
    )


def test_without_what_goes_on_learning_only_histories_do(fold: Fold, model: Model) -> None:
    found = between_trainings(tribes(), fold, model, ks=KS, seed=0)

    assert list(rows_of(found))[-1] == "(a) histories"


def test_static_rows_know_nothing_from_after_the_cut(fold: Fold, model: Model) -> None:
    """What users did since, save that it is left out, has no part in static lists."""
    ours = between_trainings(tribes(), fold, model, ks=KS, seed=0)
    forgetful = [replace(each, query=_without_history(each.query)) for each in fold.questions]

    theirs = between_trainings(tribes(), replace(fold, questions=forgetful), model, ks=KS, seed=0)

    for name, row in rows_of(ours).items():
        same = rows_of(theirs)[name].metrics == row.metrics
        assert same == (name != "(a) histories"), name


def test_no_answer_was_learned_before_it_was_asked_about(fold: Fold) -> None:
    data, start = tribes(), len(fold.fit.events)
    questions = sorted(fold.questions, key=lambda each: each.query.time)

    found = list(stretches(data, start, questions, EVERY))

    assert [place for each in found for place in each.asked] == list(range(len(questions)))
    for each in found:
        for place in each.asked:
            instant = questions[place].query.time
            assert start <= each.until
            assert (data.events.time[: each.until] < instant).all()
            known = (data.events.time < instant).sum()
            assert known - each.until < EVERY


def test_it_learns_in_the_order_of_the_log(fold: Fold, model: Model) -> None:
    told: list[Again] = []

    def follow(data: Dataset, start: int, retrieval: Retrieval) -> Following:
        told.append(Again(data, start, retrieval))
        return told[-1]

    between_trainings(tribes(), fold, model, follow, ks=KS, seed=0, every=EVERY)

    assert told[0].learned[0] == len(fold.fit.events)
    assert told[0].learned == sorted(told[0].learned)
    assert len(set(told[0].learned)) > 2


def test_the_table_says_how_many_were_asked_and_how_often_it_learned(
    section: ListSection, fold: Fold
) -> None:
    assert f"{len(fold.questions):,} of {len(fold.questions):,} questions" in section.protocol
    assert "20 events at a time" in section.protocol
    assert section.lists == len(fold.questions)


class Turning:
    """Learns on by coming to think the opposite."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def refreshed(self, ranker: Ranker, asked: Sequence[Moment]) -> Ranker:
        self.asked.append(sum(len(questions) for _, questions in asked))
        return replace(ranker, order=Opposite(ranker.order.text))


class Opposite(Booster):
    def predict(self, matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        return -super().predict(matrix)


def test_the_ranker_learns_on_from_what_was_asked_and_answers_what_comes_after(
    fold: Fold, model: Model
) -> None:
    turning, never = Turning(), Turning()
    half, more = len(fold.questions) // 2, len(fold.questions) + 1

    found, still = (
        between_trainings(
            tribes(),
            fold,
            model,
            Again,
            each,
            ks=KS,
            seed=0,
            every=EVERY,
            refresh_every=number,
        )
        for each, number in ((turning, half), (never, more))
    )

    assert turning.asked
    assert turning.asked[0] >= half
    rows, same = rows_of(found), rows_of(still)
    assert list(rows)[-2:] == ["(a+b) and sources", "(a+b+c) and ranker"]
    assert rows["(a+b+c) and ranker"].metrics != rows["(a+b) and sources"].metrics
    assert not never.asked
    assert same["(a+b+c) and ranker"].metrics == same["(a+b) and sources"].metrics
    assert same["(a+b) and sources"].metrics == rows["(a+b) and sources"].metrics
