"""Files as they turn up, and files as somebody might make them."""

import pytest
from tests.datasets.importers.sample import Bench

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.blocks import BLOCK
from shortlist.datasets.importers.tables import TableFile

HEADER = b"user,item,stars,time\n"
GOOD = b"ann,alien,4.5,1000000000\n"


def test_an_empty_file_is_refused(bench: Bench) -> None:
    with pytest.raises(BadFile, match="empty"):
        bench.events(b"")


@pytest.mark.parametrize("header", [HEADER, HEADER.rstrip(), HEADER + b"\n\n"])
def test_a_header_alone_is_no_rows(bench: Bench, header: bytes) -> None:
    report = bench.events(header)

    assert (report.rows, report.added) == (0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + GOOD,
        (HEADER + GOOD).replace(b"\n", b"\r\n"),
        (HEADER + GOOD).rstrip(),
        (HEADER + GOOD).replace(b"\n", b"\r\n").rstrip(b"\n"),
        HEADER + b"\n" + GOOD + b"\n\n",
        b"user , item,stars,time\n" + GOOD,
    ],
    ids=["byte order mark", "CRLF", "no last newline", "CR at the end", "blank lines", "spaces"],
)
def test_what_spreadsheets_do_to_files_does_no_harm(bench: Bench, content: bytes) -> None:
    report = bench.events(content)

    assert (report.rows, report.added) == (1, 1)
    assert bench.log.select("user", "item", "value", "time").rows() == [
        ("ann", "alien", 4.5, 10**15)
    ]


def test_a_cut_off_last_line_is_told(bench: Bench) -> None:
    bench.events(HEADER + GOOD + b"bob,alien,4.")

    assert bench.rejected == [(3, "wrong number of fields", "")]


def test_a_line_of_ten_megabytes_is_passed_over(bench: Bench) -> None:
    long = b"x" * 10_000_000

    report = bench.events(HEADER + GOOD + long + b",alien,4,1\n" + b"bob,alien,4,1\n")

    assert bench.rejected == [(3, "line too long", "")]
    assert (report.rows, report.added) == (3, 2)


def test_a_last_line_that_never_ends_is_passed_over(bench: Bench) -> None:
    report = bench.events(HEADER + GOOD + b"x" * (2 * BLOCK))

    assert bench.rejected == [(3, "line too long", "")]
    assert report.added == 1


def test_a_quote_that_swallows_the_file_costs_one_row(bench: Bench) -> None:
    rows = b"".join(b"u%d,alien,4,1\n" % each for each in range(40_000))

    report = bench.events(HEADER + b'"open,alien,4,1\n' + rows)

    assert bench.rejected == [(2, "malformed quotes", "")]
    assert report.added == 40_000


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\xff\xfeu\0s\0", "UTF-16"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"PK\x03\x04", "ZIP"),
        (b"PAR1", "Parquet"),
    ],
)
def test_what_is_not_a_table_of_text_is_named(bench: Bench, start: bytes, what: str) -> None:
    with pytest.raises(BadFile, match=what):
        bench.events(start + b"rest")


def test_ids_are_kept_as_they_are(bench: Bench) -> None:
    users = ["007", "1.0", "日本", " a b", "o'neill", "-", "NULL", "None", "nan", "\u200bx"]
    rows = "".join(f"{each},alien,4,1\n" for each in users)

    bench.events(HEADER + rows.encode())

    assert bench.log["user"].to_list() == users


def test_a_folder_is_no_file(bench: Bench) -> None:
    with pytest.raises(BadFile, match="there is no file"):
        TableFile(bench.folder, "csv").read(["user"])


def test_two_columns_of_one_name_are_refused(bench: Bench) -> None:
    with pytest.raises(BadFile, match="more than one column 'item'"):
        bench.events(b"user,item,item,stars,time\n")


def test_a_file_of_nothing_but_bad_bytes_ends(bench: Bench) -> None:
    report = bench.events(HEADER + bytes(range(256)) * 400)

    assert report.added == 0
    assert report.bad == report.rows > 0
