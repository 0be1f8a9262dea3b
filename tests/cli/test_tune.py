"""`shortlist train --tune`, and what `shortlist models show` says of it."""

import json

import pytest
from tests.cli.shell import Shell, assert_refused

from shortlist.storage.bundles import open_bundles


def test_a_tuned_bundle_tells_what_was_tried(imported: Shell) -> None:
    run = imported("train", "--tune", "0.02")

    told = json.loads(imported("models", "show", "--json").out)
    shown = imported("models", "show", "--full").out
    assert (run.code, run.err) == (0, "")
    assert "test part was not looked at" in " ".join(run.out.split())
    trials = told["tuning"]["trials"]
    assert trials[0]["changes"] == {}
    assert [each["number"] for each in trials] == list(range(len(trials)))
    assert "What was tried before the training" in shown
    assert f"{trials[0]['value']:.4f}" in shown
    assert "sections" in told


def test_the_search_can_be_followed_and_then_the_training(imported: Shell) -> None:
    imported("train", "--tune", "0.02")

    runs = [json.loads(each.read_text()) for each in sorted((imported.home / "runs").glob("*"))]
    assert [(each["kind"], each["state"]) for each in runs if each["kind"] != "import"] == [
        ("tuning", "done"),
        ("training", "done"),
    ]


def test_the_bundle_is_trained_by_what_was_chosen(imported: Shell) -> None:
    imported("train", "--tune", "0.02")

    bundle = open_bundles((imported.home / "bundles").as_uri()).open()

    tuning = json.loads(bundle.text("tuning.json"))
    changes = tuning["trials"][tuning["chosen"]]["changes"]
    leaves = changes.get("ranker.leaves", 15)
    assert bundle.settings["ranker"]["leaves"] == leaves


def test_a_second_run_takes_up_the_search(imported: Shell) -> None:
    imported("train", "--tune", "0.02")
    first = json.loads(imported("models", "show", "--json").out)["tuning"]["trials"]

    imported("train", "--tune", "0.02")

    second = json.loads(imported("models", "show", "--json").out)["tuning"]["trials"]
    assert second[: len(first)] == first


def test_a_bundle_that_was_not_tuned_says_nothing_of_it(trained_home: Shell) -> None:
    assert "tuning" not in json.loads(trained_home("models", "show", "--json").out)
    assert "What was tried" not in trained_home("models", "show").out


def test_a_protocol_without_a_search_is_refused(imported: Shell) -> None:
    assert_refused(imported("train", "--protocol", "global-time"), "--tune")


def test_a_protocol_nobody_knows_is_refused(imported: Shell) -> None:
    run = imported("train", "--tune", "0", "--protocol", "next-week")

    assert_refused(run, "next-week", "last-share")


@pytest.mark.parametrize("minutes", ["-1", "long"])
def test_a_budget_that_is_none_is_refused(imported: Shell, minutes: str) -> None:
    run = imported("train", "--tune", minutes)

    assert run.code == 2
    assert "--tune" in run.err
