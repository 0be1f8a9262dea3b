import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.datasets.importers.sample import RATINGS, Bench

from shortlist.core.errors import BadFile, Invalid
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.parquet import read_parquet
from shortlist.datasets.importers.tables import TableFile

ALIEN = {"user": 1, "item": "alien", "stars": 4.5, "time": "2001-09-09T01:46:40Z"}


def test_json_lines_become_events(bench: Bench) -> None:
    lines = [
        ALIEN,
        {**ALIEN, "user": 2.0, "time": 10**9, "more": [1, {}]},
        {**ALIEN, "user": "zoë"},
    ]
    path = bench.file("events.jsonl", "\n".join(map(json.dumps, lines)))

    bench.events(path)

    assert bench.log.select("user", "value", "time").rows() == [
        ("1", 4.5, 10**15),
        ("2", 4.5, 10**15),
        ("zoë", 4.5, 10**15),
    ]


BAD = {
    '{"user": 1,': "not a JSON object",
    "[1, 2]": "not a JSON object",
    "null": "not a JSON object",
    "[" * 5000: "not a JSON object",
    '{"user": null, "item": "a", "stars": 1, "time": 1}': "missing field",
    '{"item": "a", "stars": 1, "time": 1}': "missing field",
    '{"user": "\\ud800", "item": "a", "stars": 1, "time": 1}': "wrong encoding",
    '{"user": "a\\u0000", "item": "a", "stars": 1, "time": 1}': "control character",
    '{"user": "a", "item": "a", "stars": NaN, "time": 1}': "value not finite",
    '{"user": "a", "item": "a", "stars": "x", "time": 1}': "unparsable value",
    '{"user": "a", "item": "a", "stars": 1, "time": {}}': "unparsable time",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_told_with_its_number(bench: Bench, line: str) -> None:
    path = bench.file("events.jsonl", f"{json.dumps(ALIEN)}\n\n{line}\n")

    report = bench.events(path)

    assert [row[:2] for row in bench.rejected] == [(3, BAD[line])]
    assert report.added == 1


def test_a_line_that_is_not_utf_8_is_told(bench: Bench) -> None:
    bench.events(bench.file("events.jsonl", json.dumps(ALIEN).encode() + b'\n{"user": "\xeb"}\n'))

    assert bench.rejected == [(2, "wrong encoding", "")]


def test_fields_that_no_line_has_are_told(bench: Bench) -> None:
    path = bench.file("events.jsonl", json.dumps(ALIEN))

    with pytest.raises(BadFile, match="no column 'who'"):
        bench.events(path, EventColumns(user="who", item="item"))


def test_parquet_becomes_events(bench: Bench) -> None:
    path = bench.folder / "events.parquet"
    moment = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    pl.DataFrame(
        {"user": [1.0, None, 3.0], "item": [7, 8, 9], "stars": [4, 5, 6], "time": [moment] * 3}
    ).write_parquet(path)

    bench.events(path)

    assert bench.log.select("user", "item", "value", "time").rows() == [
        ("1", "7", 4.0, 10**15),
        ("3", "9", 6.0, 10**15),
    ]
    assert bench.rejected == [(2, "missing field", "user")]


def test_parquet_is_read_some_rows_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"a": range(10), "b": range(10)}).write_parquet(path)

    batches = list(read_parquet(path, ["a"], rows=4))

    assert [batch.table["a"].to_list() for batch in batches] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
    ]
    assert [batch.lines.tolist() for batch in batches] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert batches[-1].done == path.stat().st_size


@pytest.mark.parametrize("keep", [0, 100, -10])
def test_a_cut_off_parquet_file_is_refused_whole(bench: Bench, keep: int) -> None:
    path = bench.folder / "events.parquet"
    pl.DataFrame({"user": ["a"] * 99, "item": range(99), "stars": 1, "time": 1}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(BadFile, match="Parquet"):
        bench.events(path)

    assert bench.facts.count_events() == 0


def test_a_name_that_tells_no_format_is_asked_about(bench: Bench) -> None:
    path = bench.file("events.data", "user,item,stars,time\nann,alien,4,1\n")

    with pytest.raises(Invalid, match="--format"):
        bench.events(path)

    assert bench.events(path, RATINGS, table=TableFile(path, "csv")).added == 1
