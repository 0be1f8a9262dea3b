"""The benchmarks of following the log run, small, and write what they promise."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "online"

Run = Callable[..., dict[str, list[str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, trained_once: Path, tmp_path: Path) -> Run:
    """Runs a benchmark as the shell does, on the two tribes; the rows it wrote, by their names."""

    def rows(script: str, *arguments: str) -> dict[str, list[str]]:
        page = tmp_path / "RESULTS.md"
        given = ["--home", str(trained_once), "--results", str(page), *arguments]
        monkeypatch.syspath_prepend(FOLDER)
        monkeypatch.setattr(sys, "argv", [str(FOLDER / script), *given])
        runpy.run_path(str(FOLDER / script), run_name="__main__")
        cells = [
            [each.strip() for each in line.strip("|").split("|")]
            for line in page.read_text("utf-8").splitlines()
            if line.startswith("|")
        ]
        return {name: numbers for name, *numbers in cells}

    return rows


@pytest.mark.slow
def test_freshness_is_told_of_oneself_of_others_and_of_new_items(run: Run) -> None:
    found = run("freshness.py", "--times", "5", "--others", "3", "--items", "2")

    assert found["the user's own list"][:2] == ["5", "5"]
    assert found["a list of another"][:2] == ["3", "3"]
    assert found["a new item, among the new ones"][:2] == ["2", "2"]
    assert found["a new item that 25 users chose, in a visitor's list"][:2] == ["2", "2"]


@pytest.mark.slow
def test_what_following_costs_is_told_beside_no_events(run: Run) -> None:
    found = run("following.py", "--seconds", "2", "--events", "50", "--lists", "5")

    for name in ("no events", "50 events a second, not followed", "50 events a second, followed"):
        assert found[name][0] == "20"
    assert int(found["online learning"][0]) > 0


@pytest.mark.slow
def test_a_restart_is_told_with_and_without_a_checkpoint(run: Run) -> None:
    found = run("restart.py", "--events", "300")

    assert {"a server, no checkpoint", "a server, with a checkpoint"} <= found.keys()


@pytest.mark.slow
def test_a_restart_is_told_on_a_made_up_log_as_well(run: Run, tmp_path: Path) -> None:
    found = run("restart.py", "--large", "--events", "3000", "--home", str(tmp_path / "large"))

    for name in ("a server, no checkpoint", "a server, with a checkpoint"):
        wall, cpu = found[name]
        assert float(wall) > 0
        assert float(cpu) > 0
