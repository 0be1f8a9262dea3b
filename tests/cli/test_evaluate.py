from pathlib import Path

import pytest
from tests.cli.shell import SETTINGS, Shell, assert_refused, write_tribes

from shortlist.evaluation.results import ListSection, PairSection, Report


def test_the_tables_have_popularity_beside_everything(imported: Shell) -> None:
    run = imported("evaluate", "--protocol", "last-share")

    assert (run.code, run.err) == (0, "")
    rows = [line.split()[0] for line in run.out.splitlines() if line.strip()]
    for name in ("popularity", "item_neighbours", "transitions", "blend", "two_stage"):
        assert name in rows
    assert rows.index("popularity") < rows.index("two_stage")


def test_figures_and_page_are_written_where_they_are_wanted(
    imported: Shell, tmp_path: Path
) -> None:
    figures, page = tmp_path / "report.json", tmp_path / "report.html"

    run = imported("evaluate", "--json", figures, "--html", page)

    assert (run.code, run.err) == (0, "")
    report = Report.model_validate_json(figures.read_text("utf-8"))
    assert report.title.endswith("last-share")
    assert page.read_text("utf-8").lower().startswith("<!doctype html>")
    assert "two_stage" in page.read_text("utf-8")
    assert str(page) in run.out.replace("\n", "")


def test_what_was_trained_before_has_no_part_in_it(trained_home: Shell, tmp_path: Path) -> None:
    bundles = sorted((trained_home.home / "bundles").rglob("*"))

    trained_home("evaluate", "--json", tmp_path / "report.json")

    assert sorted((trained_home.home / "bundles").rglob("*")) == bundles


def test_a_log_without_times_is_split_at_random_and_says_so(empty: Shell, tmp_path: Path) -> None:
    write_tribes(tmp_path, times=False)
    empty.home.mkdir()
    (empty.home / "shortlist.toml").write_text(SETTINGS)
    empty("import", "events", tmp_path / "ratings.csv", "--user", "userId", "--item", "movieId")

    run = empty("evaluate", "--json", tmp_path / "report.json")

    assert (run.code, run.err) == (0, "")
    said = " ".join(run.out.split())
    assert "The log has no times" in said
    assert "lets the future explain the past" in said
    report = Report.model_validate_json((tmp_path / "report.json").read_text("utf-8"))
    assert report.title.endswith("random-share")


def test_a_simulated_world_is_said_to_be_one_at_every_table(empty: Shell, tmp_path: Path) -> None:
    empty.home.mkdir()
    (empty.home / "shortlist.toml").write_text(SETTINGS)
    empty("simulate", "--events", "600", "--seed", "1", "--users", "60", "--items", "120")

    run = empty("evaluate", "--json", tmp_path / "report.json")

    assert (run.code, run.err) == (0, "")
    report = Report.model_validate_json((tmp_path / "report.json").read_text("utf-8"))
    assert report.data.simulated
    assert run.out.lower().count("simulated") >= len(report.sections)
    pairs = [each for each in report.sections if isinstance(each, PairSection)]
    (clicks,) = (each for each in pairs if "Clicks" in each.title)
    assert "oracle" in {row.name for row in clicks.rows}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--protocol", "tomorrow"], "No protocol is called 'tomorrow'"),
        (["--min-item-events", "5000"], "lower --min-item-events"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    imported: Shell, arguments: list[str], said: str
) -> None:
    assert_refused(imported("evaluate", *arguments), said)


def test_a_protocol_that_needs_times_says_which_does_not(empty: Shell, tmp_path: Path) -> None:
    write_tribes(tmp_path, times=False)
    empty("import", "events", tmp_path / "ratings.csv", "--user", "userId", "--item", "movieId")

    assert_refused(empty("evaluate", "--protocol", "successive"), "random-share")


def test_an_empty_log_is_told_to_be_filled_first(empty: Shell) -> None:
    assert_refused(empty("evaluate"), "import some first")


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_file_that_cannot_be_written_is_named_before_anything_is_measured(
    imported: Shell, tmp_path: Path, option: str
) -> None:
    run = imported("evaluate", option, tmp_path / "nowhere" / "report")

    assert_refused(run, "nowhere/report")


@pytest.mark.parametrize("protocol", ["global-time", "successive"])
def test_every_protocol_is_measured(imported: Shell, tmp_path: Path, protocol: str) -> None:
    run = imported("evaluate", "--protocol", protocol, "--json", tmp_path / "report.json")

    assert (run.code, run.err) == (0, "")
    report = Report.model_validate_json((tmp_path / "report.json").read_text("utf-8"))
    lists = next(each for each in report.sections if isinstance(each, ListSection))
    assert report.title.endswith(protocol)
    assert lists.users > 5


def test_all_speeds_of_learning_are_measured_between_trainings(
    imported: Shell, tmp_path: Path
) -> None:
    imported("evaluate", "--protocol", "successive", "--json", tmp_path / "report.json")

    report = Report.model_validate_json((tmp_path / "report.json").read_text("utf-8"))
    (between,) = (each for each in report.sections if each.title == "Between trainings")
    assert isinstance(between, ListSection)
    names = [row.name for row in between.rows]
    assert names[-3:] == ["(a) histories", "(a+b) and sources", "(a+b+c) and ranker"]
