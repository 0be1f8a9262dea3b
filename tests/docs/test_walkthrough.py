"""The walk through the example data, done line by line as the page shows it."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.architecture.repository import ROOT
from tests.docs.pages import page

GUIDE = "docs/guide/your-data.md"
SHORTLIST = """#!/bin/sh
exec "{python}" -c "from shortlist.cli import main; main()" "$@"
"""


@dataclass(frozen=True)
class Walk:
    """A folder in which the commands of the page were run, and what they said."""

    folder: Path
    said: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return _run(self.folder, *command)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    paths = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    home = {"SHORTLIST_HOME": str(folder / "library"), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **paths, **home, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "examples", folder / "examples")
    command = folder / "bin" / "shortlist"
    command.parent.mkdir()
    command.write_text(SHORTLIST.format(python=sys.executable), "utf-8")
    command.chmod(0o755)

    shown = next(each for each in page(GUIDE).blocks("sh") if "mkdir library" in each)
    done = _run(folder, "sh", "-e", "-c", shown)

    assert done.returncode == 0, done.stderr
    return Walk(folder, done.stdout)


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "examples" / "own-data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_ends_with_a_list_and_a_report(walk: Walk) -> None:
    assert "What user reader-07 should see next" in walk.said
    assert re.search(r"two_stage - blend", walk.said)


def test_no_row_of_the_example_is_refused(walk: Walk) -> None:
    assert "rejected:" not in walk.said
    assert not (walk.folder / "library" / "rejects").exists()


def test_the_page_says_how_much_there_is() -> None:
    kinds = Counter(row["what"] for row in rows("loans.csv"))
    readers = {row["reader"] for row in rows("loans.csv")}
    text = " ".join(page(GUIDE).text.split())

    assert f"{len(rows('books.csv'))} books, {len(readers)} readers" in text
    assert f"{len(rows('loans.csv')):,} loans and {len(rows('ratings.csv'))} ratings" in text
    assert all(f"`{kind}`" in text for kind in kinds)


def test_what_it_says_about_the_figures_is_so(walk: Walk) -> None:
    """On so few events the ranker does not beat the blend; if it ever does, the page is wrong."""
    (line,) = re.findall(r"^two_stage - blend .*$", walk.said, re.MULTILINE)

    assert "better" not in line


def test_importing_again_adds_nothing(walk: Walk) -> None:
    loans = ("examples/own-data/loans.csv", "--user", "reader", "--item", "book")

    again = walk.run("shortlist", "import", "events", *loans, "--time", "at", "--kind", "what")

    number = f"{len(rows('loans.csv')):,}"
    assert re.search(rf"loans\.csv\s+events\s+{number}\s+0\s+{number}\s+0", again.stdout)


def test_bad_rows_are_refused_in_the_words_of_the_page(walk: Walk) -> None:
    bad = "reader,book,at\nr1,B001,2025-07-01\nr1,B999,2025-07-02\nr2,B002,yesterday\n"
    (walk.folder / "bad.csv").write_text(bad, "utf-8")

    columns = ("--user", "reader", "--item", "book", "--time", "at")
    done = walk.run("shortlist", "import", "events", "bad.csv", *columns)

    shown = " ".join(next(b for b in page(GUIDE).blocks("text") if "are bad" in b).split())
    said = " ".join(done.stderr.replace(f"{walk.folder}/", "").split())
    assert done.returncode == 1
    assert _undated(said) == _undated(shown)


def test_an_explanation_names_every_column_and_its_value(walk: Walk) -> None:
    done = walk.run("shortlist", "recommend", "reader-07", "-k", "3", "--explain")

    unwrapped = " ".join(done.stdout.replace("│", " ").split())
    named = re.findall(r"\[([\w.]+) = -?[\d.e+-]+\]", unwrapped)
    assert len(named) >= 15
    assert any("." in column for column in named)


def test_the_contributions_of_the_json_add_up_as_the_page_computes(walk: Walk) -> None:
    (shown,) = page("docs/guide/explanations.md").blocks("python")

    done = walk.run(sys.executable, "-c", shown.replace('"42"', '"reader-07"'))

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["recommend", "--users", "all", "-k", "20", "--output", "lists.parquet"],
        ["models", "list"],
        ["models", "prune", "--keep", "3"],
    ],
    ids=" ".join,
)
def test_other_commands_of_the_pages_run_on_it(walk: Walk, command: list[str]) -> None:
    done = walk.run("shortlist", *command)

    assert done.returncode == 0, done.stderr


def _undated(text: str) -> str:
    return re.sub(r"\d{8}-\d{6}-\d+", "DATE", text)
