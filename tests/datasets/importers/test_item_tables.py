from pathlib import Path

import polars as pl
import pytest
from tests.datasets.importers.sample import LENIENT, Bench

from shortlist.core.errors import TooManyBadRows
from shortlist.datasets.importers.item_table import ItemColumns, UserColumns, split_categories
from shortlist.datasets.importers.run import FileReport, Policy, importing
from shortlist.datasets.importers.tables import TableFile
from shortlist.datasets.importers.titles import year_of


def items(bench: Bench, path: Path, columns: ItemColumns, policy: Policy = LENIENT) -> FileReport:
    with importing(bench.facts, bench.rejects, policy) as run:
        run.items(path, TableFile(path).read(columns.wanted), columns)
    return run.report.files[0]


def test_a_row_becomes_an_item(bench: Bench) -> None:
    path = bench.file(
        "films.csv", "no,name,kinds,plot,cast,made,studio\n7,Alien,a|b,x,y,1979,Fox\n"
    )
    columns = ItemColumns(
        id="no",
        title="name",
        categories="kinds",
        text=("plot", "cast"),
        year="made",
        attributes=("studio",),
    )

    report = items(bench, path, columns)

    assert (report.rows, report.added) == (1, 1)
    assert bench.facts.items().rows() == [
        ("7", "Alien", ["a", "b"], "x\ny", '{"studio": "Fox", "year": 1979}')
    ]


def test_what_was_known_before_is_counted_apart(bench: Bench) -> None:
    path = bench.file("films.csv", "no,name\n7,Alien\n8,Aliens\n")
    columns = ItemColumns(id="no", title="name")
    items(bench, path, columns)

    report = items(bench, path, columns)

    assert (report.rows, report.added, report.known, report.bad) == (2, 0, 2, 0)


def test_bad_rows_are_told(bench: Bench) -> None:
    path = bench.file("films.csv", "no,made\n7,1979\n,1980\n7,1981\n8,soon\n9,\n")

    report = items(bench, path, ItemColumns(id="no", year="made"))

    assert report.added == 2
    assert bench.rejected == [
        (3, "missing field", "no"),
        (5, "unparsable value", "made: soon"),
        (4, "duplicate", "id: 7"),
    ]


def test_an_item_takes_its_first_row(bench: Bench) -> None:
    path = bench.file("films.csv", "no,name\n7,Alien\n7,Other\n")

    items(bench, path, ItemColumns(id="no", title="name"))

    assert bench.facts.items()["title"].to_list() == ["Alien"]


def test_too_many_bad_rows_refuse_the_file(bench: Bench) -> None:
    path = bench.file("films.csv", "no\n7\n\x01\n")

    with pytest.raises(TooManyBadRows, match="1 control character"):
        items(bench, path, ItemColumns(id="no"), Policy())

    assert bench.facts.count_items() == 0


def test_parquet_lists_and_numbers_are_kept(bench: Bench) -> None:
    path = bench.folder / "films.parquet"
    pl.DataFrame(
        {"no": [7], "kinds": [["a", None, "b"]], "cast": [["Weaver"]], "length": [117.0]}
    ).write_parquet(path)

    items(bench, path, ItemColumns(id="no", categories="kinds", attributes=("cast", "length")))

    assert bench.facts.items().rows() == [
        ("7", None, ["a", "b"], None, '{"cast": ["Weaver"], "length": 117}')
    ]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Drama|War", ["Drama", "War"]),
        (" Drama | War |", ["Drama", "War"]),
        ("(no genres listed)", []),
        ('["a, b", "c"]', ["a, b", "c"]),
        ("[broken", ["[broken"]),
        (None, None),
    ],
)
def test_categories_are_split(written: str | None, names: list[str] | None) -> None:
    column = pl.Series([written], dtype=pl.String)

    assert split_categories(column, "|").to_list() == [names]


def test_years_are_what_titles_end_with() -> None:
    titles = [
        "Alien (1979)",
        "Blade Runner (a.k.a. X) (1982) ",
        "Series (2010-2014)",
        "Series (2010\N{EN DASH} )",
        "1984",
        "Se7en (95)",
        None,
    ]

    assert year_of(pl.Series(titles)).to_list() == [1979, 1982, 2010, 2010, None, None, None]


def test_a_row_becomes_a_user(bench: Bench) -> None:
    path = bench.file("people.csv", "who,country\nann,FI\nbob,\nann,SE\n")
    columns = UserColumns(id="who", attributes=("country",))

    with importing(bench.facts, bench.rejects, LENIENT) as run:
        run.users(path, TableFile(path).read(columns.wanted), columns)

    assert bench.facts.users().rows() == [("ann", '{"country": "FI"}'), ("bob", None)]
    assert bench.rejected == [(4, "duplicate", "id: ann")]
