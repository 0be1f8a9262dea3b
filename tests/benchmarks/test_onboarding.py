"""The benchmark of the questionnaire runs, on the two tribes."""

import runpy
import sys
from pathlib import Path

import pytest
from tests.cli.shell import write_tribes

FOLDER = Path(__file__).parents[2] / "benchmarks" / "quality"


def numbers(printed: str, title: str, row: str) -> list[float]:
    """The values of a row of the table of this title, without their intervals."""
    table = printed[printed.index(title) :].splitlines()
    line = next(line for line in table if line.strip().startswith(row))
    words = line.strip().removeprefix(row).replace("[", " [").split()
    return [float(word) for word in words if "[" not in word and "]" not in word]


def test_every_questionnaire_is_measured_under_both_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tribes(tmp_path)
    monkeypatch.syspath_prepend(FOLDER)
    command = ["onboarding.py", str(tmp_path), "--parts", "0", "--draws", "2"]
    monkeypatch.setattr(sys, "argv", command)

    runpy.run_path(str(FOLDER / "onboarding.py"), run_name="__main__")

    printed = capsys.readouterr().out
    for rule in ("the other half", "the rest"):
        adaptive = numbers(printed, f"NDCG@10, {rule}", "adaptive ")
        first = numbers(printed, f"NDCG@10, {rule}", "most popular first")
        assert len(adaptive) == len(first) == 6
        assert adaptive[0] == first[0]
    assert adaptive[-1] > 5
    half = numbers(printed, "NDCG@10, the other half", "adaptive ")
    assert half[4] > half[0]
    assert "p50" in printed
