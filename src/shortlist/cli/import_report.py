"""What people read after an import."""

from rich.console import Console
from rich.table import Table

from shortlist.datasets.importers.run import FileReport, ImportReport


def print_report(report: ImportReport) -> None:
    """A line a file, and below them the speed and where the rejected rows are."""
    console = Console(soft_wrap=True)
    table = Table("file", "", box=None)
    for name in ("rows", "added", "already there", "rejected"):
        table.add_column(name, justify="right")
    for each in report.files:
        table.add_row(each.file.name, each.what, *_counts(each))
    console.print(table)
    for each in report.files:
        for reason, count in each.rejected.most_common():
            console.print(f"  {each.file.name}: {count:,} rejected: {reason}", highlight=False)
    speed = report.rows / max(report.seconds, 1e-9)
    seconds = f"{report.seconds:,.1f} s, {speed:,.0f} rows/s"
    console.print(f"{report.rows:,} rows in {seconds}", highlight=False)
    if report.rejects is not None:
        console.print(f"The rejected rows and their lines are in {report.rejects}", highlight=False)


def _counts(each: FileReport) -> list[str]:
    return [f"{number:,}" for number in (each.rows, each.added, each.known, each.bad)]
