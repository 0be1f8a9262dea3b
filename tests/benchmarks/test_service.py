"""The benchmarks of the service run, small, and print and write what they promise."""

import importlib
import runpy
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.storage.databases import POSTGRESQL, postgresql

from shortlist.storage.bundles import open_bundles

HEADS = ("order", "chance")
FOLDER = Path(__file__).parents[2] / "benchmarks" / "service"

Run = Callable[..., str]
Rows = dict[str, list[str]]


UNHURRIED = "\n[serving]\nbudget_ms = 5000.0\n"
"""Nothing is to be left out of an answer because the machine is busy with other tests."""


@pytest.fixture(scope="module")
def unhurried(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two tribes, trained, with time for every answer."""
    home = tmp_path_factory.mktemp("unhurried") / "home"
    shutil.copytree(trained_once, home)
    with (home / "shortlist.toml").open("a", encoding="utf-8") as settings:
        settings.write(UNHURRIED)
    return home


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, unhurried: Path, tmp_path: Path) -> Run:
    """Runs a benchmark as the shell does, on the two tribes; gives the section it wrote."""

    def section(script: str, *arguments: str) -> str:
        page = tmp_path / "RESULTS.md"
        given = ["--home", str(unhurried), "--results", str(page), *arguments]
        monkeypatch.syspath_prepend(FOLDER)
        monkeypatch.setattr(sys, "argv", [str(FOLDER / script), *given])
        runpy.run_path(str(FOLDER / script), run_name="__main__")
        return page.read_text("utf-8")

    return section


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """One of the parts that benchmarks share."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module


def rows(section: str) -> Rows:
    """All rows of all tables, by their first cell; of two alike the last."""
    cells = [
        [each.strip() for each in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {name: numbers for name, *numbers in cells}


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def test_latency_is_said_for_both_ends_and_for_every_stage(run: Run, trained_once: Path) -> None:
    section = run("latency.py", "--requests", "8", "--warm-up", "8")

    found = rows(section)
    for name, requests in (("list of 10, all", 16), ("order of 100", 8), ("empty route", 40)):
        count, p50, p95, p99, server50, _, server99, _, refused, *_ = map(number, found[name][:9])
        assert (count, refused) == (requests, 0)
        assert 0 < p50 <= p95 <= p99
        assert 0 < server50 <= server99 < p99
    assert number(found["ranker"][0]) == 16
    assert "3 sources, 14 candidates" in section
    bundle = open_bundles((trained_once / "bundles").as_uri()).open()
    order, chance = (bundle.text(f"ranker/{head}.txt").count("Tree=") for head in HEADS)
    assert f"{order} and {chance} trees" in section


@pytest.mark.parametrize(
    ("server", "generator"),
    [
        ("uvicorn", "threads"),
        pytest.param("uvicorn", "wrk", marks=pytest.mark.slow),
        pytest.param("granian", "threads", marks=pytest.mark.slow),
    ],
)
def test_throughput_is_said_for_each_number_of_connections_and_an_empty_route(
    run: Run, module: Callable[[str], ModuleType], server: str, generator: str
) -> None:
    if generator == "wrk" and module("load").WRK is None:
        pytest.skip("wrk is not installed")
    small = ["--connections", "3", "--seconds", "1", "--within", "5000", "--workers", "1"]

    section = run("throughput.py", *small, "--server", server, "--generator", generator)

    lists, empty = rows(section)[server], rows(section)[f"{server}, empty route"]
    rate, p50, p99, refused, lost = map(number, lists[1:6])
    assert number(empty[1]) > rate > 1
    assert 0 < p50 <= p99
    assert (refused, lost) == (0, 0)
    assert number(lists[7]) > 0


@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.slow)])
def test_every_acknowledged_event_is_in_the_log_once(
    run: Run, database: str, tmp_path: Path
) -> None:
    small = ["--seconds", "0.5", "--workers", "1", "--batch", "20", "--clients", "2", "3"]

    if database == "SQLite":
        section = run("events.py", *small)
    else:
        with postgresql(tmp_path):
            section = run("events.py", *small, "--database", POSTGRESQL)

    found = rows(section)
    for shape in ("batches of 20 from 2 clients", "single events from 3 clients"):
        for name in (f"{shape}, storage alone", f"{shape}, 1 worker"):
            rate, p50, p99, refused, lost = map(number, found[name][:5])
            assert rate > 1
            assert 0 < p50 <= p99
            assert (refused, lost) == (0, 0)
    for name in ("storage alone", "1 worker"):
        begins = f"{database}, {name}: of "
        (verdict,) = [line for line in section.splitlines() if line.startswith(begins)]
        assert "events 0 are missing from the log and 0 are in it twice; 0 are in it" in verdict


def test_what_a_user_did_is_known_to_the_next_request_of_another_process(run: Run) -> None:
    section = run("read_your_writes.py", "--times", "6")

    found = rows(section)
    assert found["two workers of one server"][1:3] == ["6", "6"]
    assert found["two servers on one database"][1:4] == ["6", "6", "6"]


def test_every_page_is_timed_by_its_first_view_and_the_others(
    run: Run, module: Callable[[str], ModuleType]
) -> None:
    section = run("pages.py", "--views", "2")

    found = rows(section)
    for page in module("pages").PAGES:
        first, median, slowest = map(number, found[page][:3])
        assert 0 < median <= slowest + 0.5
        assert first > 0
    assert f"{len(module('pages').PAGES)} pages, 2 views each" in section


def test_a_mixed_load_is_told_by_sort_and_by_memory(run: Run) -> None:
    small = ["--minutes", "0.1", "--rate", "20", "--every", "0.5", "--people", "2"]

    section = run("mixed.py", *small, "--workers", "1")

    found = rows(section)
    assert found["all"][:3] == ["120", "200: 120", "0"]
    assert number(found["0.0"][0]) > number(found["0.0"][1]) > 10
    assert "0.1" in found
    assert "0 answers of 500 or above" in section
    assert "MiB in the third quarter of the time" in section
    assert "MiB a minute" in section
    assert "What became of bundles meanwhile: " in section


def test_a_still_load_has_lists_instead_of_events(run: Run) -> None:
    small = ["--minutes", "0.1", "--rate", "20", "--every", "0.5", "--people", "2"]

    section = run("mixed.py", *small, "--still")

    assert ", without events" in section
    assert "event" not in rows(section)
    assert rows(section)["all"][:3] == ["120", "200: 120", "0"]


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_no_answer_is_an_error(run: Run) -> None:
    small = ["--minutes", "0.3", "--rate", "20", "--every", "1", "--people", "2"]

    section = run("mixed.py", *small, "--kill")

    assert "One worker was killed after 9 s; another was warm" in section
    assert "0 were answered with 500 or above" in section


def test_a_section_takes_the_place_of_its_own_and_of_no_other(
    tmp_path: Path, module: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "RESULTS.md"
    others = "# Results\n\n<!-- a: begin -->\n\nA\n\n<!-- a: end -->\n\n{}\n\n<!-- c: begin -->\nC"
    page.write_text(others.format("<!-- own: begin -->\nold\n<!-- own: end -->"))
    places = ["--home", str(tmp_path), f"--results={page}", "--data", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", [str(FOLDER / "events.py"), *places, "--seconds", "3"])

    results = module("results").Results("own", "Own", Namespace(results=page), "few")
    results.say("New.")
    results.table("Numbers", ("what", "how many"), [["films", "4"]])
    results.write()

    before, _, rest = page.read_text("utf-8").partition("<!-- own: begin -->")
    inside, _, after = rest.partition("<!-- own: end -->")
    assert before + after == others.format("")
    assert "old" not in inside
    assert "New.\n\n**Numbers**\n\n| what | how many |\n| --- | ---: |\n| films | 4 |\n" in inside
    assert "python benchmarks/service/events.py --data FOLDER --seconds 3\n" in inside
    assert str(tmp_path) not in inside


def test_a_first_section_begins_the_page(
    tmp_path: Path, module: Callable[[str], ModuleType]
) -> None:
    page = tmp_path / "RESULTS.md"

    for name in ("one", "two"):
        module("results").Results(name, name, Namespace(results=page), "few").write()

    text = page.read_text("utf-8")
    places = [text.index(each) for each in ("# Results", "one: begin", "one: end", "two: begin")]
    assert places == sorted(places)
