"""Who learned from lists shown learns on from lists shown, and is compared within them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.datasets.camps import ITEMS, KINDS, two_camps
from tests.online.live import QUICK, Live, turned
from tests.training.tribes import SMALL

from shortlist.bootstrap import Home, open_home
from shortlist.core.events import Event
from shortlist.datasets.folds import Question
from shortlist.datasets.splits import instant_at, successive
from shortlist.online.refresh import Moment, refresh
from shortlist.online.tally import Tally
from shortlist.online.tracks import Asked
from shortlist.ranking.ranker import Ranker
from shortlist.settings import Settings
from shortlist.storage.facts.frames import ITEMS as ITEM_COLUMNS
from shortlist.storage.facts.frames import of_schema
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

RECIPE: TrainingSettings = SMALL.model_copy(
    update={"sources": {**SMALL.sources, "mixed_effects": {}}}
)
DATA = two_camps()
CUT, LATER = instant_at(DATA, 0.6), instant_at(DATA, 0.8)


@pytest.fixture(scope="module")
def before() -> Trained:
    return train(DATA.before(CUT), RECIPE)


def learned(before: Trained, *, flipped: bool) -> Ranker:
    """The ranker after a refresh, from the labels as they are or turned round."""
    fold = successive(DATA, CUT, LATER, horizon=20, per_user=8)
    asked = [other for each in fold.questions if (other := turned_round(each)) is not None]
    moment = Moment(before.model.retrieval, asked if flipped else fold.questions, [*DATA.users])
    return refresh(
        before.model.ranker, [moment], before.replay, RECIPE, trees=20, seed=0, most=5_000
    ).ranker


def turned_round(question: Question) -> Question | None:
    """What was chosen counts as passed over, and what was passed over as chosen."""
    assert question.shown is not None
    others = np.setdiff1d(question.shown, [*question.items, *question.query.excluded])
    if not len(others):
        return None
    one = np.ones(len(others), np.float32)
    return replace(question, items=others.astype(np.int32), gains=one, liked=one > 0)


def asked_later(before: Trained) -> list[Asked]:
    """What was chosen afterwards, among what was shown with it."""
    return [
        Asked.of(before.model.retrieval, each, int(each.items[0]), each.shown)
        for each in successive(DATA, LATER, DATA.last_time + 1).questions
        if each.shown is not None and len(each.shown) > 1
    ]


def compared(before: Trained, challenger: Ranker) -> Tally:
    """The champion before, and another, on what was chosen afterwards."""
    champion, tally = before.model.ranker, Tally(per_user=100)
    for nth, each in enumerate(asked_later(before)):
        scores = each.score(challenger), each.score(champion)
        said = each.said(challenger, champion)
        tally.add_shown(str(nth), scores, each.worth(champion), each.place, each.time, said)
    return tally


def test_what_was_learned_shows_in_how_likely_choices_are_taken_to_be(before: Trained) -> None:
    good, poisoned = (learned(before, flipped=each) for each in (False, True))

    gained = [compared(before, each).foretold.watched.mean for each in (good, poisoned)]

    assert gained[0] > 0
    assert gained[1] < -0.01


def test_nobody_is_likelier_than_themselves(before: Trained) -> None:
    tally = compared(before, before.model.ranker)

    assert tally.foretold.watched.n == tally.ranks.watched.n > 0
    assert tally.foretold.watched.mean == 0


def test_who_learned_of_all_candidates_does_not_say(before: Trained) -> None:
    recipe = RECIPE.model_copy(update={"learn_from": "candidates"})
    other = train(DATA.before(CUT), recipe).model.ranker
    one = asked_later(before)[0]

    assert one.said(before.model.ranker, other) is None
    assert one.said(other, before.model.ranker) is None
    assert np.array_equal(one.worth(other), other.probability(one.matrix)[one.shown])


def test_what_a_list_is_worth_is_what_the_ranker_learned_of_lists(before: Trained) -> None:
    champion, one = before.model.ranker, asked_later(before)[0]

    worth = one.worth(champion)

    assert worth == pytest.approx(1 / (1 + np.exp(-champion.score(one.matrix)[one.shown])))
    assert len(np.unique(worth)) > 1


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Live]:
    """A home trained on the first lists of the two camps."""
    worker = QUICK.model_copy(update={"compared_events": 80, "per_user": 10, "margin": 0.05})
    path = open_home(tmp_path / "home").path
    found = Live(Home(path, Settings(training=RECIPE, worker=worker)))
    found.home.facts.put_items(_items())
    found.home.facts.append(_events(0, CUT))
    found.train(RECIPE)
    yield found
    found.home.facts.close()


def test_a_refresh_is_of_lists_shown_and_compared_by_what_it_foretells(home: Live) -> None:
    parent = home.home.bundles.open()
    keeper = home.keeper()

    for start, end in [(CUT, LATER), (LATER, DATA.last_time + 1)]:
        home.home.facts.append(_events(start, end))
        turned(keeper)

    child = home.home.bundles.open(home.home.bundles.list()[0].id)
    steps = home.home.facts.model_steps.all()
    ends = [each for each in steps if each.step in ("promoted", "rejected") and "n" in each.detail]
    assert "refreshed" in home.steps()
    assert np.array_equal(child.arrays("ranker/")["start"], parent.arrays("ranker/")["start"])
    assert child.text("ranker/order.txt") == child.text("ranker/chance.txt")
    assert ends
    for each in ends:
        assert (each.step == "promoted") == (each.detail["foretold"] > 0)


def _items() -> pl.DataFrame:
    return of_schema(
        {
            "id": [f"i{item}" for item in range(ITEMS)],
            "title": [f"Item {item}" for item in range(ITEMS)],
            "categories": [[KINDS[item % 2]] for item in range(ITEMS)],
        },
        ITEM_COLUMNS,
    )


def _events(start: int, end: int) -> list[Event]:
    events = DATA.events
    own = np.flatnonzero((events.time >= start) & (events.time < end)).tolist()
    return [
        Event(
            DATA.users[int(events.user[place])],
            DATA.catalogue.ids[int(events.item[place])],
            DATA.kinds[int(events.kind[place])],
            time=int(events.time[place]),
        )
        for place in own
    ]
