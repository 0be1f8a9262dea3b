"""The benchmarks of online learning run, small, and write what they promise."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "online"

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a benchmark as the shell does; gives the section it wrote."""

    def section(script: str, *arguments: str) -> str:
        page = tmp_path / "RESULTS.md"
        monkeypatch.syspath_prepend(FOLDER)
        monkeypatch.setattr(sys, "argv", [str(FOLDER / script), "--results", str(page), *arguments])
        runpy.run_path(str(FOLDER / script), run_name="__main__")
        return page.read_text("utf-8")

    return section


def given(**options: int) -> list[str]:
    return [word for name, number in options.items() for word in (f"--{name}", str(number))]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_flipped_labels_do_not_come_to_answer(run: Run) -> None:
    section = run("poisoned.py", *given(runs=1, users=200, items=150, events=3000))

    assert "Poisoned ones not promoted, or rolled back: 1 of 1." in section


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_world_lives_through_the_service(run: Run, tmp_path: Path) -> None:
    small = given(users=60, items=250, events=1500, before=20, days=3, sessions=8)

    section = run("simulated.py", *small, "--plot", str(tmp_path / "regret.svg"))

    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")]
    names = ["popularity", "the truth at the cut", "static", "online"]
    regret, lost = rows[2:6], rows[8:]
    assert [row[1].strip() for row in regret] == names
    assert [row[1].strip() for row in lost] == names
    for row in regret:
        assert 0 < float(row[2]) < 10
        assert float(row[4]) >= 0
    assert (tmp_path / "regret.svg").read_text("utf-8").startswith("<svg")
