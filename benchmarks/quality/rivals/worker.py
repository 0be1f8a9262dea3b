"""The process of a rival, inside its library's environment.

    python -m benchmarks.quality.rivals.worker LIBRARY MODEL tune TASK OUT TRIALS SECONDS
    python -m benchmarks.quality.rivals.worker LIBRARY MODEL run TASK OUT SETTINGS

The first searches settings with Optuna (TPE, seeded): after each trial it names the file of its
lists on its output, and reads what they are worth from its input; it never sees the answers. No
trial begins after so many CPU seconds of all before it. A study is kept in OUT and gone on with.
The second learns with given settings, makes everybody's lists and says what that cost. What
libraries print goes to the error stream.
"""

import importlib
import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from benchmarks.quality.exchange import Lists, Task, opinions, read_task, write_lists
from benchmarks.quality.rivals.rival import Rival

Say = Callable[[dict[str, Any]], None]


def main() -> None:
    warnings.simplefilter("ignore")
    library, model, deed, task, out, *more = sys.argv[1:]
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    rival: Rival = importlib.import_module(f"benchmarks.quality.rivals.of_{library}").RIVALS[model]
    given = read_task(Path(task))
    if deed == "tune":
        trials, seconds = more
        tune(rival, given, Path(out), int(trials), float(seconds), _saying(said))
    else:
        run(rival, given, Path(out), json.loads(more[0]), _saying(said))


def _saying(stream: TextIO) -> Say:
    def say(message: dict[str, Any]) -> None:
        stream.write(json.dumps(message) + "\n")
        stream.flush()

    return say


def tune(rival: Rival, task: Task, out: Path, trials: int, seconds: float, say: Say) -> None:
    """Search, for so many trials or so many CPU seconds, whichever ends first."""
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    out.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        study_name="study",
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0, multivariate=True),
        storage=JournalStorage(JournalFileBackend(str(out / "study.journal"))),
        load_if_exists=True,
    )

    def lists_of(trial: Any) -> Lists:
        settings = rival.settings(trial, task)
        trial.set_user_attr("settings", settings)
        since = time.process_time()
        try:
            return opinions(rival.fit(task, settings)(task))
        finally:
            trial.set_user_attr("cpu", time.process_time() - since)

    def worth(trial: Any) -> float:
        lists, file = lists_of(trial), out / "trial.npz"
        write_lists(file, lists)
        say({"trial": trial.number, "lists": str(file)})
        return float(json.loads(sys.stdin.readline())["value"])

    while True:
        ended = [each for each in study.trials if each.state.is_finished()]
        spent = sum(each.user_attrs.get("cpu", 0.0) for each in ended)
        if len(ended) >= trials or (ended and spent >= seconds):
            break
        study.optimize(worth, n_trials=1, catch=(Exception,))
    failed = sum(each.state.name == "FAIL" for each in ended)
    best = study.best_trial if failed < len(ended) else None
    say(
        {
            "done": True,
            "trials": len(ended),
            "failed": failed,
            "seconds": spent,
            "value": best and best.value,
            "settings": best and best.user_attrs["settings"],
        }
    )


def run(rival: Rival, task: Task, out: Path, settings: dict[str, Any], say: Say) -> None:
    """Learn and answer once, both timed."""
    answer, fitted = _timed(lambda: rival.fit(task, settings))
    lists: Lists
    lists, answered = _timed(lambda: opinions(answer(task)))
    write_lists(out / "lists.npz", lists)
    say({"done": True, "fit": fitted, "recommend": answered})


def _timed(deed: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = deed()
    cost = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return found, cost


if __name__ == "__main__":
    main()
