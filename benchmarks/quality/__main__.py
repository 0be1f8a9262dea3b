"""Quality beside other libraries: everybody on the same questions, under one judge.

    python -m benchmarks.quality [--data NAME ...] [--trials 40] [--minutes 10] [--systems WORD ...]

For each data set (a file of `data/`, or any other TOML file alike) and each of its protocols: ours
is trained with its defaults; each model of each library that is installed is tuned on a validation
part inside of what may be learned, with equal trials, and run once; sections of RESULTS.md are
written. What is done is kept in --work, and a second run does what is missing.

The libraries live in environments of their own, a folder each in --environments; `make
bench-quality` makes them from the locks in `rivals/`.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality import tables
from benchmarks.quality.contest import (
    ROOT,
    Arena,
    Budget,
    Outcome,
    System,
    contend,
    environment,
    python,
    systems,
)
from benchmarks.quality.descriptions import FOLDER, Description, describe
from benchmarks.quality.exchange import read_task, write_task
from benchmarks.quality.judge import Judge
from benchmarks.quality.measured import measure
from benchmarks.quality.problems import Part, Problem, prepared_home, problem_of, task_of
from benchmarks.quality.summary import write_summary
from benchmarks.results_page import FILE

from benchmarks import claims
from shortlist.core.errors import ShortlistError


def main() -> None:
    asked = _arguments()
    try:
        for name in asked.data:
            about = describe(name)
            for protocol in about.protocols:
                if not asked.protocols or protocol in asked.protocols:
                    compare(name, about, protocol, asked)
    except (ShortlistError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
    write_summary(asked)
    if asked.results == FILE:
        claims.main()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    here = sorted(each.stem for each in FOLDER.glob("*.toml"))
    add("--data", nargs="+", default=here, help=f"names ({', '.join(here)}) or TOML files")
    add("--protocols", nargs="+", help="of them only these")
    add("--systems", nargs="+", metavar="WORD", help="only those whose names have such a word")
    add("--trials", type=int, default=40, help="settings that are tried of each model")
    add(
        "--minutes",
        type=float,
        default=10,
        help="CPU minutes after which a model gets no new trial",
    )
    add("--threads", type=int, default=os.cpu_count(), help="for each, one after another")
    add("--work", type=Path, default=Path(".bench-quality"), help="what is done is kept here")
    add("--environments", type=Path, default=Path(".venv-rivals"), help="of the libraries")
    add("--results", type=Path, default=FILE, help="the page whose sections are rewritten")
    return parser.parse_args()


def compare(name: str, about: Description, protocol: str, asked: argparse.Namespace) -> None:
    """One data set under one protocol: all that is missing is done, and its section written."""
    print(f"{about.title}: {protocol}", flush=True)
    home = asked.work.absolute() / "homes" / about.name
    prepared_home(about, home)
    problem = problem_of(about, protocol, home)
    folder = asked.work.absolute() / about.name / protocol
    judges = {part: _judge(problem, part, folder / part) for part in ("validation", "test")}
    arena = Arena(
        folder, judges["validation"], about.k, asked.environments.absolute(), asked.threads
    )
    if not (folder / "ours" / "costs.json").exists():
        print("  ours", flush=True)
        words = [name, protocol, str(home), str(folder / "ours")]
        command = [python(), "-m", "benchmarks.quality.ours", *words]
        subprocess.run(command, check=True, env=environment(asked.threads))  # noqa: S603
        (folder / "ours" / "revision.txt").write_text(revision())
    rivals = [each for each in systems() if problem.data.timed or not each.timed]
    for system in _wanted(rivals, asked.systems):
        _contend(system, arena, Budget(asked.trials, asked.minutes))
    measured = measure(arena, judges["test"], rivals)
    train = read_task(folder / "test").train
    tables.write_section(problem, measured, judges["test"], train, asked)


def revision() -> str:
    """The commit that is measured; nothing outside of a checkout."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return found.stdout.strip()


def _judge(problem: Problem, part: Part, folder: Path) -> Judge:
    """The judge of a part, whose task is written for those who are judged."""
    fold = problem.fold(part)
    if not (folder / "known.npz").exists():
        write_task(folder, task_of(fold))
    return Judge.of(fold, read_task(folder))


def _wanted(rivals: Sequence[System], words: Sequence[str] | None) -> list[System]:
    """Those whose names have one of the words; all where nobody named any."""
    return [
        each
        for each in rivals
        if not words or any(word.lower() in each.name.lower() for word in words)
    ]


def _contend(system: System, arena: Arena, budget: Budget) -> None:
    if arena.outcome(system.name).exists():
        spent = Outcome.read(arena.outcome(system.name))
        if budget.is_spent(spent):
            return
    if not system.python(arena.environments).exists():
        print(f"  {system.name}: not installed", flush=True)
        return
    outcome = contend(system, arena, budget)
    print(f"  {system.name}: {outcome.validation if outcome else 'no lists'}", flush=True)


if __name__ == "__main__":
    main()
