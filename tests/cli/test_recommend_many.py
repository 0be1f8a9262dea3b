import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from tests.cli.shell import SETTINGS, Shell, assert_refused, own_films
from tests.training.tribes import ITEMS, USERS

K = 20


def lists(shell: Shell, users: str | Path, output: Path, k: int = K) -> pl.DataFrame:
    run = shell("recommend", "--users", users, "-k", str(k), "--output", output)
    assert (run.code, run.err) == (0, "")
    assert str(output) in run.out.replace("\n", "")
    return pl.read_parquet(output)


def test_everybody_has_a_list_of_user_item_rank_and_score(
    trained_home: Shell, tmp_path: Path
) -> None:
    found = lists(trained_home, "all", tmp_path / "lists.parquet")

    assert found.columns == ["user", "item", "rank", "score"]
    assert [str(each) for each in found.dtypes] == ["String", "String", "Int32", "Float64"]
    assert found["user"].n_unique() == USERS
    for _, own in found.group_by("user"):
        assert own["rank"].to_list() == list(range(1, own.height + 1))
        assert own["score"].is_sorted(descending=True)
        assert own["item"].n_unique() == own.height


def test_nobody_is_given_what_they_have(trained_home: Shell, tmp_path: Path) -> None:
    found = lists(trained_home, "all", tmp_path / "lists.parquet")

    for (user,), own in found.group_by("user"):
        assert not set(own["item"].to_list()) & set(own_films(str(user)))


def test_what_somebody_has_may_be_given_again_by_a_setting(
    trained_home: Shell, tmp_path: Path
) -> None:
    (trained_home.home / "shortlist.toml").write_text("recommend_again = true\n" + SETTINGS)

    found = lists(trained_home, "all", tmp_path / "lists.parquet", k=ITEMS)

    again = [
        set(own["item"].to_list()) & set(own_films(str(u))) for (u,), own in found.group_by("user")
    ]
    assert all(again)


@pytest.mark.parametrize("settings", ["", "recommend_again = true\n"])
def test_a_list_among_many_is_the_list_of_one(
    trained_home: Shell, tmp_path: Path, settings: str
) -> None:
    (trained_home.home / "shortlist.toml").write_text(settings + SETTINGS)
    found = lists(trained_home, "all", tmp_path / "lists.parquet")

    for user in ("1", "17", "40"):
        run = trained_home("recommend", user, "-k", str(K), "--json")
        alone = [(each["item"], each["score"]) for each in json.loads(run.out)["items"]]
        own = found.filter(pl.col("user") == user)
        assert list(zip(own["item"], own["score"], strict=True)) == alone


def test_however_many_processes_share_the_work_the_lists_are_the_same(
    trained_home: Shell, tmp_path: Path
) -> None:
    asked = [str(user % USERS + 1) for user in range(700)]
    (tmp_path / "some.txt").write_text("\n".join(asked))
    wanted = ("recommend", "--users", tmp_path / "some.txt", "-k", "2", "--output")

    for workers in ("1", "2"):
        run = trained_home(*wanted, tmp_path / workers, "--workers", workers)
        assert (run.code, run.err) == (0, "")

    one, two = (pl.read_parquet(tmp_path / workers) for workers in ("1", "2"))
    assert one["user"].to_list() == [user for user in asked for _ in range(2)]
    assert one.equals(two)


def test_those_in_a_file_are_answered_in_its_order(trained_home: Shell, tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("7\n\n 3 \n12\n")

    found = lists(trained_home, tmp_path / "some.txt", tmp_path / "lists.parquet", k=2)

    assert found["user"].to_list() == ["7", "7", "3", "3", "12", "12"]


def test_a_file_without_anybody_gives_no_lists(trained_home: Shell, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("\n")

    found = lists(trained_home, tmp_path / "none.txt", tmp_path / "lists.parquet")

    assert found.height == 0
    assert found.columns == ["user", "item", "rank", "score"]


def test_a_stranger_among_them_is_named_and_nothing_is_written(
    trained_home: Shell, tmp_path: Path
) -> None:
    (tmp_path / "some.txt").write_text("7\nnobody\n")
    output = tmp_path / "lists.parquet"

    run = trained_home("recommend", "--users", tmp_path / "some.txt", "--output", output)

    assert_refused(run, "nobody")
    assert not output.exists()


def test_a_file_that_is_not_there_is_named(trained_home: Shell, tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"

    run = trained_home("recommend", "--users", gone, "--output", tmp_path / "lists.parquet")

    assert_refused(run, "gone.txt")


def test_a_place_that_cannot_be_written_is_named(trained_home: Shell, tmp_path: Path) -> None:
    output = tmp_path / "nowhere" / "lists.parquet"

    run = trained_home("recommend", "--users", "all", "--output", output)

    assert run.code == 1
    assert "nowhere/lists.parquet" in run.err
    assert len(run.err.splitlines()) == 1


def test_before_any_training_it_is_told_to_train(imported: Shell, tmp_path: Path) -> None:
    run = imported("recommend", "--users", "all", "--output", tmp_path / "lists.parquet")

    assert_refused(run, "shortlist train")


def test_processes_that_make_lists_end_with_the_one_that_asked_for_them() -> None:
    starting = (
        "import os, time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from multiprocessing import get_context\n"
        "from shortlist.cli.recommend_many import end_with\n"
        "if __name__ == '__main__':\n"
        "    pool = ProcessPoolExecutor(1, get_context('spawn'), end_with, (os.getpid(),))\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    time.sleep(600)\n"
    )
    out, err = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-c", starting], stdout=out, stderr=err) as asking:
        assert asking.stdout is not None
        child = int(asking.stdout.readline())
        assert lives(child)
        asking.kill()

    until = time.monotonic() + 30
    while lives(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not lives(child)


def lives(process: int) -> bool:
    """Whether a process is there and no zombie that nobody has asked about."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
