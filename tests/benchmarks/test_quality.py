"""The comparison with libraries: the same questions for all, no answers handed out, one judge."""

import re
import shutil
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.quality.__main__ import compare
from benchmarks.quality.contest import Arena, Budget, Outcome, System, contend, systems
from benchmarks.quality.descriptions import FOLDER, describe
from benchmarks.quality.exchange import (
    Lists,
    Task,
    best_of,
    read_lists,
    read_task,
    write_lists,
    write_task,
)
from benchmarks.quality.judge import Judge
from benchmarks.quality.measured import measure
from benchmarks.quality.problems import Part, Problem, task_of
from benchmarks.quality.splits import given_fold, read_split
from benchmarks.quality.summary import compared
from benchmarks.quality.tables import write_section
from scipy.sparse import csr_array, save_npz
from tests.training.tribes import tribes

from shortlist.core.errors import BadFile, Invalid
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.protocols import PROTOCOLS

ALIEN, ALIENS, AMELIE, PADDINGTON = range(4)

TRIBES = "title = 'Two tribes'\nimport = [['movielens', '{folder}']]\nprotocols = ['last-share']\n"


def described(folder: Path, text: str) -> str:
    file = folder / "own.toml"
    file.write_text(text)
    return str(file)


def problem(folder: Path, protocol: str = "last-share") -> Problem:
    about = describe(described(folder, TRIBES))
    return Problem(about, protocol, *PROTOCOLS[protocol].part(tribes(), 0))


def judge_of(*relevant: list[int], known: list[int] | None = None) -> Judge:
    """Everybody has what is `known`; AMELIE is more popular than PADDINGTON, ALIEN than both."""
    gains, has = np.zeros((len(relevant), 4)), np.zeros((len(relevant), 4))
    for row, items in enumerate(relevant):
        gains[row, items] = 1
    has[:, known or []] = 1
    popular = best_of(np.tile([4, 1, 3, 2], (len(relevant), 1)), csr_array(has))
    return Judge(csr_array(gains), csr_array(has), np.arange(len(relevant)), popular.items)


def lists(items: list[int], scores: list[float]) -> Lists:
    return Lists(np.array([items], np.int32), np.array([scores], np.float32))


def cells(table: csr_array) -> set[tuple[int, int]]:
    rows, columns = table.nonzero()
    return {*zip(rows.tolist(), columns.tolist(), strict=True)}


@pytest.mark.parametrize("name", sorted(each.stem for each in FOLDER.glob("*.toml")))
def test_a_description_that_comes_with_it_can_be_read(name: str) -> None:
    assert describe(name).name == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 'x'", "say one of import, simulate and"),
        (TRIBES + "simulate = ['--seed', '1']", "say one of import, simulate and"),
        (TRIBES.replace("last-share", "tomorrow"), "no protocol 'tomorrow'"),
        (TRIBES + "colour = 'red'", "colour"),
        ("title =", "Invalid value"),
    ],
)
def test_a_description_with_a_mistake_is_refused_by_its_name(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(BadFile, match=told):
        describe(described(tmp_path, text))


def test_the_descriptions_of_the_guide_can_be_read(tmp_path: Path) -> None:
    guide = (FOLDER.parents[2] / "docs" / "guide" / "benchmarks.md").read_text("utf-8")
    examples = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)

    titles = [describe(described(tmp_path, each)).title for each in examples]

    assert len(titles) == 3


def test_an_unknown_data_set_is_told_which_there_are() -> None:
    with pytest.raises(BadFile, match="latest-small"):
        describe("no-such-thing")


@pytest.mark.parametrize("protocol", ["last-share", "global-time", "successive", "random-share"])
@pytest.mark.parametrize("part", ["validation", "test"])
def test_nobody_is_handed_an_answer(tmp_path: Path, protocol: str, part: Part) -> None:
    fold = problem(tmp_path, protocol).fold(part)

    task = task_of(fold)

    for row, each in enumerate(fold.questions):
        answers = {(row, int(item)) for item in each.items}
        assert not answers & cells(task.known)
        assert not {*task.sequence[task.start[row] : task.start[row + 1]]} & {*each.items}
        if protocol != "successive" and each.query.user >= 0:
            assert not {(each.query.user, int(item)) for item in each.items} & cells(task.train)
    seen = {*zip(task.events.user.tolist(), task.events.item.tolist(), strict=True)}
    assert seen == cells(task.train)


@pytest.mark.parametrize("protocol", ["last-share", "global-time", "successive", "random-share"])
def test_settings_are_chosen_without_the_test_part(tmp_path: Path, protocol: str) -> None:
    test = problem(tmp_path, protocol).fold("test")

    inside = problem(tmp_path, protocol).fold("validation")

    learnt = cells(test.fit.interactions)
    assert cells(inside.fit.interactions) < learnt
    asked = {(each.query.user, int(i)) for each in inside.questions for i in each.items}
    assert asked <= learnt


def test_a_task_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    task = task_of(problem(tmp_path).fold("test"))

    write_task(tmp_path / "task", task)
    again = read_task(tmp_path / "task")

    for name in ("train", "known"):
        one, other = getattr(again, name).toarray(), getattr(task, name).toarray()
        np.testing.assert_array_equal(one, other)
    for name in ("users", "sequence", "start"):
        np.testing.assert_array_equal(getattr(again, name), getattr(task, name))
    np.testing.assert_array_equal(again.events.item, task.events.item)


def test_what_is_known_is_not_among_the_best() -> None:
    known = csr_array(np.array([[1.0, 0, 0, 0]]))

    found = best_of(np.array([[9.0, np.nan, 1.0, 3.0]]), known)

    assert found.items[0, :3].tolist() == [PADDINGTON, AMELIE, -1]


def test_of_equal_scores_the_one_that_was_chosen_comes_last() -> None:
    judge = judge_of([ALIEN])

    ranked = judge.ranked(lists([ALIEN, ALIENS, AMELIE], [1, 1, 2]))

    assert ranked.items.tolist() == [[AMELIE, ALIENS, ALIEN]]


def test_what_the_user_has_is_taken_from_a_list() -> None:
    judge = judge_of([AMELIE], known=[ALIEN])

    ranked = judge.ranked(lists([ALIEN, AMELIE], [2, 1]))

    assert ranked.items.tolist() == [[AMELIE, -1]]


def test_whoever_gets_no_list_gets_the_popular_one() -> None:
    judge = judge_of([AMELIE])
    nothing = Lists(np.full((1, 100), -1, np.int32), np.full((1, 100), -np.inf, np.float32))

    ranked = judge.ranked(nothing)

    assert ranked.items[0, :4].tolist() == [ALIEN, AMELIE, PADDINGTON, ALIENS]


def test_a_list_with_an_item_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="twice"):
        judge_of([AMELIE]).ranked(lists([AMELIE, AMELIE], [2, 1]))


def test_a_list_is_worth_its_ndcg() -> None:
    judge = judge_of([AMELIE])

    second = judge.worth(lists([ALIEN, AMELIE], [2, 1]), 10)

    assert second == pytest.approx(1 / np.log2(3))


def test_a_given_split_is_read_from_text_and_from_matrices_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHORTLIST_DATASETS", str(tmp_path))
    (tmp_path / "train.txt").write_text("0 0 1\n1 1 2\n")
    (tmp_path / "test.txt").write_text("0 3\n1\n")
    for part, rows in (("train", [[1, 1, 0, 0], [0, 1, 1, 0]]), ("test", [[0, 0, 0, 1], [0] * 4])):
        save_npz(tmp_path / f"{part}.npz", csr_array(np.array(rows, float)))
    split = "title = 'x'\n[split]\ntrain = 'train.{0}'\ntest = 'test.{0}'\n"

    text, matrices = (
        read_split(describe(described(tmp_path, split.format(each)))) for each in ("txt", "npz")
    )

    for one, other in zip(text, matrices, strict=True):
        assert (one.toarray() == other.toarray()).all()
    assert text[0].shape == (2, 4)


def test_of_a_given_split_users_are_asked_for_their_test_part() -> None:
    data = Dataset.of([0, 1], [1, 2], items=4, times=False)
    renamed = _with_numbers(data)

    fold = given_fold(renamed, csr_array(np.array([[0, 0, 1, 1], [0, 0, 0, 0]])))

    (asked,) = fold.questions
    assert (asked.query.user, asked.items.tolist()) == (0, [2, 3])


def _with_numbers(data: Dataset) -> Dataset:
    """Users and items with the ids that matrices have."""
    from dataclasses import replace

    from shortlist.datasets.catalogue import Catalogue
    from shortlist.datasets.vocabulary import Vocabulary

    users, items = (Vocabulary([str(n) for n in range(size)]) for size in (2, 4))
    return replace(data, users=users, catalogue=Catalogue.of(items))


def test_every_library_has_its_models_and_a_lock() -> None:
    rivals = FOLDER.parent / "rivals"

    for each in systems():
        assert (rivals / f"of_{each.module}.py").is_file()
        assert "--hash=sha256:" in (rivals / f"{each.module}.lock").read_text()


@pytest.fixture(scope="module")
def fold() -> Fold:
    return PROTOCOLS["last-share"].part(tribes(), 0)[1]


@pytest.fixture
def arena(tmp_path: Path, fold: Fold) -> Arena:
    """A problem with this interpreter in the place of a library's."""
    task: Task = task_of(fold)
    for part in ("validation", "test"):
        write_task(tmp_path / "arena" / part, task)
    python = tmp_path / "environments" / "implicit" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    judge = Judge.of(fold, task)
    return Arena(tmp_path / "arena", judge, 10, tmp_path / "environments", threads=1)


def test_a_library_that_fails_has_no_outcome_and_leaves_a_log(arena: Arena) -> None:
    system = System("implicit", "implicit", "no such model", timed=False)

    assert contend(system, arena, Budget(trials=1, minutes=1)) is None

    assert "no such model" in (arena.folder / system.name / "log.txt").read_text()


def test_a_model_of_a_library_answers_what_the_tribe_chose(arena: Arena, fold: Fold) -> None:
    system = System("implicit", "implicit", "cosine", timed=False)
    told = '{"K": 20, "weights": "ones"}'
    from benchmarks.quality.contest import _Talk

    with _Talk(system, arena, ["run", arena.folder / "test", arena.folder / "x", told]) as talk:
        (said,) = talk.lines()

    found = arena.validation.ranked(read_lists(arena.folder / "x" / "lists.npz"))
    ndcg = LIST_METRICS["ndcg"]
    popular = np.nanmean(ndcg.per_user(arena.validation.baseline(), 10))
    assert np.nanmean(ndcg.per_user(found, 10)) > popular
    assert said["fit"]["peak"] > 10


def test_a_section_says_who_wins_and_what_is_missing(
    arena: Arena, fold: Fold, tmp_path: Path
) -> None:
    ours = arena.folder / "ours"
    _lists_of_ours(ours, fold)
    (ours / "costs.json").write_text("{}")
    missing = [System("Nobody's", "nobody", "model", timed=False)]

    measured = measure(arena, arena.validation, missing)
    train = task_of(fold).train
    asked = Namespace(results=tmp_path / "R.md", threads=1, trials=40, minutes=0.5)
    write_section(problem(tmp_path), measured, arena.validation, train, asked)

    page = (tmp_path / "R.md").read_text()
    assert "| **two stages** | 1.0000 |" in page
    assert "Two stages win over the best source" in page
    assert "Not measured: Nobody's model." in page
    assert (tmp_path / "plots" / "quality-own-last-share.svg").read_text().startswith("<svg")


def test_what_a_library_did_before_stays_on_the_page(tmp_path: Path, imported_once: Path) -> None:
    asked = _asking_of_a_home(tmp_path, imported_once, systems=["cosine"])
    own = problem(tmp_path)
    before = tmp_path / "work" / "own" / "last-share" / "implicit BM25"
    Outcome("implicit BM25", 3, 0, 60.0, 0.1, costs={}).write(before / "outcome.json")
    task = task_of(own.fold("test"))
    write_lists(before / "lists.npz", best_of(np.ones(task.known.shape), task.known))

    compare(str(tmp_path / "own.toml"), own.about, "last-share", asked)

    page = (tmp_path / "R.md").read_text()
    assert "| implicit BM25 | " in page
    assert "implicit BM25" not in page.partition("Not measured: ")[2]
    assert "implicit ALS" in page.partition("Not measured: ")[2]


def test_a_summary_is_of_all_sections_of_the_page(arena: Arena, fold: Fold, tmp_path: Path) -> None:
    ours = arena.folder / "ours"
    _lists_of_ours(ours, fold)
    (ours / "costs.json").write_text("{}")
    zero = {"wall": 0.0, "cpu": 0.0, "peak": 1.0}
    costs = {"fit": zero, "recommend": zero}
    library = System("implicit", "implicit", "BM25", timed=False)
    Outcome(library.name, 3, 1, 60.0, 0.1, costs=costs).write(arena.outcome(library.name))
    write_lists(arena.lists(library.name), read_lists(ours / "test" / "constant.npz"))
    measured = measure(arena, arena.validation, [library])
    asked = Namespace(results=tmp_path / "R.md", threads=1, trials=40, minutes=0.5)
    for protocol in ("last-share", "successive"):
        own = problem(tmp_path, protocol)
        write_section(own, measured, arena.validation, task_of(fold).train, asked)

    first, second = compared((tmp_path / "R.md").read_text())

    assert (first.title, first.protocol, first.k) == ("Two tribes", "last-share", 10)
    assert second.protocol == "successive"
    ndcg = measured.row(library.name).values["ndcg"].value
    assert first.library.name == "implicit BM25"
    assert first.library.trials == "3 (1 failed)"
    assert first.ours == 1.0
    assert first.library.ndcg == pytest.approx(ndcg, abs=1e-4)
    assert first.library.ahead.value == pytest.approx(1 - ndcg, abs=1e-4)


def test_a_larger_budget_goes_on_where_a_smaller_one_stopped() -> None:
    outcome = Outcome("x", trials=3, failed=0, tuning_seconds=60.0, validation=0.1)

    assert Budget(trials=3, minutes=9).is_spent(outcome)
    assert Budget(trials=40, minutes=1).is_spent(outcome)
    assert not Budget(trials=40, minutes=9).is_spent(outcome)


def _lists_of_ours(folder: Path, fold: Fold) -> None:
    """Two stages that know everything, and a source that knows nothing."""
    task = task_of(fold)
    judge = Judge.of(fold, task)
    constant = best_of(np.ones(judge.relevance.shape), task.known)
    write_lists(folder / "test" / "two stages.npz", best_of(judge.relevance.toarray(), task.known))
    for part in ("test", "validation"):
        write_lists(folder / part / "constant.npz", constant)


def _asking_of_a_home(folder: Path, imported: Path, systems: list[str]) -> Namespace:
    """What the command was given, where the data set has its home already."""
    home = folder / "work" / "homes" / "own"
    shutil.copytree(imported, home)
    (home / "ready").touch()
    described(folder, TRIBES)
    return Namespace(
        work=folder / "work",
        environments=folder / "none",
        results=folder / "R.md",
        systems=systems,
        trials=1,
        minutes=1,
        threads=1,
    )


def test_the_whole_command_runs_without_any_library(
    tmp_path: Path, imported_once: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = _asking_of_a_home(tmp_path, imported_once, systems=["cosine"])
    name = str(tmp_path / "own.toml")

    compare(name, describe(name), "last-share", asked)

    assert "implicit cosine: not installed" in capfd.readouterr().out
    assert "| **two stages** |" in (tmp_path / "R.md").read_text()
