import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cli.shell import SETTINGS, Shell, assert_refused, write_tribes
from tests.training.tribes import CHOICES, ITEMS, START, USERS

from shortlist.cli import main
from shortlist.core.errors import Invalid
from shortlist.core.times import DAY, iso
from shortlist.storage.bundles import Bundle, open_bundles

MIDDLE = iso(START + 30 * DAY)


def bundle_of(shell: Shell) -> Bundle:
    return open_bundles(shell.home / "bundles").open()


def texts_of(bundle: Bundle) -> dict[str, Any]:
    """The texts of a bundle, but for how long its report took."""
    report = json.loads(bundle.texts["report.json"])
    del report["environment"]
    return {**bundle.texts, "report.json": report}


def test_a_bundle_is_made_and_is_current(imported: Shell) -> None:
    run = imported("train")

    assert (run.code, run.err) == (0, "")
    said = f"{USERS * CHOICES:,} events of {USERS:,} users and {ITEMS:,} items"
    assert said in " ".join(run.out.split())
    bundle = bundle_of(imported)
    assert f"Bundle {bundle.id} is current" in run.out


def test_the_list_of_models_has_what_was_trained(imported: Shell) -> None:
    imported("train")
    first = bundle_of(imported).id
    imported("train")

    listed = imported("models", "list")

    lines = [line for line in listed.out.splitlines() if re.search(r"20\d{6}", line)]
    assert listed.code == 0
    assert len(lines) == 2
    assert "*" in lines[0]
    assert first in lines[1]
    assert bundle_of(imported).lineage["parent"] == first


def test_until_a_time_is_training_on_a_log_that_ends_there(
    imported: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "early").mkdir()
    truncated = Shell(tmp_path / "early" / "home", capsys)
    truncated.home.mkdir()
    (truncated.home / "shortlist.toml").write_text(SETTINGS)
    write_tribes(tmp_path / "early")
    ratings = (tmp_path / "early" / "ratings.csv").read_text().splitlines()
    end = (START + 30 * DAY) // 1_000_000
    early = [line for line in ratings[1:] if int(line.split(",")[3]) < end]
    (tmp_path / "early" / "ratings.csv").write_text("\n".join([ratings[0], *early]) + "\n")
    truncated("import", "movielens", tmp_path / "early")

    run = imported("train", "--until", MIDDLE)
    truncated("train")

    assert (run.code, run.err) == (0, "")
    ours, theirs = bundle_of(imported), bundle_of(truncated)
    assert ours.lineage["until"] == MIDDLE
    assert ours.lineage["events"] == theirs.lineage["events"] == len(early)
    assert texts_of(ours) == texts_of(theirs)
    assert list(ours.loaded) == list(theirs.loaded)
    for name, array in ours.loaded.items():
        assert array.tobytes() == theirs.loaded[name].tobytes(), name


@pytest.mark.parametrize("until", ["soon", "2018-13-01", "", "nan"])
def test_what_is_no_time_is_refused(imported: Shell, until: str) -> None:
    assert_refused(imported("train", "--until", until), "is not a time", "ISO-8601")


@pytest.mark.parametrize("until", ["1468800000000", "1e300", "-1e300"])
def test_a_time_of_another_age_is_refused(imported: Shell, until: str) -> None:
    assert_refused(imported("train", "--until", until), until, "1900", "2200")


def test_before_everything_there_is_nothing_to_learn_from(imported: Shell) -> None:
    assert_refused(imported("train", "--until", "2001-01-01"), "no events before 2001-01-01")


def test_an_empty_log_is_told_to_be_filled_first(empty: Shell) -> None:
    assert_refused(empty("train"), "import some first")
    assert not (empty.home / "bundles").exists()


def test_too_few_events_are_told(empty: Shell, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("user,item,time\nann,alien,1\nbob,aliens,2\n")
    empty(
        "import",
        "events",
        tmp_path / "events.csv",
        "--user",
        "user",
        "--item",
        "item",
        "--time",
        "time",
    )

    assert_refused(empty("train"), "too")


def test_a_log_without_times_is_trained_on_and_it_is_said_how(empty: Shell, tmp_path: Path) -> None:
    write_tribes(tmp_path, times=False)
    empty.home.mkdir()
    (empty.home / "shortlist.toml").write_text(SETTINGS)
    empty("import", "events", tmp_path / "ratings.csv", "--user", "userId", "--item", "movieId")

    run = empty("train")

    assert (run.code, run.err) == (0, "")
    assert "has no times" in run.out
    assert "at random" in run.out


def test_a_source_nobody_knows_is_refused_by_its_name(imported: Shell) -> None:
    (imported.home / "shortlist.toml").write_text("[training.sources]\nastrology = {}\n")

    assert_refused(imported("train"), "astrology", "popularity", "training.sources")


def test_debug_shows_where_it_went_wrong(imported: Shell) -> None:
    with pytest.raises(Invalid):
        main(["--debug", "--home", str(imported.home), "train", "--until", "soon"])
