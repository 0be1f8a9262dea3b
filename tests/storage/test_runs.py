"""Imports and trainings are followed from other processes, also by what is left of a dead one."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from shortlist.core.clock import Clock
from shortlist.core.errors import TooLittleData
from shortlist.core.times import SECOND, Instant
from shortlist.storage.runs import KEPT, SILENT, Runs


@dataclass
class Hands(Clock):
    """A clock that is set by hand."""

    time: Instant = 1_000 * SECOND

    def now(self) -> Instant:
        return self.time


def test_a_run_is_seen_while_it_lasts_and_after_it(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with runs.follow("import", "films") as run:
        (during,) = runs.newest()
        run.at("films.csv", 3, 7)
        run.tell(said="7 rows", rejected={"duplicate": 2})
    (after,) = runs.newest()

    assert (during.kind, during.name, during.state) == ("import", "films", "running")
    assert (after.state, after.said, after.rejected) == ("done", "7 rows", {"duplicate": 2})
    assert (after.phase, after.done, after.of) == ("films.csv", 3, 7)


def test_what_was_wrong_is_told_where_it_quotes_nobody(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for error in (TooLittleData("too little"), ValueError("ann@example.org"), KeyboardInterrupt()):
        with pytest.raises(type(error)), runs.follow("training", "x"):
            raise error

    told = {(each.state, each.said) for each in runs.newest()}

    assert told == {("failed", "too little"), ("failed", "ValueError"), ("stopped", "interrupted")}


def test_one_that_says_nothing_any_more_is_taken_for_stopped(tmp_path: Path) -> None:
    clock = Hands()
    runs = Runs(tmp_path, clock)
    with runs.follow("import", "films"):
        clock.time += SILENT
        assert runs.newest()[0].state == "running"
        clock.time += 1
        assert runs.newest()[0].state == "stopped"


def test_a_killed_process_does_not_run_for_ever(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from shortlist.storage.runs import Runs\n"
        "with Runs(Path(sys.argv[1])).follow('import', 'films') as run:\n"
        "    run.at('films.csv', 1, 2); print('on', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"on\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    later = Hands(time.time_ns() // 1000 + SILENT + SECOND)

    assert [each.state for each in Runs(tmp_path, later).newest()] == ["stopped"]


def test_the_newest_are_remembered(tmp_path: Path) -> None:
    clock = Hands()
    runs = Runs(tmp_path, clock)
    for each in range(KEPT + 3):
        clock.time += SECOND
        with runs.follow("import", str(each)):
            pass

    assert [each.name for each in runs.newest(2)] == [str(KEPT + 2), str(KEPT + 1)]
    assert len(list(tmp_path.glob("*.json"))) == KEPT


def test_a_file_that_is_none_of_ours_is_passed_over(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with runs.follow("import", "films"):
        pass
    (tmp_path / "a.json").write_bytes(b"{")
    (tmp_path / "b.json").write_bytes(orjson.dumps({"id": "b"}))

    assert [each.name for each in runs.newest()] == ["films"]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    runs = Runs(tmp_path / "runs")

    with runs.follow("import", "films") as run:
        run.at("films.csv", 1, 2)

    assert runs.newest() == []
