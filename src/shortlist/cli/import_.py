"""`shortlist import`: bring events, items and users in from files."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from shortlist.bootstrap import open_home
from shortlist.cli.import_report import print_report
from shortlist.cli.late_bar import LateBar
from shortlist.datasets.importers.dialect import Encoding
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.fields import TimeUnit
from shortlist.datasets.importers.item_table import ItemColumns, UserColumns
from shortlist.datasets.importers.movielens import import_movielens
from shortlist.datasets.importers.movietweetings import import_movietweetings
from shortlist.datasets.importers.run import (
    Import,
    ImportReport,
    Policy,
    UnknownItems,
    importing,
)
from shortlist.datasets.importers.tables import Format, TableFile

imports = typer.Typer(
    help="Bring events, items and users in from files: all of a file that is good, or nothing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The unpacked folder.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The table.")]
FileFormat = Annotated[
    Format | None, typer.Option("--format", help="What the file is; else its name tells.")
]
Separator = Annotated[
    str | None, typer.Option(help="Between the fields of a CSV file; \\t is TAB.")
]
EncodingOption = Annotated[Encoding, typer.Option(help="Of a CSV file.")]
BadShare = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Share of bad rows over which the import is refused [0.05]."),
]


@imports.command()
def movielens(context: typer.Context, folder: Folder, max_bad_share: BadShare = None) -> None:
    """A MovieLens folder: the latest, 32M, 25M, 20M, 10M, 1M and 100K layouts.

    For example: shortlist import movielens ml-latest-small
    """
    _run(context, folder.name, max_bad_share, lambda run: import_movielens(folder, run))


@imports.command()
def movietweetings(context: typer.Context, folder: Folder, max_bad_share: BadShare = None) -> None:
    """A MovieTweetings folder with movies.dat and ratings.dat.

    For example: shortlist import movietweetings MovieTweetings/snapshots/100K
    """
    _run(context, folder.name, max_bad_share, lambda run: import_movietweetings(folder, run))


@imports.command()
def events(
    context: typer.Context,
    file: File,
    user: Annotated[str, typer.Option(metavar="COL", help="The column of users.")],
    item: Annotated[str, typer.Option(metavar="COL", help="The column of items.")],
    time: Annotated[
        str | None, typer.Option(metavar="COL", help="Of times: ISO-8601 or epoch seconds.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="COL", help="Of kinds: click, rating, ...")
    ] = None,
    as_kind: Annotated[
        str | None, typer.Option("--as", metavar="KIND", help="The kind of all [interaction].")
    ] = None,
    value: Annotated[
        str | None, typer.Option(metavar="COL", help="Of numbers: stars, plays, ...")
    ] = None,
    event_id: Annotated[
        str | None, typer.Option("--id", metavar="COL", help="Of event ids; else by content.")
    ] = None,
    session: Annotated[str | None, typer.Option(metavar="COL", help="Of sessions.")] = None,
    text: Annotated[str | None, typer.Option(metavar="COL", help="Of typed text: tags.")] = None,
    time_unit: Annotated[TimeUnit, typer.Option(help="What a number of a time counts.")] = "s",
    unknown_items: Annotated[
        UnknownItems,
        typer.Option(help="Of items not in the catalogue; auto: reject if there is a catalogue."),
    ] = "auto",
    file_format: FileFormat = None,
    separator: Separator = None,
    encoding: EncodingOption = "utf-8",
    max_bad_share: BadShare = None,
) -> None:
    """A table of events, one a row.

    For example: shortlist import events plays.csv --user who --item song --time at --as play
    """
    if kind is not None and as_kind is not None:
        raise typer.BadParameter("give --kind (a column) or --as (one kind for all), not both")
    columns = EventColumns(
        user=user,
        item=item,
        time=time,
        kind=kind,
        as_kind=as_kind or "interaction",
        value=value,
        id=event_id,
        session=session,
        text=text,
        time_unit=time_unit,
    )
    table = TableFile(file, file_format, separator, encoding)
    _run(
        context,
        file.stem,
        max_bad_share,
        lambda run: run.events(file, table.read(columns.wanted), columns),
        unknown_items=unknown_items,
    )


@imports.command()
def items(
    context: typer.Context,
    file: File,
    item_id: Annotated[str, typer.Option("--id", metavar="COL", help="The column of ids.")],
    title: Annotated[str | None, typer.Option(metavar="COL", help="Of titles.")] = None,
    categories: Annotated[str | None, typer.Option(metavar="COL", help="Of categories.")] = None,
    categories_separator: Annotated[str, typer.Option(help="Between two categories.")] = "|",
    text: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="Of running text; again for more.")
    ] = None,
    year: Annotated[str | None, typer.Option(metavar="COL", help="Of years.")] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="To keep as it is; again for more.")
    ] = None,
    file_format: FileFormat = None,
    separator: Separator = None,
    encoding: EncodingOption = "utf-8",
    max_bad_share: BadShare = None,
) -> None:
    """A table of items, one a row. What is known of an item and not in the row stays.

    For example: shortlist import items films.csv --id film --title name --categories genres
    """
    columns = ItemColumns(
        id=item_id,
        title=title,
        categories=categories,
        separator=categories_separator,
        text=tuple(text or ()),
        year=year,
        attributes=tuple(attribute or ()),
    )
    table = TableFile(file, file_format, separator, encoding)
    _run(
        context,
        file.stem,
        max_bad_share,
        lambda run: run.items(file, table.read(columns.wanted), columns),
    )


@imports.command()
def users(
    context: typer.Context,
    file: File,
    user_id: Annotated[str, typer.Option("--id", metavar="COL", help="The column of ids.")],
    attribute: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="To keep as it is; again for more.")
    ] = None,
    file_format: FileFormat = None,
    separator: Separator = None,
    encoding: EncodingOption = "utf-8",
    max_bad_share: BadShare = None,
) -> None:
    """A table of users, one a row.

    For example: shortlist import users people.csv --id person --attribute country
    """
    columns = UserColumns(id=user_id, attributes=tuple(attribute or ()))
    table = TableFile(file, file_format, separator, encoding)
    _run(
        context,
        file.stem,
        max_bad_share,
        lambda run: run.users(file, table.read(columns.wanted), columns),
    )


def _run(
    context: typer.Context,
    name: str,
    max_bad_share: float | None,
    work: Callable[[Import], Any],
    unknown_items: UnknownItems = "auto",
) -> None:
    home = open_home(Path(context.find_root().params["home"]))
    usual = home.settings.imports
    policy = Policy(
        max_bad_share=usual.max_bad_share if max_bad_share is None else max_bad_share,
        batch_rows=usual.batch_rows,
        unknown_items=unknown_items,
    )
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    rejects = home.path / "rejects" / f"{name}-{stamp}.csv"
    report: ImportReport | None = None
    with home.facts as facts, LateBar() as bar, home.runs.follow("import", name) as running:

        def file_at(file: Path, done: int, total: int) -> None:
            bar.file_at(file, done, total)
            running.at(file.name, done, total)

        try:
            with importing(facts, rejects, policy, file_at) as run:
                report = run.report
                work(run)
        finally:
            if report is not None:
                running.tell(**_told(report))
    print_report(run.report)


def _told(report: ImportReport) -> dict[str, Any]:
    """What is kept of an import for the dashboard, also of one that was refused."""
    added = sum(each.added for each in report.files)
    return {
        "said": f"{report.rows:,} rows, {added:,} of them new",
        "rejected": {str(reason): number for reason, number in report.rejected.most_common()},
        "examples": tuple(each._asdict() for each in report.examples),
        "rejects": "" if report.rejects is None else str(report.rejects),
    }
