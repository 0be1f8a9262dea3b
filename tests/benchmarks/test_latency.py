"""The latency benchmarks run, small, and print what they promise."""

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from shortlist.training.settings import DEFAULT_SOURCES

FOLDER = Path(__file__).parents[2] / "benchmarks" / "latency"
SMALL = ("--users", "40", "--items", "80", "--requests", "3")

Run = Callable[..., list[list[str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a benchmark as the shell does, and gives what it printed, line by line, as words."""

    def printed(script: str, *arguments: str) -> list[list[str]]:
        monkeypatch.syspath_prepend(FOLDER)
        monkeypatch.setattr(sys, "argv", [script, *arguments])
        runpy.run_path(str(FOLDER / script), run_name="__main__")
        return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]

    return printed


def row(lines: list[list[str]], name: str) -> list[float]:
    """The numbers of the last row of this name."""
    words = name.split()
    (*_, found) = (line[len(words) :] for line in lines if line[: len(words)] == words)
    return [float(word.replace(",", "")) for word in found]


def test_features_are_timed_over_a_log_and_for_one_query(run: Run) -> None:
    lines = run("feature_speed.py", *SMALL, "--events", "300", "--rows", "256", "--trees", "3")

    for rows_a_query in ("100", "10", "1"):
        rows, *rates = row(lines, rows_a_query)
        assert rows == 256 * int(rows_a_query)
        assert min(rates) > 0
    p50, p95, p99, *others = row(lines, "80")
    assert 0 < p50 <= p95 <= p99
    assert min(others) > 0


def test_every_source_and_every_step_of_a_request_is_timed(run: Run) -> None:
    lines = run("retrieval_speed.py", *SMALL, "--events", "600", "--questions", "60")

    for source in DEFAULT_SOURCES:
        _, _, p50, p95, p99, _, ratio = row(lines, source)
        assert 0 < p50 <= p95 <= p99
        assert ratio > 0
    steps = ("ask every source", "gather candidates", "their columns", "score them", "explain 10")
    requests = ("whole list of 10", "order 100 given items", "order 300, sources asked")
    for step in (*steps, *requests):
        p50, p95, p99, _, ratio = row(lines, step)
        assert 0 < p50 <= p95 <= p99
        assert ratio > 0


def test_events_are_timed_on_their_way_in_and_out(run: Run) -> None:
    lines = run("facts_speed.py", "--seconds", "0.05")

    for way in ("1 caller, no writer", "1 caller", "16 callers", "4 callers, 500 at once"):
        rate, p50, p95, p99, _ = row(lines, way)
        assert rate > 0
        assert 0 < p50 <= p95 <= p99
    for what in ("tail of a user, nothing new", "newest 100 of a user", "revisions"):
        p50, p95, p99, _ = row(lines, what)
        assert 0 < p50 <= p95 <= p99


def test_keeping_up_is_timed_by_how_many_events_come_at_once(run: Run) -> None:
    lines = run(
        "fold_speed.py", "--users", "90", "--items", "200", "--events", "3000", "--models", "2"
    )

    for size in ("1", "3", "10", "30"):
        batches, p50, p95, p99, *_ = row(lines, size)
        assert batches >= 2
        assert 0 < p50 <= p95 <= p99
    for what in ("one event", "a new item"):
        p50, p95, p99, *_ = row(lines, what)
        assert 0 < p50 <= p95 <= p99


def test_cost_is_measured_by_the_size_of_the_catalogue(run: Run, tmp_path: Path) -> None:
    files = ("--results", str(tmp_path / "RESULTS.md"), "--plot", str(tmp_path / "items.svg"))

    run("scaling.py", *SMALL, "--events", "300", "--sizes", "60", "100001", *files)

    page = (tmp_path / "RESULTS.md").read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| 100,001")]
    assert [each[1] for each in rows] == [
        "plain scan",
        "ALS source",
        "implicit",
        "merge of 9 sources",
    ]
    assert rows[0][5] == "1.00"
    assert float(rows[1][6].removesuffix(" |")) >= 0.98
    assert "make bench-latency" in page
    assert (tmp_path / "items.svg").read_text("utf-8").startswith("<svg")


def test_the_same_numbers_make_the_same_log_and_nobody_has_anything_twice_or_too_early() -> None:
    large_log = runpy.run_path(str(FOLDER / "large_log.py"))["LargeLog"]

    log, again, other = large_log.of(3000), large_log.of(3000), large_log.of(3000, seed=1)

    events, items = pl.concat(log.parts()), log.catalogue()
    assert events.equals(pl.concat(again.parts()))
    assert not events.equals(pl.concat(other.parts()))
    assert 1500 <= len(events) <= 3000
    assert events.select("user", "item").is_unique().all()
    assert events["rating"].is_between(0.5, 5).all()
    assert set(events["item"]) <= set(items["item"])
    assert (
        events.group_by("user", maintain_order=True)
        .agg(pl.col("time").diff().min() >= 0)["time"]
        .drop_nulls()
        .all()
    )
    most = events["item"].value_counts()["count"].sort(descending=True)
    assert most.head(len(items) // 10).sum() > len(events) / 5


@pytest.mark.slow
def test_importing_and_training_are_measured_by_events(run: Run, tmp_path: Path) -> None:
    work, page = tmp_path / "work", tmp_path / "RESULTS.md"
    files = ("--results", str(page), "--plot", str(tmp_path / "events.svg"))

    run("training_speed.py", "--sizes", "4000", "--work", str(work), *files)
    written = page.read_text("utf-8")
    run("training_speed.py", "--sizes", "4000", "--work", str(work), *files)

    rows = [line.split(" | ") for line in written.splitlines() if line.startswith("| 4,000")]
    assert [each[3] for each in rows] == ["import items", "import events", "train"]
    assert all(
        float(number.strip(" |").replace(",", "")) > 0 for each in rows for number in each[5:]
    )
    again = page.read_text("utf-8").splitlines()
    assert [line.split(" | ") for line in again if line.startswith("| 4,000")] == rows
    assert (tmp_path / "events.svg").read_text("utf-8").startswith("<svg")
    trained = json.loads((work / "4000" / "costs.json").read_text("utf-8"))["train"]
    assert f"4,000 events take {trained['wall']:.0f} s" in written
    assert f"and {trained['peak'] / 1024:.1f} GiB" in written


def test_each_benchmark_there_is_is_run_by_the_one_command() -> None:
    listed = runpy.run_path(str(FOLDER / "__main__.py"))["BENCHMARKS"]

    files = {each.name for each in FOLDER.glob("*_speed.py")} | {"scaling.py"}

    assert {file for file, _ in listed.values()} == files
