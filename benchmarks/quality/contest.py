"""One system on one problem: tuned on the validation part, run once on the test part, kept."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.quality.exchange import read_lists
from benchmarks.quality.judge import Judge

ROOT: Final = Path(__file__).parents[2]
RIVALS: Final = Path(__file__).parent / "rivals"


@dataclass(frozen=True)
class System:
    """A model of a library."""

    library: str
    module: str
    model: str
    timed: bool
    """Whether it needs to know when things happened."""

    @property
    def name(self) -> str:
        return f"{self.library} {self.model}"

    def python(self, environments: Path) -> Path:
        """The interpreter of its library's environment."""
        return environments / self.module / "bin" / "python"


@dataclass(frozen=True)
class Outcome:
    """What became of a system: enough for every table."""

    name: str
    trials: int
    failed: int
    tuning_seconds: float
    """CPU seconds of all trials."""
    validation: float | None
    settings: dict[str, Any] = field(default_factory=dict)
    costs: dict[str, dict[str, float]] = field(default_factory=dict)
    """Of `fit` and of `recommend`: wall and CPU seconds, peak MiB of the process."""

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1))

    @staticmethod
    def read(file: Path) -> "Outcome":
        return Outcome(**json.loads(file.read_text()))


@dataclass(frozen=True)
class Budget:
    """What a system may spend on its settings."""

    trials: int
    minutes: float
    """Of CPU, for all its trials; after them no new one begins."""

    def is_spent(self, outcome: Outcome) -> bool:
        """Whether a system had as much already; else it may go on where it stopped."""
        return outcome.trials >= self.trials or outcome.tuning_seconds >= 60 * self.minutes


@dataclass(frozen=True)
class Arena:
    """Where a problem is fought out: tasks as files, and who judges."""

    folder: Path
    validation: Judge
    k: int
    environments: Path
    threads: int

    def outcome(self, name: str) -> Path:
        """The file of what became of a system."""
        return self.folder / name / "outcome.json"

    def lists(self, name: str) -> Path:
        """The file of its lists of the test part."""
        return self.folder / name / "lists.npz"


def systems() -> list[System]:
    """All rivals there are, installed or not."""
    libraries = tomllib.loads((RIVALS / "rivals.toml").read_text("utf-8"))
    return [
        System(library, about["module"], model, model in about.get("timed", ()))
        for library, about in libraries.items()
        for model in about["models"]
    ]


def contend(system: System, arena: Arena, budget: Budget) -> Outcome | None:
    """Tune and run a system; nothing where it never came to lists."""
    out = arena.folder / system.name
    found: dict[str, Any] = {}
    seconds = 60 * budget.minutes
    task = arena.folder / "validation"
    words = ["tune", task, out, budget.trials, seconds]
    with _Talk(system, arena, words) as talk:
        for said in talk.lines():
            if "lists" in said:
                value = arena.validation.worth(read_lists(Path(said["lists"])), arena.k)
                print(f"  {system.name}: trial {said['trial']}: {value:.4f}", flush=True)
                talk.answer({"value": value})
            else:
                found = said
    if not found or found["settings"] is None:
        return None
    words = ["run", arena.folder / "test", out, json.dumps(found["settings"])]
    with _Talk(system, arena, words) as talk:
        ended = list(talk.lines())
    if not ended:
        return None
    outcome = Outcome(
        name=system.name,
        trials=found["trials"],
        failed=found["failed"],
        tuning_seconds=found["seconds"],
        validation=found["value"],
        settings=found["settings"],
        costs={step: ended[-1][step] for step in ("fit", "recommend")},
    )
    outcome.write(arena.outcome(system.name))
    return outcome


class _Talk:
    """The process of a rival, line by line."""

    def __init__(self, system: System, arena: Arena, words: Sequence[object]) -> None:
        command = [
            str(system.python(arena.environments)),
            "-m",
            "benchmarks.quality.rivals.worker",
            system.module,
            system.model,
            *map(str, words),
        ]
        log = arena.folder / system.name / "log.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("a")
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=environment(arena.threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()

    def lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield json.loads(line)
        if self._process.wait():
            print(f"  it ended with {self._process.returncode}; see {self._log.name}")

    def answer(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()


def environment(threads: int) -> dict[str, str]:
    """What a process of a contest sees: so many threads, this checkout, no graphics card."""
    limits = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"),
        str(threads),
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "SHORTLIST_DATASETS", "TMPDIR")
    }
    path = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
    return kept | limits | path | {"CUDA_VISIBLE_DEVICES": ""}


def python() -> str:
    """Our own interpreter."""
    return sys.executable
