"""All problems in one table, and what may be claimed: read from their sections of the page."""

import argparse
import re
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.quality.descriptions import GIVEN
from benchmarks.quality.tables import interval, sign, signed
from benchmarks.results_page import Results

from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.evaluation.results import Estimate
from shortlist.evaluation.tables.grid import short

CUT_AT_ONE_INSTANT: Final = ("global-time", "successive")
"""Protocols whose rivals know nothing of what happened after an instant."""

COLUMNS: Final = ("data, protocol", "popularity", "best source", "two stages", "best library", "")

_SECTION: Final = re.compile(
    r"<!-- quality-\S+: begin -->\n+## Quality: (?P<title>[^\n]+), (?P<protocol>\S+)\n"
    r"(?P<text>.*?)<!-- quality-\S+: end -->",
    re.DOTALL,
)
_TABLE: Final = re.compile(
    r"\*\*Quality\*\*\n\n\|  \| NDCG@(?P<k>\d+) .*\n.*\n(?P<rows>(?:\|.*\n)+)"
)


@dataclass(frozen=True)
class Library:
    """The model of a library that came out best."""

    name: str
    trials: str
    ndcg: float
    ahead: Estimate
    """NDCG of our two stages less its own."""


@dataclass(frozen=True)
class Compared:
    """What a section says of one problem: NDCG of each kind of row."""

    title: str
    protocol: str
    k: int
    popularity: float
    source: float
    """The best of ours."""
    ours: float
    library: Library

    @property
    def timed(self) -> bool:
        """Whether it is about what came later."""
        return self.protocol != GIVEN and PROTOCOLS[self.protocol].timed


def write_summary(asked: argparse.Namespace) -> None:
    """The section that the README quotes; nothing where nothing is done.

    It is about all sections of the page, whoever measured them and when.
    """
    page = asked.results.read_text("utf-8") if asked.results.exists() else ""
    problems = compared(page)
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


def compared(page: str) -> list[Compared]:
    """The problems of a page of results that libraries took part in, by title and protocol."""
    found = []
    for section in _SECTION.finditer(page):
        table = _TABLE.search(section["text"])
        if table is None:
            continue
        lines = [line.strip("| ").split("|") for line in table["rows"].splitlines()]
        rows = [[cell.strip(" *") for cell in line] for line in lines]
        popularity, source, ours, *libraries = rows
        if libraries:
            best = max(map(_library, libraries), key=lambda each: each.ndcg)
            known, alone, both = (float(row[1]) for row in (popularity, source, ours))
            title, protocol, k = section["title"], section["protocol"], int(table["k"])
            found.append(Compared(title, protocol, k, known, alone, both, best))
    return sorted(found, key=lambda each: (each.title, each.protocol))


def _library(row: list[str]) -> Library:
    """A row: name, NDCG and its interval, recall, ahead and its interval, trials, seconds."""
    name, ndcg, _, _, ahead, bounds, trials, _ = row
    low, high = map(float, bounds.strip("[]").split())
    return Library(name, trials, float(ndcg), Estimate(value=float(ahead), low=low, high=high))


def claims(problems: list[Compared]) -> str:
    """A table and the sentences under it."""
    ks = sorted({each.k for each in problems})
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


def _row(problem: Compared) -> tuple[str, ...]:
    library = problem.library
    ours, ahead = short(problem.ours), library.ahead
    gap = f"{signed(ahead)} {interval(ahead, signs=True)}"
    return (
        f"{problem.title}, {problem.protocol}",
        short(problem.popularity),
        short(problem.source),
        f"**{ours}**" if sign(ahead) > 0 else ours,
        short(library.ndcg),
        f"{library.name} ({library.trials} trials): {gap}",
    )


def verdict(problems: list[Compared]) -> str:
    """How often we win, and by how much at the median."""
    signs = [sign(each.library.ahead) for each in problems]
    ratios = [each.ours / each.library.ndcg for each in problems]
    timed = [each.ours / each.source for each in problems if each.timed]
    said = (
        f"Of {len(problems)} comparisons two stages win {signs.count(1)} (the interval is above "
        f"zero), lose {signs.count(-1)}, and {signs.count(0)} cannot be told apart; at the median "
        f"they have {median(ratios):.2f} times the NDCG of the best library"
    )
    if timed:
        said += f", and on data with times {median(timed):.2f} times that of the best single source"
    ahead = [
        each.ours / each.library.ndcg for each in problems if each.protocol in CUT_AT_ONE_INSTANT
    ]
    if ahead:
        said += (
            f". Where all is learned before one instant ({' or '.join(CUT_AT_ONE_INSTANT)}) they "
            f"have {_span(ahead)} times the NDCG of the best library"
        )
    return f"{said}."


def _span(ratios: list[float]) -> str:
    low, high = (f"{end(ratios):.2f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"
