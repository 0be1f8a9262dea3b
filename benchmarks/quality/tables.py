"""Results -> sections of RESULTS.md."""

import argparse
from collections.abc import Sequence

from benchmarks.quality.cold import by_history, ndcg_of_groups, recall_of_unseen, sizes
from benchmarks.quality.judge import Judge
from benchmarks.quality.measured import Measured, Row
from benchmarks.quality.plots import draw
from benchmarks.quality.problems import Problem
from benchmarks.results_page import Results
from scipy.sparse import csr_array

from shortlist.evaluation.results import Estimate
from shortlist.evaluation.tables.grid import short


def write_section(
    problem: Problem, measured: Measured, judge: Judge, train: csr_array, asked: argparse.Namespace
) -> None:
    """The section of one problem."""
    about, data = problem.about, problem.data
    k = about.k
    which = f"--data {about.name} --protocols {problem.protocol}"
    results = Results(
        f"quality-{about.name}-{problem.protocol}",
        f"Quality: {about.title}, {problem.protocol}",
        asked,
        f"{about.title}: {data.n_users:,} users, {problem.catalogue_rule}, "
        f"{int(data.positive.sum()):,} choices",
        command=f"make bench-quality BENCH_ARGS='{which}'",
        clients=False,
    )
    results.say(
        f"{problem.meaning} {measured.users:,} users, {measured.questions:,} questions; the full "
        f"catalogue is ranked but for what the user has; ties count against every row; means over "
        f"questions, 95 % intervals bootstrapped by user. *Ahead* is our two stages less the row, "
        f"NDCG@{k}, question by question; **bold** where its interval leaves zero out. Libraries "
        "are tuned on a validation part cut alike inside of what may be learned, ours is not "
        f"tuned. A model has {asked.trials} trials at most, and begins none after "
        f"{asked.minutes:g} CPU minutes of them; threads: {asked.threads}."
        + (f" Ours as of commit {measured.revision}." if measured.revision else "")
    )
    quality = (f"NDCG@{k}", "interval", f"recall@{k}", "ahead", "interval", "trials", "CPU s")
    rows = [_quality(each) for each in in_order(measured.rows)]
    results.table("Quality", ("", *quality), rows)
    costs = [_cost(each) for each in in_order(measured.rows) if each.costs]
    columns = ("train s", "CPU s", "lists s", "CPU s", "peak MiB")
    results.table(f"Cost of training, and of {measured.questions:,} lists", ("", *columns), costs)
    results.say(verdicts(measured, k))
    picture = asked.results.parent / "plots" / f"quality-{about.name}-{problem.protocol}.svg"
    title = f"{about.title}, {problem.protocol}"
    draw(measured, in_order(measured.rows), title, k, picture)
    results.say(f"![NDCG@{k} of every row](plots/{picture.name})")
    _say_of_the_cold(results, measured, judge, train, k)
    if measured.missing:
        results.say(f"Not measured: {', '.join(measured.missing)}.")
    results.write()


def _say_of_the_cold(
    results: Results, measured: Measured, judge: Judge, train: csr_array, k: int
) -> None:
    """Users of whom little is known, and items nobody chose before."""
    groups = by_history(judge.known)
    if len(groups) > 1:
        found = ndcg_of_groups(measured.telling, judge, groups, k)
        rows = [
            [name, *(f"{short(each.value)} {interval(each)}" for each in values)]
            for name, values in found.items()
        ]
        title = f"NDCG@{k} by how many items the user has at the question"
        results.table(title, ("items", *groups), [["questions", *sizes(groups)], *rows])
    number, recall = recall_of_unseen(measured.telling, judge, train, k)
    if recall:
        told = "; ".join(
            f"{name} {short(each.value)} {interval(each)}" for name, each in recall.items()
        )
        results.say(f"Of {number:,} answers nobody had chosen before, recall@{k}: {told}.")


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Ours by what they are, then libraries, the best first."""
    kinds = ("popularity", "source", "ours", "library")
    return sorted(rows, key=lambda each: (kinds.index(each.kind), -each.values["ndcg"].value))


def verdicts(measured: Measured, k: int) -> str:
    """Who wins, where it can be said."""
    library = measured.library
    said = [_verdict("the best source", measured.source, measured.ours, k)]
    if library:
        said.append(_verdict(f"{library.name}, the best library here", library, measured.ours, k))
    return " ".join(said)


def _verdict(name: str, row: Row, ours: Row, k: int) -> str:
    base = row.values["ndcg"].value
    times = f"{ours.values['ndcg'].value / base:.2f} times its NDCG@{k}, " if base else ""
    assert row.ahead is not None
    outcome = {1: "win over", 0: "cannot be told from", -1: "lose to"}[sign(row.ahead)]
    return (
        f"Two stages {outcome} {name}: {times}difference "
        f"{signed(row.ahead)} {interval(row.ahead, signs=True)}."
    )


def sign(ahead: Estimate) -> int:
    """1 or -1 where the whole interval lies above or below zero."""
    return int((ahead.low or 0) > 0) - int((ahead.high or 0) < 0)


def _quality(row: Row) -> list[str]:
    ndcg, outcome = row.values["ndcg"], row.outcome
    name = f"**{row.name}**" if row.kind == "ours" else row.name
    ahead = ["", ""]
    if row.ahead is not None:
        mark = "**" if sign(row.ahead) else ""
        ahead = [f"{mark}{signed(row.ahead)}{mark}", interval(row.ahead, signs=True)]
    tuned = ["", ""] if outcome is None else [_trials(row), f"{outcome.tuning_seconds:,.0f}"]
    recall = short(row.values["recall"].value)
    return [name, short(ndcg.value), interval(ndcg), recall, *ahead, *tuned]


def _trials(row: Row) -> str:
    assert row.outcome is not None
    failed = f" ({row.outcome.failed} failed)" if row.outcome.failed else ""
    return f"{row.outcome.trials}{failed}"


def _cost(row: Row) -> list[str]:
    assert row.costs is not None
    steps = [row.costs[step] for step in ("fit", "recommend")]
    times = [f"{step[clock]:.1f}" for step in steps for clock in ("wall", "cpu")]
    return [row.name, *times, f"{steps[-1]['peak']:,.0f}"]


def signed(estimate: Estimate) -> str:
    return f"{'+' if estimate.value >= 0 else '-'}{short(abs(estimate.value))}"


def interval(estimate: Estimate, *, signs: bool = False) -> str:
    low, high = estimate.low or 0.0, estimate.high or 0.0
    if signs:
        return "[" + " ".join(f"{'+' if x >= 0 else '-'}{short(abs(x))}" for x in (low, high)) + "]"
    return f"[{short(low)} {short(high)}]"
