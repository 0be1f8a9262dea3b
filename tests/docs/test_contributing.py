"""The worked examples of CONTRIBUTING.md, done as they are written, in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.repository import FOLDERS, ROOT
from tests.docs.pages import page

GUIDE = "CONTRIBUTING.md"
EXAMPLES = {
    "Add a source": "newcomers",
    "Add a feature": "item_pace",
    "Add a metric": "shown_popularity",
}
"""The parts with an example, and what each adds."""

FENCE = re.compile(r"^```(python|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def section(heading: str) -> str:
    """The part of the guide under a heading."""
    return page(GUIDE).text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def carry_out(text: str, root: Path) -> None:
    """Write the files and make the changes that the blocks of a text show."""
    for language, body in FENCE.findall(text):
        first, _, rest = body.partition("\n")
        if language == "python":
            (root / first.removeprefix("# ")).write_text(rest, "utf-8")
        else:
            file = root / first.removeprefix("--- ")
            file.write_text(patched(file.read_text("utf-8"), rest), "utf-8")


def patched(text: str, changes: str) -> str:
    """The text with each hunk's old lines replaced by its new ones; they must stand there once."""
    for hunk in changes.split("@@\n"):
        old, new = ("".join(_lines(hunk, signs)) for signs in (" -", " +"))
        assert text.count(old) == 1, f"not there once:\n{old}"
        text = text.replace(old, new)
    return text


def _lines(hunk: str, signs: str) -> Iterator[str]:
    return (line[1:] or "\n" for line in hunk.splitlines(keepends=True) if line[0] in signs)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with all of the examples carried out."""
    root = tmp_path_factory.mktemp("copy")
    for folder in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    for file in (each for each in ROOT.iterdir() if each.is_file()):
        shutil.copy(file, root)
    for heading in EXAMPLES:
        carry_out(section(heading), root)
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, at work in a copy."""
    paths = os.pathsep.join([str(root / "src"), str(root)])
    tool = Path(sys.executable).with_name(command[0])
    return subprocess.run(
        [tool, *command[1:]],
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("check", ["ruff check .", "ruff format --check .", "mypy", "lint-imports"])
def test_the_checks_accept_what_the_guide_shows(check: str, copy: Path) -> None:
    done = run(copy, *check.split())

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", EXAMPLES.values())
def test_the_contract_tests_pick_the_addition_up(name: str, copy: Path) -> None:
    done = run(copy, "pytest", "tests/contracts", "-q", "-k", name, "-p", "no:cacheprovider")

    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout
    assert passed
    assert int(passed[1]) >= 5


def test_nothing_else_has_to_be_told_but_the_readme(copy: Path) -> None:
    own = ["tests/architecture", "tests/docs", "tests/retrieval", "tests/evaluation"]

    done = run(copy, "pytest", *own, "-q", "-m", "not slow", "-p", "no:cacheprovider")

    failed = re.findall(r"^FAILED \S+::(\S+)", done.stdout, re.MULTILINE)
    assert sorted(failed) == [
        "test_how_many_sources_there_are_is_said_right[README.md]",
        "test_how_many_there_are_is_said_right[README.md]",
        "test_the_pages_do_say_how_many_there_are",
    ]
