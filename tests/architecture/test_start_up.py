"""Help and mistakes are answered at once: nothing heavy is imported before it is needed."""

import subprocess
import sys
import tomllib

import pytest
from tests.architecture.repository import ROOT

LIGHT = {"typer", "rich"}
"""What the command line itself is made of."""

SAY_WHAT_IS_LOADED = """
import sys
from shortlist.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write("\\n" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def heavy() -> set[str]:
    """The modules of all dependencies but the light ones."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [each for group in project["optional-dependencies"].values() for each in group]
    names = {
        each.partition(">")[0].partition("[")[0].removesuffix("-python").replace("-", "_")
        for each in (*project["dependencies"], *extras)
    }
    return names - LIGHT


def loaded_by(*arguments: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", SAY_WHAT_IS_LOADED, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(run.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",)])
def test_the_command_starts_without_the_heavy_libraries(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) & heavy() == set()


def test_a_mistake_is_answered_without_the_heavy_libraries() -> None:
    typers_own = {"pydantic", "pydantic_core"}

    assert loaded_by("nonsense") & heavy() <= typers_own


def test_the_heavy_libraries_are_found_where_they_are_loaded() -> None:
    assert {"numpy", "polars", "scipy"} <= loaded_by("train", "--help") & heavy()


@pytest.mark.parametrize("command", ["train", "recommend", "import", "simulate"])
def test_a_command_is_explained_without_what_it_trains_and_draws_with(command: str) -> None:
    assert not loaded_by(command, "--help") & {"lightgbm", "implicit", "altair", "vl_convert"}
