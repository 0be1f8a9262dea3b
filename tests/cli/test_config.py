"""`shortlist config`: what is set, and whether it can be used."""

import json

from tests.cli.shell import SETTINGS, Shell, assert_refused


def test_check_says_what_is_well(trained_home: Shell) -> None:
    run = trained_home("config", "check")

    assert (run.code, run.err) == (0, "")
    assert "shortlist.toml" in run.out
    assert "Placement default: ok" in run.out


def test_check_finds_a_filter_that_is_wrong_and_says_where(trained_home: Shell) -> None:
    path = trained_home.home / "shortlist.toml"
    path.write_text(SETTINGS + '[placements.odd]\nfilter = "year >="\n')

    assert_refused(trained_home("config", "check"), "placements.odd.filter", "position 7")


def test_check_finds_what_no_item_has(trained_home: Shell) -> None:
    path = trained_home.home / "shortlist.toml"
    path.write_text(SETTINGS + '[placements.odd]\nfilter = "yeer >= 1990"\n')

    run = trained_home("config", "check")

    assert run.code == 1
    assert "Placement odd: " in run.out
    assert "year" in run.out


def test_check_finds_a_source_that_is_not_trained(trained_home: Shell) -> None:
    path = trained_home.home / "shortlist.toml"
    path.write_text(SETTINGS + "[placements.odd.sources]\nals = 5\n")

    run = trained_home("config", "check")

    assert run.code == 1
    assert "no source is called 'als'" in run.out


def test_show_has_every_setting_in_force(trained_home: Shell) -> None:
    lines = trained_home("config", "show").out.splitlines()
    document = json.loads(trained_home("config", "show", "--json").out)

    assert 'clock = "system"' in lines
    assert "serving.budget_ms = 50.0" in lines
    assert document["server"]["port"] == 8000
