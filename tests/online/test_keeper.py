from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.online.live import RECIPE, Live, live, turned, turned_round
from tests.tuning.by_hand import found

from shortlist.core.events import Event
from shortlist.core.times import DAY
from shortlist.training.publish import REPLAY
from shortlist.training.replay import Replay
from shortlist.tuning.tuning import TUNING


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as found:
        yield found


def current(home: Live) -> str | None:
    return home.home.bundles.current()


def shadowed(home: Live, challenger: str) -> None:
    """Have a bundle compared with the current one from here on."""
    since = home.home.facts.last_sequence()
    home.home.models.note(challenger, "shadowing", against=current(home), detail={"since": since})


def last_detail(home: Live) -> dict[str, object]:
    return dict(home.home.facts.model_steps.newest(1)[0].detail)


def test_what_was_chosen_makes_a_challenger_that_becomes_champion(home: Live) -> None:
    before = current(home)
    keeper = home.keeper()
    turned(keeper)
    assert home.steps() == ["trained", "promoted"]

    home.choose(150)
    turned(keeper)
    assert home.steps()[2:] == ["refreshed", "shadowing"]
    assert current(home) == before

    home.choose(400)
    turned(keeper)
    assert home.steps()[4:7] == ["promoted", "watching", "settled"]
    assert current(home) != before


def test_a_refreshed_bundle_has_its_parents_sources_and_more_trees(home: Live) -> None:
    parent = home.home.bundles.open()
    home.choose(150)
    turned(home.keeper())

    newest = home.home.bundles.list()[0].id
    child = home.home.bundles.open(newest)

    assert child.lineage["parent"] == child.lineage["root"] == parent.id
    assert child.lineage["refreshes"] == 1
    assert child.text("catalogue/items.json") == parent.text("catalogue/items.json")
    trees = [each.text("ranker/order.txt").count("\nTree=") for each in (parent, child)]
    assert trees[1] == trees[0] + home.home.settings.worker.refresh_trees


def test_a_bundle_that_is_worse_is_rejected(home: Live) -> None:
    champion = current(home)
    bad = turned_round(home)
    shadowed(home, bad)

    home.choose(300)
    turned(home.keeper())

    assert home.steps()[2:4] == ["shadowing", "rejected"]
    assert current(home) == champion


def test_a_champion_that_falls_behind_gives_way_to_the_one_before(home: Live) -> None:
    good = current(home)
    bad = turned_round(home)
    home.home.bundles.promote(bad)
    since = {"since": home.home.facts.last_sequence()}
    home.home.models.note(bad, "promoted", against=good, detail=since)

    home.choose(300)
    turned(home.keeper())

    assert home.steps()[3:4] == ["rolled_back"]
    assert current(home) == good
    assert home.home.models.list()[0].role in ("rejected", "challenger")


def test_one_that_was_killed_is_followed_by_one_that_comes_to_the_same(home: Live) -> None:
    shadowed(home, turned_round(home))
    home.choose(100)
    patient = home.keeper()
    turned(patient)
    counted = home.figures
    for _ in range(2):
        home.keeper().turn(parts=1)

    turned(home.keeper())

    assert counted
    assert home.figures == counted


def test_somebodys_hand_goes_before(home: Live) -> None:
    first = current(home)
    challenger = turned_round(home)
    shadowed(home, challenger)
    other = home.train()

    home.choose(100)
    turned(home.keeper())

    assert first != other
    assert current(home) == other
    assert "rejected" in home.steps()
    assert "somebody" in str(
        next(
            each.detail["why"]
            for each in home.home.facts.model_steps.all()
            if each.step == "rejected"
        )
    )


def test_what_was_promoted_by_hand_is_not_rolled_back(home: Live) -> None:
    bad = turned_round(home)
    shadowed(home, bad)
    home.home.models.promote(bad)

    home.choose(90)
    turned(home.keeper())

    assert current(home) == bad
    assert home.steps()[2:] == ["shadowing", "promoted"]


def test_a_promotion_that_was_not_written_down_is(home: Live) -> None:
    challenger = turned_round(home)
    champion = current(home)
    shadowed(home, challenger)
    home.home.bundles.promote(challenger, instead_of=champion)

    home.keeper().turn()

    assert home.steps()[2:] == ["shadowing", "promoted", "watching"]


def test_a_challenger_that_is_damaged_is_rejected(home: Live) -> None:
    bad = turned_round(home)
    shadowed(home, bad)
    (home.home.path / "bundles" / bad / "ranker" / "order.txt").write_text("tree")

    turned(home.keeper())

    assert home.steps()[2:] == ["shadowing", "rejected"]
    assert "order.txt" in str(last_detail(home)["why"])


def test_without_times_it_says_so_and_does_nothing(home: Live) -> None:
    choices = [
        Event(f"person-{each // 5}", f"film-{each % 5}", "rating", value=5.0) for each in range(200)
    ]
    home.home.facts.append(choices)

    turned(home.keeper())

    assert home.steps()[2:] == ["refused"]
    assert "times" in str(last_detail(home)["why"])


def test_where_nothing_is_trained_there_is_nothing_to_do(home: Live) -> None:
    (home.home.path / "bundles" / "current.json").unlink()

    assert not home.keeper().turn()
    assert home.said == ["waiting: nothing is trained"]


def test_of_who_was_erased_nothing_is_learned_again(home: Live) -> None:
    kept = Replay.from_arrays(home.home.bundles.open().arrays(REPLAY))
    erased = [f"new-{each}" for each in range(55, 85)]
    for each in erased:
        home.home.facts.erase_user(each)

    home.choose(150)
    turned(home.keeper())

    newest = home.home.bundles.open(home.home.bundles.list()[0].id)
    later = Replay.from_arrays(newest.arrays(REPLAY))
    assert len(kept.without_strangers(erased).users) > 0
    assert len(later.without_strangers(erased).users) == 0


@pytest.mark.parametrize(
    ("settings", "why"), [({"refreshes": 1}, "as often"), ({"drift": 1e-9}, "drifted")]
)
def test_everything_is_trained_again_and_compared(
    tmp_path: Path, settings: dict[str, Any], why: str
) -> None:
    with live(tmp_path, **settings) as home:
        keeper = home.keeper()
        home.choose(150)
        turned(keeper)
        home.choose(500)
        turned(keeper)

        again = [each for each in home.home.facts.model_steps.all() if each.step == "trained"][1]
        steps = home.steps()
        assert why in again.detail["why"]
        assert steps[steps.index("settled") + 1 :][:2] == ["trained", "shadowing"]
        assert "root" not in home.home.bundles.open(again.bundle).lineage

        home.choose(500)
        turned(keeper)
        assert current(home) == again.bundle or "promoted" in home.steps()[steps.index("settled") :]


def test_a_champion_that_was_tuned_is_trained_again_as_it_was_tuned(tmp_path: Path) -> None:
    tuning = found(**{"ranker.leaves": 5}).model_dump_json()
    with live(tmp_path, drift=1e-9) as home:
        home.train(more={TUNING: tuning})
        keeper = home.keeper()
        for events in (150, 500):
            home.choose(events)
            turned(keeper)

        last = [each for each in home.home.facts.model_steps.all() if each.step == "trained"][-1]
        again = home.home.bundles.open(last.bundle)
        assert "drifted" in last.detail["why"]
        assert again.settings["ranker"]["leaves"] == 5 != RECIPE.ranker.leaves
        assert again.text(TUNING) == tuning


def test_with_the_clock_of_the_log_it_is_time_when_the_log_says_so(tmp_path: Path) -> None:
    with live(tmp_path, clock="log", retrain_hours=24 * 7) as home:
        keeper = home.keeper()
        home.choose(150)
        turned(keeper)
        assert home.steps().count("trained") == 1

        home.clock += 7 * DAY
        home.choose(250)
        turned(keeper)

        again = [each for each in home.home.facts.model_steps.all() if each.step == "trained"][1:]
        assert [each.detail["why"] for each in again] == ["it is time"]
        assert again[0].time == home.home.clock.now() <= home.clock
