from pathlib import Path

import pytest

from shortlist.core.errors import StorageFailed
from shortlist.tuning.trials import Trial, TrialFile, best_of

FIRST = Trial(number=0, changes={}, searched=(0.1, 0.3), confirmed=(0.5,), seconds=2.0)
SECOND = Trial(number=1, changes={"ranker.leaves": 31, "sources.ease": "off"}, problem="too few")


def test_trials_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = TrialFile(tmp_path / "tuning" / "one.jsonl")

    file.write([FIRST, SECOND])

    assert file.read() == [FIRST, SECOND]


def test_there_are_none_before_the_first() -> None:
    assert TrialFile(Path("nowhere") / "one.jsonl").read() == []


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_that_was_cut_short_is_no_trial(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "one.jsonl"
    TrialFile(path).write([FIRST, SECOND])
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{second[:kept]}")

    assert TrialFile(path).read() == [FIRST]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "tuning").write_text("a file")

    with pytest.raises(StorageFailed, match="cannot be written"):
        TrialFile(tmp_path / "tuning" / "one.jsonl").write([FIRST])


def test_the_best_is_the_one_worth_most_and_the_earlier_of_equals() -> None:
    same = FIRST.model_copy(update={"number": 2})

    assert best_of([FIRST, SECOND, same]) is FIRST
