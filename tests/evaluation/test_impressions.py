"""Every impression of the last part of a log is foreseen from the log up to it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, Line, log_of
from tests.evaluation.shown import visits
from tests.training.tribes import SMALL, tribes

from shortlist.core.errors import TooLittleData
from shortlist.core.times import HOUR
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.impressions import Foreseen, foresee, has_impressions
from shortlist.evaluation.metrics.auc import Auc


@pytest.fixture(scope="module")
def found() -> Foreseen:
    return foresee(visits(), SMALL)


def test_only_impressions_of_the_last_part_are_foreseen(found: Foreseen) -> None:
    events, kinds = visits().events, visits().kinds
    choices = events.time[visits().positive]

    assert {kinds[kind] for kind in events.kind[found.positions]} == {"impression"}
    assert events.time[found.positions].min() >= choices[int(0.85 * len(choices))]
    shown = events.time[events.kind == kinds.index("impression")]
    first = events.time[found.positions].min()
    assert len(found.positions) == (shown >= first).sum()


def test_an_impression_came_true_when_its_user_clicked_its_item_soon_after(
    found: Foreseen,
) -> None:
    events, click = visits().events, visits().kinds.index("click")
    for position, outcome in zip(found.positions, found.model.outcome, strict=True):
        same = (events.user == events.user[position]) & (events.item == events.item[position])
        apart = events.time - events.time[position]
        clicked = same & (events.kind == click) & (apart >= 0) & (apart < HOUR)
        assert outcome == clicked.any()


def test_a_click_of_another_day_is_not_a_click_on_the_list() -> None:
    data = visits()
    click = data.kinds.index("click")
    moved = np.where(data.events.kind == click, data.events.time + HOUR, data.events.time)
    order = np.argsort(moved, kind="stable")
    late = replace(data, events=replace(data.events, time=moved).take(order))

    assert not foresee(late, SMALL).model.outcome.any()


def test_who_keeps_to_a_tribe_is_foreseen_where_click_rates_are_blind(found: Foreseen) -> None:
    assert Auc().of(found.popularity) < 0.65
    assert Auc().of(found.model) > 0.85


def test_what_happens_later_has_no_part_in_what_was_foreseen(found: Foreseen) -> None:
    """From the middle of the test window on everybody clicks otherwise."""
    data = visits()
    cut = int(np.median(data.events.time[found.positions]))
    otherwise = foresee(_clicking_otherwise_from(data, cut), SMALL)

    early = data.events.time[found.positions] < cut
    assert 50 < early.sum() < len(early)
    assert np.array_equal(otherwise.positions, found.positions)
    assert np.array_equal(otherwise.model.score[early], found.model.score[early])
    assert np.array_equal(otherwise.popularity.score[early], found.popularity.score[early])
    assert not np.array_equal(otherwise.model.outcome, found.model.outcome)


def _clicking_otherwise_from(data: Dataset, instant: int) -> Dataset:
    """The clicks from an instant on are on other items; what was shown stays."""
    later = (data.events.kind == data.kinds.index("click")) & (data.events.time >= instant)
    item = np.where(later, (data.events.item + 1) % data.n_items, data.events.item)
    return replace(data, events=replace(data.events, item=item.astype(np.int32)))


def test_a_click_in_a_list_is_not_known_to_the_rest_of_it(found: Foreseen) -> None:
    """All impressions of a list are foreseen from before it: clicks among them are not known."""
    data = visits()
    last_list = data.events.time >= data.events.time[found.positions].max() - HOUR
    otherwise = foresee(
        _clicking_otherwise_from(data, int(data.events.time[last_list].min())), SMALL
    )

    assert np.array_equal(otherwise.model.score, found.model.score)


def test_only_a_log_of_impressions_and_clicks_can_be_foreseen() -> None:
    shown, clicked = Line(0, ALIEN, 1, "impression"), Line(0, ALIENS, 2, "click")

    assert has_impressions(log_of(shown, clicked))
    assert not has_impressions(log_of(shown))
    assert not has_impressions(log_of(clicked))
    assert not has_impressions(log_of(replace(shown, time=None), replace(clicked, time=None)))
    assert not has_impressions(tribes())


def test_a_part_without_impressions_is_told() -> None:
    data = visits()
    early = data.events.time < np.quantile(data.events.time, 0.75)
    shown = data.events.kind == data.kinds.index("impression")

    with pytest.raises(TooLittleData, match="no impressions"):
        foresee(data.where(~(shown & early)), SMALL)


def test_the_place_in_the_list_says_how_likely_an_item_is_looked_at() -> None:
    generator = np.random.default_rng(3)
    lines: list[Line] = []
    for asked in range(0, 400 * HOUR, 2 * HOUR):
        user, items = asked // HOUR % 8, generator.permutation(4).tolist()
        lines += [Line(user, item, asked + place, "impression") for place, item in enumerate(items)]
        lines.append(Line(user, items[0], asked + HOUR // 2))
    data = log_of(*lines)

    found = foresee(data, SMALL)

    assert Auc().of(found.model) > 0.95
    assert Auc().of(found.popularity) < 0.7


def test_how_likely_places_are_looked_at_is_told_from_the_clicks(found: Foreseen) -> None:
    """In these lists people look at all places alike."""
    assert found.looked_at[0] == 1
    assert len(found.looked_at) >= 4
    assert found.looked_at[1:4] == pytest.approx(1, abs=0.25)
