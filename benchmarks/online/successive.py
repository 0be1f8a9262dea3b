"""What learning between trainings is worth on logs that people made.

    python benchmarks/online/successive.py --home HOME --called NAME [--section successive-NAME]

Runs `shortlist evaluate --protocol successive` on a home and writes its table *Between trainings*
as a section. With `--report FILE` the figures are those of a report that the command wrote.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from parts import COMMAND, FILE, Results, bare_environment

from shortlist.evaluation.results import ListSection, Report, Row

COLUMNS = ("", "NDCG@10", "interval", "recall@10", "over the best static row", "interval")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--home", type=Path, help="the home of the log")
    add("--called", required=True, help="what the data is called")
    add("--section", required=True, help="the section's name")
    add("--min-item-events", type=int, default=5)
    add("--report", type=Path, help="a report of that command, instead of running it")
    add("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    words = ["evaluate", "--protocol", "successive"]
    words += ["--min-item-events", str(asked.min_item_events)]
    with tempfile.TemporaryDirectory() as folder:
        file = asked.report or Path(folder) / "report.json"
        if asked.report is None:
            given = [*COMMAND, "--home", str(asked.home), *words, "--json", str(file)]
            subprocess.run(given, env=bare_environment(), check=True)  # noqa: S603
        report = Report.model_validate_json(file.read_text("utf-8"))
    section = between(report)
    data = report.data
    about = f"{asked.called}: {data.users:,} users, {data.items:,} items, {data.events:,} events"
    command = " ".join(["shortlist", *words])
    results = Results(
        asked.section,
        f"Between trainings: {asked.called}",
        asked,
        about,
        command=command,
        clients=False,
    )
    results.say(section.protocol)
    results.table("What may learn", COLUMNS, [_line(row, best(section)) for row in section.rows])
    results.say(" ".join(section.notes))
    results.write()


def between(report: Report) -> ListSection:
    """The table that tells the speeds apart."""
    for each in report.sections:
        if isinstance(each, ListSection) and each.title == "Between trainings":
            return each
    sys.exit("The report has no table 'Between trainings'.")


def best(section: ListSection) -> str:
    """The best row that learns nothing."""
    still = [row for row in section.rows if row.role != "subject"]
    return max(still, key=lambda row: row.metrics["ndcg@10"].value).name


def _line(row: Row, against: str) -> list[str]:
    ndcg, recall = row.metrics["ndcg@10"], row.metrics["recall@10"]
    cells = [row.name, f"{ndcg.value:.4f}", f"[{ndcg.low:.4f} {ndcg.high:.4f}]"]
    cells.append(f"{recall.value:.4f}")
    if row.role != "subject":
        return [*cells, "the best of them" if row.name == against else "", ""]
    ahead = row.differences[against]["ndcg@10"]
    other = ndcg.value - ahead.value
    share = f"{ahead.value:+.4f}, {ahead.value / other:+.0%}"
    return [*cells, share, f"[{ahead.low:+.4f} {ahead.high:+.4f}]"]


if __name__ == "__main__":
    main()
