from pathlib import Path

import pytest
from tests.cli.shell import SETTINGS, Shell, assert_refused, write_tribes


@pytest.fixture
def small(empty: Shell) -> Shell:
    """A home that is trained in no time."""
    empty.home.mkdir()
    (empty.home / "shortlist.toml").write_text(SETTINGS)
    return empty


def test_everything_is_done_once_on_the_folder_that_is_given(small: Shell, tmp_path: Path) -> None:
    write_tribes(tmp_path)

    run = small("demo", "--data", tmp_path, "--no-serve", "--user", "7")

    said = " ".join(run.out.split())
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("Data: ")
    steps = [said.index(step) for step in ("Import", "Train", "Evaluate", "Recommend")]
    assert steps == sorted(steps)
    assert "two_stage" in said
    assert "What user 7 should see next" in said
    assert (small.home / "report.html").stat().st_size > 10_000


def test_the_home_of_the_demo_goes_on_answering(small: Shell, tmp_path: Path) -> None:
    write_tribes(tmp_path)
    small("demo", "--data", tmp_path, "--no-serve")

    listed, answered = small("models", "list"), small("recommend", "3", "--json")

    assert (listed.code, answered.code) == (0, 0)
    assert "*" in listed.out


def test_a_folder_without_films_is_refused(small: Shell, tmp_path: Path) -> None:
    assert_refused(small("demo", "--data", tmp_path), str(tmp_path), "ratings.csv")
