"""All problems in one table, and what may be claimed."""

import argparse
import json
from statistics import median
from typing import Any, Final

from benchmarks.quality.tables import interval, sign, signed
from benchmarks.results_page import Results

from shortlist.evaluation.results import Estimate
from shortlist.evaluation.tables.grid import short

Problem = dict[str, Any]

COLUMNS: Final = ("data, protocol", "popularity", "best source", "two stages", "best library", "")


def write_summary(asked: argparse.Namespace) -> None:
    """The section that the README quotes; nothing where nothing is done."""
    problems = [
        json.loads(file.read_text("utf-8")) for file in sorted(asked.work.glob("*/*/summary.json"))
    ]
    problems = [each for each in problems if each["library"]]
    if not problems:
        return
    results = Results(
        "quality-summary",
        "Quality: all comparisons",
        asked,
        "each data set as in its own section",
        command="make bench-quality",
        clients=False,
    )
    results.claim(claims(problems))
    results.write()


def claims(problems: list[Problem]) -> str:
    """A table and the sentences under it."""
    ks = sorted({each["k"] for each in problems})
    about = (
        f"NDCG@{' or '.join(map(str, ks))} over the full catalogue, ties counted against every "
        "row; ours with its defaults, each model of each library tuned on a validation part; of "
        "all their models the one that came out best in the test. The difference is ours less the "
        "library's, question by question, with its 95 % interval:"
    )
    rule = ["---", *["---:"] * (len(COLUMNS) - 2), "---"]
    rows = [COLUMNS, rule, *map(_row, problems)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n\n".join((about, table, verdict(problems)))


def _row(problem: Problem) -> tuple[str, ...]:
    ahead, library = Estimate(**problem["library"]["ahead"]), problem["library"]
    ours = short(problem["ours"]["ndcg"]["value"])
    gap = f"{signed(ahead)} {interval(ahead, signs=True)}"
    return (
        f"{problem['title']}, {problem['protocol']}",
        short(problem["popularity"]["ndcg"]["value"]),
        short(problem["source"]["ndcg"]["value"]),
        f"**{ours}**" if sign(ahead) > 0 else ours,
        short(library["ndcg"]["value"]),
        f"{library['name']} ({problem['trials']} trials): {gap}",
    )


def verdict(problems: list[Problem]) -> str:
    """How often we win, and by how much at the median."""
    signs = [sign(Estimate(**each["library"]["ahead"])) for each in problems]
    ratios = [_ratio(each, "library") for each in problems]
    timed = [_ratio(each, "source") for each in problems if each["timed"]]
    said = (
        f"Of {len(problems)} comparisons two stages win {signs.count(1)} (the interval is above "
        f"zero), lose {signs.count(-1)}, and {signs.count(0)} cannot be told apart; at the median "
        f"they have {median(ratios):.2f} times the NDCG of the best library"
    )
    if timed:
        said += f", and on data with times {median(timed):.2f} times that of the best single source"
    return f"{said}."


def _ratio(problem: Problem, other: str) -> float:
    value: float = problem["ours"]["ndcg"]["value"] / problem[other]["ndcg"]["value"]
    return value
