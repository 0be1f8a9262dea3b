import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shortlist.datasets.importers.delimited import read_delimited
from shortlist.datasets.importers.dialect import Dialect

FIELD = st.text(st.sampled_from('ab,"\n é'), max_size=6)
ROWS = st.lists(st.tuples(FIELD, FIELD, FIELD), max_size=12)


def read(path: Path, size: int) -> tuple[list[tuple[str | None, ...]], list[int], int]:
    batches = list(read_delimited(path, Dialect(), ["c", "a"], size=size))
    rows = [row for batch in batches for row in batch.table.rows()]
    lines = [int(line) for batch in batches for line in batch.lines]
    return rows, lines, sum(len(batch.rejected) for batch in batches)


@given(ROWS, st.integers(100, 300))  # a record is shorter: it takes 45 bytes at most
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_a_csv_writer_wrote_is_read_wherever_blocks_end(
    tmp_path: Path, rows: list[tuple[str, str, str]], size: int
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    starts = []
    for row in rows:
        starts.append(file.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = tmp_path / "table.csv"
    path.write_text(file.getvalue(), newline="")

    found, lines, bad = read(path, size)

    assert bad == 0
    assert found == [(c or None, a or None) for a, _, c in rows]
    assert lines == starts


@given(st.binary(max_size=300), st.integers(40, 120))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_to_their_end(tmp_path: Path, data: bytes, size: int) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b,c\n" + data)

    rows, lines, bad = read(path, size)

    assert len(rows) == len(lines)
    assert lines == sorted(set(lines))
    assert len(rows) + bad <= data.count(b"\n") + 1


@pytest.mark.parametrize("quoted", [False, True])
def test_rows_are_read_wherever_blocks_end(tmp_path: Path, *, quoted: bool) -> None:
    mark = '"' if quoted else ""
    path = tmp_path / "table.csv"
    path.write_text("a,b,c\n" + "".join(f"{mark}{n}{mark},x,{n * n}\n" for n in range(500)))

    for size in (20, 97, 1000, 10_000):
        found, lines, bad = read(path, size)

        assert found == [(str(n * n), str(n)) for n in range(500)]
        assert lines == list(range(2, 502))
        assert bad == 0
