from pathlib import Path
from typing import Annotated

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from shortlist.cli import main
from shortlist.cli.simulate import simulate
from shortlist.core.errors import BadSettings
from shortlist.core.events import Event
from shortlist.storage.facts import open_facts


def run(home: Path, *arguments: str) -> Result:
    """Run the command in an application that has nothing but it and the global `--home`."""
    app = typer.Typer()

    @app.callback()
    def options(home: Annotated[Path, typer.Option()]) -> None: ...

    app.command()(simulate)
    return CliRunner().invoke(app, ["--home", str(home), "simulate", *arguments])


def test_it_says_first_that_the_world_is_simulated(tmp_path: Path) -> None:
    result = run(tmp_path / "home", "--events", "300", "--seed", "1")

    assert result.exit_code == 0
    assert result.stdout.startswith("SIMULATED WORLD")
    assert "oracle AUC, log loss" in result.stdout


def test_facts_and_truth_are_in_the_home(tmp_path: Path) -> None:
    run(tmp_path, "--events", "300", "--seed", "1", "--users", "20", "--items", "120")

    truth = pl.read_parquet(tmp_path / "truth" / "truth.parquet")
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        assert facts.count_events() == 300 + truth.height
        assert facts.count_items() == 120
        assert facts.users().height == 20


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    run(tmp_path, "--events", "300")

    again = run(tmp_path, "--events", "300")

    assert again.exit_code == 0
    assert "0 events added (the same log was here before)" in again.stdout


def test_the_database_of_the_settings_is_the_one_that_is_written(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    settings = f'database = "sqlite:///{elsewhere}"\n'
    (tmp_path / "shortlist.toml").write_text(settings, encoding="utf-8")

    run(tmp_path, "--events", "300", "--seed", "1")

    assert not (tmp_path / "facts.db").exists()
    with open_facts(f"sqlite:///{elsewhere}") as facts:
        assert facts.count_events() > 300


def test_a_home_with_other_events_is_refused_in_one_paragraph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        facts.append([Event(user="ann", item="alien", kind="view")])

    with pytest.raises(SystemExit) as left:
        main(["--home", str(tmp_path), "simulate", "--events", "300"])

    assert left.value.code == 1
    assert "holds another log already" in capsys.readouterr().err
    assert not (tmp_path / "simulated.json").exists()


def test_too_few_users_for_the_events_are_an_error_we_foresaw(tmp_path: Path) -> None:
    result = run(tmp_path, "--events", "5000", "--users", "2", "--items", "10")

    assert isinstance(result.exception, BadSettings)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [("--events", "0"), ("--seed", "-1"), ("--users", "0"), ("--items", "1")]
)
def test_numbers_out_of_range_are_usage_errors(tmp_path: Path, arguments: tuple[str, str]) -> None:
    result = run(tmp_path, *arguments)

    assert result.exit_code == 2
    assert f"Invalid value for '{arguments[0]}'" in result.stderr


def test_help_says_what_an_event_is(tmp_path: Path) -> None:
    text = " ".join(run(tmp_path, "--help").stdout.replace("│", " ").split())

    assert "impressions they stand among come on top" in text
