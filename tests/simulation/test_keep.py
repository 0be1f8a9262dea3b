import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from shortlist.core.errors import Conflict, StorageFailed
from shortlist.core.events import Event
from shortlist.simulation import Simulation, World
from shortlist.simulation.keep import keep
from shortlist.storage.facts import Facts, open_facts


@pytest.fixture(scope="module")
def small() -> Simulation:
    return World().simulate(events=300, seed=1)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as opened:
        yield opened


def test_the_whole_log_is_among_the_facts(small: Simulation, facts: Facts, tmp_path: Path) -> None:
    kept = keep(small, facts, tmp_path)

    assert kept.events == small.events.height
    logged = pl.concat(facts.events())
    assert logged.drop("sequence", "text").equals(small.events)
    assert facts.count_items() == small.items.height
    assert facts.users().height == small.users.height


def test_items_carry_their_year_and_release_but_not_their_quality(
    small: Simulation, facts: Facts, tmp_path: Path
) -> None:
    keep(small, facts, tmp_path)

    attributes = json.loads(facts.items()["attributes"][-1])
    assert attributes.keys() == {"year", "released"}
    assert attributes["released"].startswith(str(attributes["year"]))


def test_keeping_it_again_adds_nothing(small: Simulation, facts: Facts, tmp_path: Path) -> None:
    keep(small, facts, tmp_path)

    again = keep(small, facts, tmp_path)

    assert again.events == 0
    assert facts.count_events() == small.events.height


def test_the_truth_stays_beside_the_facts(small: Simulation, facts: Facts, tmp_path: Path) -> None:
    kept = keep(small, facts, tmp_path)

    truth = pl.read_parquet(kept.truth)
    assert {"event", "user", "item", "time", "position", "relevance", "probability"} <= set(
        truth.columns
    )
    assert truth.equals(small.truth)


def test_the_home_says_that_it_is_simulated(
    small: Simulation, facts: Facts, tmp_path: Path
) -> None:
    keep(small, facts, tmp_path)

    said = json.loads((tmp_path / "simulated.json").read_text(encoding="utf-8"))
    assert (said["seed"], said["events"], said["stamp"]) == (1, 300, small.stamp)
    assert World.model_validate(said["settings"]) == small.world


def test_a_log_that_cannot_be_kept_leaves_no_truth_and_no_marker(
    small: Simulation, facts: Facts, tmp_path: Path
) -> None:
    twice = pl.concat([small.items, small.items.head(1).with_columns(id=pl.lit(None, pl.String))])

    with pytest.raises(Exception, match=r"NOT NULL|id"):
        keep(replace(small, items=twice), facts, tmp_path)

    assert facts.count_events() == facts.count_items() == 0
    assert not (tmp_path / "simulated.json").exists()
    assert not list(tmp_path.glob("truth/*"))


def test_a_home_that_cannot_be_written_is_said(
    small: Simulation, facts: Facts, tmp_path: Path
) -> None:
    (tmp_path / "truth").write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(StorageFailed, match=r"truth\.parquet cannot be written"):
        keep(small, facts, tmp_path)

    assert facts.count_events() == 0
    assert not (tmp_path / "simulated.json").exists()


def test_a_simulated_world_is_not_mixed_with_real_events(
    small: Simulation, facts: Facts, tmp_path: Path
) -> None:
    facts.append([Event(user="ann", item="alien", kind="view")])

    with pytest.raises(Conflict, match="another log already"):
        keep(small, facts, tmp_path)

    assert facts.count_events() == 1
    assert not (tmp_path / "simulated.json").exists()


def test_two_worlds_are_not_mixed(small: Simulation, facts: Facts, tmp_path: Path) -> None:
    keep(small, facts, tmp_path)

    with pytest.raises(Conflict):
        keep(World().simulate(events=300, seed=2), facts, tmp_path)
