import json
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.testing import CliRunner, Result

from shortlist.cli.insights import insights
from shortlist.core.clock import SystemClock
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.decisions import DecisionRow
from shortlist.storage.facts.frames import ITEMS, of_schema

FILMS = ("alien", "aliens", "amelie", "paddington")


def run(home: Path, *arguments: str) -> Result:
    """Run the command in an application that has nothing but it and the global `--home`."""
    app = typer.Typer()

    @app.callback()
    def options(home: Annotated[Path, typer.Option()]) -> None: ...

    app.command()(insights)
    return CliRunner(env={"COLUMNS": "160"}).invoke(
        app, ["--home", str(home), "insights", *arguments]
    )


def answered(home: Path, *items: str) -> None:
    """A home of four films, in which one list was answered just now."""
    shown: list[dict[str, Any]] = [{"item": item, "propensity": 0.1} for item in items]
    now = SystemClock().now()
    row = DecisionRow("a", now, "ann", None, "default", None, 0, {}, {"items": shown}, None)
    with open_facts(f"sqlite:///{home}/facts.db") as facts:
        with facts.bulk() as bulk:
            bulk.put_items(of_schema({"id": FILMS}, ITEMS))
        facts.decisions.put_many([row])


def test_a_period_is_a_line(tmp_path: Path) -> None:
    answered(tmp_path, "alien", "aliens")

    result = run(tmp_path, "--periods", "2")

    assert result.exit_code == 0
    yesterday, today = (_cells(line) for line in result.stdout.splitlines()[-2:])
    assert today[1:8] == ["1", "1", "2", "50.0%", "0.500", "50.0%", "100.0%"]
    assert today[8:] == ["0", "0", "0.0%", "-", "-"]
    assert yesterday[1:4] == ["0", "0", "0"]


def _cells(line: str) -> list[str]:
    return [each for each in line.split() if each != "│"]


def test_as_json_it_is_for_programs_and_what_is_not_known_is_null(tmp_path: Path) -> None:
    answered(tmp_path, "alien")

    (today,) = json.loads(run(tmp_path, "--periods", "1", "--json").stdout)

    assert today["answered"]["coverage"] == 0.25
    assert today["impressions"]["gini"] is None
