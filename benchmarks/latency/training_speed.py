"""How the cost of importing and of training grows with the log.

    python benchmarks/latency/training_speed.py [--sizes 100000 1000000 10000000] [--work DIR]

For each size a log is made up (`large_log.py`), and `shortlist import items`, `import events` and
`train` run on it in a new home with the settings as they are, each as a process that is timed with
all it starts. With `--work` the logs, the homes and what was measured stay there; steps measured
before are not run again, so that what was stopped goes on.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import altair as alt
import vl_convert
from commands import Cost, shortlist
from large_log import LargeLog
from results import FILE, Results

SIZES: Final = (100_000, 1_000_000, 10_000_000)
PLOT: Final = FILE.parent / "plots" / "latency-events.svg"

Costs = Mapping[str, Cost]


def main() -> None:
    asked = _arguments()
    results = Results(
        "latency-events",
        "How the cost of a training grows with the log",
        asked,
        "MADE-UP logs of ratings, with times and described items (`large_log.py`)",
        command="make bench-latency BENCH_ARGS='--only training'",
        clients=False,
    )
    found: dict[int, Costs] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            work = (asked.work or Path(folder)) / str(size)
            work.mkdir(parents=True, exist_ok=True)
            found[size] = measured(LargeLog.of(size, asked.seed), work)
    results.say(
        "All settings as they are. Seconds and memory of each command with all it starts; "
        "CPU seconds say more where the machine had other work. A training is all of it: "
        "reading the log, fitting, measuring the ranker, and writing the bundle."
    )
    results.table(
        "By events",
        ("events", "users", "items", "command", "wall s", "CPU s", "peak MiB"),
        [
            [f"{size:,}", f"{log.users:,}", f"{log.items:,}", step, *_numbers(cost)]
            for size, log in ((size, LargeLog.of(size)) for size in asked.sizes)
            for step, cost in found[size].items()
        ],
    )
    results.claim(claim(found))
    draw(found, asked.plot)
    if asked.plot == PLOT:
        results.say(f"![cost by events](plots/{PLOT.name})")
    results.write()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sizes", type=int, nargs="+", default=SIZES, help="events")
    add("--work", type=Path, help="keep logs, homes and what was measured here")
    add("--seed", type=int, default=0)
    add("--results", type=Path, default=FILE, help="the page to write to")
    add("--plot", type=Path, default=PLOT, help="the picture to write")
    return parser.parse_args()


def measured(log: LargeLog, work: Path) -> Costs:
    """What each command costs on a log; those that were measured there before are not run again."""
    note, home = work / "costs.json", work / "home"
    known = json.loads(note.read_text("utf-8")) if note.exists() else {}
    found = {step: Cost(**cost) for step, cost in known.items()}
    log.write(work)
    items, events = log.imports(work)
    steps: dict[str, Callable[[], Cost]] = {
        "import items": lambda: shortlist(home, *items),
        "import events": lambda: shortlist(home, *events),
        "train": lambda: shortlist(home, "train"),
    }
    for step, run in steps.items():
        if step not in found:
            found[step] = run()
            note.write_text(json.dumps({name: asdict(cost) for name, cost in found.items()}))
    return found


def claim(found: Mapping[int, Costs]) -> str:
    """What the README says of it."""
    trainings = [(size, costs["train"]) for size, costs in sorted(found.items())]
    parts = ", ".join(
        f"{size:,} events take {_span(cost.wall)} and {cost.peak / 1024:.1f} GiB"
        for size, cost in trainings
    )
    return f"- Training on a made-up log, all settings as they are: {parts}."


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} minutes"


def _numbers(cost: Cost) -> list[str]:
    return [f"{cost.wall:,.0f}", f"{cost.cpu:,.0f}", f"{cost.peak:,.0f}"]


def draw(found: Mapping[int, Costs], file: Path) -> None:
    """CPU time and memory by events, on logarithmic axes, as SVG."""
    points = [
        {"events": size, "CPU s": cost.cpu, "peak MiB": cost.peak, "what": step}
        for size, costs in found.items()
        for step, cost in costs.items()
    ]
    base = alt.Chart(alt.Data(values=points)).mark_line(point=True)
    charts = [
        base.encode(
            x=alt.X("events:Q", scale=alt.Scale(type="log"), title="events"),
            y=alt.Y(f"{what}:Q", scale=alt.Scale(type="log"), title=what),
            color=alt.Color("what:N", title=None),
        ).properties(width=260, height=220)
        for what in ("CPU s", "peak MiB")
    ]
    both = alt.hconcat(*charts).properties(title="A log, imported and learned from")
    spec = both.properties(background="white").to_dict()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(vl_convert.vegalite_to_svg(spec), "utf-8")


if __name__ == "__main__":
    main()
