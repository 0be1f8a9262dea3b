"""Following the log: every process, and every restart, comes to the same state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.storage.databases import PLACES
from tests.training.tribes import tribes

from shortlist.core.events import Event
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.online.checkpoints import Checkpoints
from shortlist.online.follower import Follower, SomebodyErased
from shortlist.pipeline.model import Retrieval
from shortlist.storage.facts import Facts, open_facts
from shortlist.training.train import Trained

BUNDLE = "20261126T000000-abcdef"


@dataclass(frozen=True)
class Place:
    """A log, and a model that was trained before its first event."""

    facts: Facts
    trained: Retrieval

    def follower(self) -> Follower:
        return Follower(self.facts, DEFAULT_KINDS, self.trained, 0)

    def act(self, *, seed: int, count: int = 60) -> int:
        """Events of some users on films, now and then on one that nobody described."""
        rng = np.random.default_rng(seed)
        films = [*tribes().catalogue.ids, "new", "unheard-of"]
        events = [
            Event(
                f"user-{rng.integers(9)}", str(rng.choice(films)), "rating", 4.0, id=f"{seed}-{n}"
            )
            for n in range(count)
        ]
        return self.facts.append(events).sequence

    def describe(self, item: str, **told: Any) -> None:
        self.facts.write_items([{"id": item, **told}])


@pytest.fixture(params=list(PLACES))
def place(request: pytest.FixtureRequest, trained: Trained, tmp_path: Path) -> Iterator[Place]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield Place(facts, trained.model.retrieval)


@pytest.fixture
def checkpoints(tmp_path: Path) -> Iterator[Checkpoints]:
    kept = Checkpoints(tmp_path / "online")
    yield kept
    kept.close()


def level(follower: Follower, until: int | None = None) -> Follower:
    """The same follower, once it has learned all there is."""
    while follower.step(until):
        pass
    return follower


def state(follower: Follower) -> Mapping[str, bytes]:
    """All that was learned, to the bit."""
    return {name: each.tobytes() for name, each in follower.arrays().items()}


def counted(follower: Follower) -> Mapping[str, list[float]]:
    """What was counted of each item, by its id: new ones may stand in another order."""
    retrieval = follower.retrieval()
    newest = retrieval.stats.table[retrieval.stats.start[1:] - 1]
    return dict(zip(retrieval.catalogue.ids, newest.tolist(), strict=True))


def test_two_that_follow_one_log_at_their_own_pace_come_to_the_same(place: Place) -> None:
    quick, slow = place.follower(), place.follower()
    for seed in range(5):
        if seed == 2:
            place.describe("new", title="A new film", categories=["Odd"])
        place.act(seed=seed)
        level(quick)
    level(slow)

    assert quick.sequence == slow.sequence == place.facts.last_sequence()
    assert "unheard-of" in counted(quick)
    assert counted(quick) == counted(slow)


def test_an_item_that_is_described_before_its_first_event_is_known_when_it_comes(
    place: Place,
) -> None:
    follower = place.follower()
    place.describe("new", title="A new film", categories=["Odd"])
    place.facts.append([Event("ann", "new", "rating", 5.0)])

    level(follower)

    catalogue = follower.retrieval().catalogue
    assert catalogue.ids[-1] == "new"
    assert catalogue.categories[-1] == ("Odd",)


def test_new_items_join_in_the_order_they_were_added(place: Place) -> None:
    for name in ("zebra", "ant", "mole"):
        place.describe(name, title=name)

    follower = level(place.follower())

    assert [*follower.retrieval().catalogue.ids][-3:] == ["zebra", "ant", "mole"]


def test_an_item_that_is_described_anew_is_told_again(place: Place) -> None:
    follower = place.follower()
    known = place.trained.catalogue.ids[3]
    level(follower)
    place.describe(known, title="Another title", categories=["Odd"])

    level(follower)

    assert follower.retrieval().catalogue.titles[3] == "Another title"
    assert len(follower.retrieval().catalogue) == len(place.trained.catalogue)


def test_a_restart_goes_on_from_a_checkpoint_to_the_same_bits(
    place: Place, checkpoints: Checkpoints, tmp_path: Path
) -> None:
    place.describe("new", title="A new film", categories=["Odd"])
    place.act(seed=1)
    follower = level(place.follower())
    checkpoints.keep(follower, BUNDLE)
    half = follower.sequence
    place.act(seed=2)

    resumed = Checkpoints(tmp_path / "online").resume(place.follower, BUNDLE)
    began_at = resumed.sequence

    assert began_at == half
    assert state(level(resumed)) == state(level(follower)) == state(level(place.follower()))


def test_a_replay_begins_at_a_checkpoint_that_is_not_too_late(
    place: Place, checkpoints: Checkpoints
) -> None:
    early = place.act(seed=1)
    checkpoints.keep(level(place.follower()), BUNDLE)
    late = place.act(seed=2)
    checkpoints.keep(level(place.follower()), BUNDLE)

    begun = checkpoints.resume(place.follower, BUNDLE, until=late - 1)
    then = level(checkpoints.resume(place.follower, BUNDLE, until=late - 1), until=late - 1)

    assert begun.sequence == early
    assert then.sequence == late - 1
    assert state(then) == state(level(place.follower(), until=late - 1))


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_checkpoint_is_passed_over(
    place: Place, checkpoints: Checkpoints, tmp_path: Path, harm: str
) -> None:
    sound = place.act(seed=1)
    checkpoints.keep(level(place.follower()), BUNDLE)
    place.act(seed=2)
    checkpoints.keep(level(place.follower()), BUNDLE)
    newest = max(
        (each for each in (tmp_path / "online").iterdir() if each.is_dir()),
        key=lambda each: each.stat().st_mtime_ns,
    )
    (table,) = newest.rglob("table.npy")
    content = bytearray(table.read_bytes())
    content[-1] ^= 1
    table.unlink()
    if harm != "remove":
        table.write_bytes(content if harm == "flip" else content[:-9])

    resumed = checkpoints.resume(place.follower, BUNDLE)

    assert resumed.sequence == sound
    assert state(level(resumed)) == state(level(place.follower()))


def test_a_checkpoint_of_another_bundle_is_of_no_use(
    place: Place, checkpoints: Checkpoints
) -> None:
    place.act(seed=1)
    checkpoints.keep(level(place.follower()), BUNDLE)

    assert checkpoints.resume(place.follower, "20261126T000000-000000").sequence == 0


def test_the_newest_checkpoint_of_the_bundle_before_stays_for_when_it_comes_back(
    place: Place, checkpoints: Checkpoints
) -> None:
    other = "20261126T000000-000000"
    kept = []
    for seed, bundle in enumerate([BUNDLE, BUNDLE, other, other, other], 1):
        place.act(seed=seed)
        follower = level(place.follower())
        checkpoints.keep(follower, bundle)
        kept.append(follower.sequence)

    assert checkpoints.resume(place.follower, other).sequence == kept[-1]
    assert checkpoints.resume(place.follower, BUNDLE).sequence == kept[1]


def test_one_process_writes_checkpoints_until_it_leaves(
    place: Place, checkpoints: Checkpoints, tmp_path: Path
) -> None:
    other = Checkpoints(tmp_path / "online")
    place.act(seed=1)
    follower = level(place.follower())

    first = (checkpoints.keep(follower, BUNDLE), other.keep(follower, BUNDLE))
    checkpoints.close()
    then = other.keep(follower, BUNDLE)
    other.close()

    assert first == (True, False)
    assert then


def test_once_somebody_is_erased_the_follower_and_its_checkpoints_are_of_no_use(
    place: Place, checkpoints: Checkpoints, tmp_path: Path
) -> None:
    place.act(seed=1)
    follower = level(place.follower())
    checkpoints.keep(follower, BUNDLE)
    place.facts.erase_user("user-3")
    place.act(seed=2, count=5)

    with pytest.raises(SomebodyErased):
        follower.step()
    resumed = checkpoints.resume(place.follower, BUNDLE)

    assert resumed.sequence == 0
    assert [each for each in (tmp_path / "online").iterdir() if each.is_dir()] == []
    assert state(level(resumed)) == state(level(place.follower()))


def test_a_checkpoint_that_was_being_written_while_somebody_was_erased_does_not_stay(
    place: Place, checkpoints: Checkpoints, tmp_path: Path
) -> None:
    place.act(seed=1)
    follower = level(place.follower())
    place.facts.erase_user("user-3")

    checkpoints.keep(follower, BUNDLE)

    assert [each for each in (tmp_path / "online").iterdir() if each.is_dir()] == []
