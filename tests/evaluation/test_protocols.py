from itertools import pairwise

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of
from tests.training.tribes import tribes

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import PROTOCOLS, default_protocol, frequent_items

ALL = list(PROTOCOLS)


def split(name: str, data: Dataset, seed: int = 0) -> Fold:
    return PROTOCOLS[name].part(data, seed)[1]


@pytest.mark.parametrize("name", ALL)
def test_no_answer_is_among_what_may_be_learned(name: str) -> None:
    fold = split(name, tribes())
    events = fold.fit.events
    learned = set(zip(events.user.tolist(), events.item.tolist(), strict=True))

    assert fold.questions
    for each in fold.questions:
        assert not {(each.query.user, int(item)) for item in each.items} & learned


@pytest.mark.parametrize("name", ALL)
def test_about_a_fifth_is_asked_for(name: str) -> None:
    data = tribes()
    fold = split(name, data)

    asked = sum(len(each.items) for each in fold.questions)
    assert asked == pytest.approx(0.2 * len(data.events), rel=0.1)


@pytest.mark.parametrize("name", ["global-time", "successive"])
def test_everything_that_is_learned_happened_before_everything_that_is_asked(name: str) -> None:
    fold = split(name, tribes())

    assert fold.fit.last_time < min(each.query.time for each in fold.questions)


def test_one_after_another_a_history_grows_by_what_was_asked_before() -> None:
    fold = split("successive", tribes())
    of_one = [each for each in fold.questions if each.query.user == fold.questions[0].query.user]

    for before, after in pairwise(of_one):
        assert after.query.history.tolist()[:-1] == before.query.history.tolist()
        assert after.query.history[-1] == before.items[0]


@pytest.mark.parametrize("name", ["global-time", "last-share", "random-share"])
def test_everybody_is_asked_once(name: str) -> None:
    users = [each.query.user for each in split(name, tribes()).questions]

    assert len(users) == len(set(users))


def test_the_last_share_is_the_last_of_each_by_time() -> None:
    data = tribes()

    for each in split("last-share", data).questions:
        own = data.events.item[data.positions_of(each.query.user)]
        assert sorted(each.items) == sorted(own[8:])
        assert each.query.history.tolist() == own[:8].tolist()


def test_a_random_share_does_not_know_when_and_depends_on_the_seed() -> None:
    once, again, otherwise = (split("random-share", tribes(), seed) for seed in (0, 0, 1))

    assert not once.fit.timed
    asked = [[each.items.tolist() for each in fold.questions] for fold in (once, again, otherwise)]
    assert asked[0] == asked[1] != asked[2]


@pytest.mark.parametrize("name", ALL)
def test_a_protocol_is_explained_in_sentences(name: str) -> None:
    protocol = PROTOCOLS[name]

    assert protocol.name == name
    assert protocol.meaning[0].isupper()
    assert protocol.meaning.endswith(".")


def test_the_random_one_says_what_is_wrong_with_it() -> None:
    assert "lets the future explain the past" in PROTOCOLS["random-share"].meaning


def test_a_log_is_split_by_time_where_it_can_be() -> None:
    assert default_protocol(tribes()) == "last-share"
    assert default_protocol(tribes(times=False)) == "random-share"


def test_items_that_few_chose_are_left_out_with_their_events() -> None:
    data = log_of(
        *(Line(user, ALIENS, user) for user in range(3)),
        *(Line(user, PADDINGTON, 10 + user) for user in range(2)),
        Line(0, ALIEN, 20),
        *(Line(user, AMELIE, 30, "impression") for user in range(9)),
    )

    frequent = frequent_items(data, 2)

    assert list(frequent.catalogue.ids) == ["aliens", "paddington"]
    assert frequent.events.item.tolist() == [0, 0, 0, 1, 1]
    assert frequent.catalogue.titles == ["Aliens", "Paddington"]
    assert list(frequent.users) == list(data.users)


def rising() -> Dataset:
    """Ten events; before the last fifth of them PADDINGTON is chosen once."""
    return log_of(
        *(Line(user, ALIENS, user) for user in range(3)),
        *(Line(user, ALIEN, 10 + user) for user in range(4)),
        Line(0, PADDINGTON, 20),
        *(Line(user, PADDINGTON, 30 + user) for user in range(1, 3)),
    )


@pytest.mark.parametrize("name", ["global-time", "successive"])
def test_what_is_chosen_after_the_cut_does_not_bring_an_item_into_the_catalogue(name: str) -> None:
    measured, fold = PROTOCOLS[name].part(rising(), 0, least=2)

    assert set(measured.catalogue.ids) == {"aliens", "alien"}
    assert fold.fit.events.time.max() < 30
    assert PROTOCOLS[name].catalogue_rule(2) == "items with at least 2 events before the cut"


def test_where_each_user_has_a_cut_of_their_own_the_whole_log_counts() -> None:
    measured, _ = PROTOCOLS["last-share"].part(rising(), 0, least=2)

    assert "paddington" in measured.catalogue.ids
    assert PROTOCOLS["last-share"].catalogue_rule(2) == "items with at least 2 events"


@pytest.mark.parametrize("least", [0, 1])
def test_where_one_choice_is_enough_nothing_is_left_out(least: int) -> None:
    assert frequent_items(tribes(), least) is tribes()


def test_where_no_item_has_so_many_the_most_is_told() -> None:
    data = log_of(Line(0, ALIEN, 1), Line(1, ALIEN, 2), Line(1, AMELIE, 3))

    with pytest.raises(TooLittleData, match=r"lower --min-item-events.*any has is 2"):
        frequent_items(data, 3)


def test_of_nothing_the_most_is_nothing() -> None:
    empty = tribes().where(np.zeros(len(tribes().events), bool))

    with pytest.raises(TooLittleData, match="any has is 0"):
        frequent_items(empty, 5)
