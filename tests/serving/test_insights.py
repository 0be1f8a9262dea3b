"""What lists do to the catalogue is counted from decisions and impressions, on every database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.storage.databases import PLACES

from shortlist.core.clock import Clock
from shortlist.core.errors import Invalid
from shortlist.core.events import Event
from shortlist.core.times import DAY, Instant
from shortlist.serving.insights import LISTS_A_SLICE, SLICES, Insights, Spread
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.decisions import DecisionRow
from shortlist.storage.facts.frames import ITEMS, of_schema

NOW = 20_000 * DAY
FILMS = ("alien", "aliens", "amelie", "paddington")


@dataclass(frozen=True)
class Stopped(Clock):
    def now(self) -> Instant:
        return NOW


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        with facts.bulk() as bulk:
            bulk.put_items(of_schema({"id": FILMS}, ITEMS))
        yield facts


def listed(name: str, time: Instant, *items: tuple[str, float]) -> DecisionRow:
    shown = [{"item": item, "propensity": propensity} for item, propensity in items]
    asked: dict[str, Any] = {}
    answer = {"items": shown}
    return DecisionRow(name, time, "ann", None, "default", None, 0, asked, answer, None)


def plain(name: str, time: Instant, items: Sequence[str]) -> DecisionRow:
    return listed(name, time, *((item, 1.0) for item in items))


def seen(item: str, time: Instant, kind: str = "impression") -> Event:
    return Event(user="ann", item=item, kind=kind, time=time, id=f"{item} {time} {kind}")


def test_concentration_and_coverage_are_of_each_period(facts: Facts) -> None:
    facts.decisions.put_many(
        [
            plain("a", NOW - DAY - 5, FILMS),
            plain("b", NOW - 9, ["alien", "aliens"]),
            plain("c", NOW, ["alien"]),
        ]
    )

    before, today = Insights(facts, Stopped()).over(2)

    assert (before.lists, before.answered.items) == (1, 4)
    assert (before.answered.coverage, before.answered.gini) == (1.0, 0.0)
    assert (today.lists, today.looked_at, today.answered.shown) == (2, 2, 3)
    assert today.answered.coverage == 0.5
    assert today.answered.gini == pytest.approx((3 * 2 + 1 * 1) / (4 * 3))
    assert today.answered.top_share == pytest.approx(2 / 3)
    assert today.start == before.start + DAY


def test_what_was_tried_has_a_propensity_below_one_half(facts: Facts) -> None:
    facts.decisions.put_many(
        [listed("a", NOW, ("alien", 0.92), ("aliens", 0.02), ("amelie", 1.0), ("paddington", 0.5))]
    )

    (today,) = Insights(facts, Stopped()).over(1)

    assert today.explored == 0.25


def test_impressions_are_those_of_the_log(facts: Facts) -> None:
    facts.append(
        [
            seen("alien", NOW - 2 * DAY),
            seen("alien", NOW - 5),
            seen("alien", NOW - 4),
            seen("aliens", NOW),
            seen("amelie", NOW, "click"),
        ]
    )

    early, middle, today = Insights(facts, Stopped()).over(3)

    assert (early.impressions.shown, middle.impressions.shown) == (1, 0)
    assert (today.impressions.shown, today.impressions.items) == (3, 2)
    assert np.isnan(middle.impressions.gini)


def test_a_period_may_have_several_days(facts: Facts) -> None:
    facts.decisions.put_many([plain("a", NOW - 6 * DAY, FILMS), plain("b", NOW - 8 * DAY, FILMS)])

    before, week = Insights(facts, Stopped()).over(2, days=7)

    assert (before.lists, week.lists) == (1, 1)


def test_of_a_busy_period_lists_from_all_of_its_parts_are_looked_at(facts: Facts) -> None:
    many = LISTS_A_SLICE + 50
    width = DAY // SLICES
    rows = [plain(f"a{n}", NOW - DAY + 2 + n, ["alien"]) for n in range(many)]
    rows += [plain(f"b{n}", NOW - width // 2, ["aliens"]) for n in range(10)]
    facts.decisions.put_many(rows)

    (today,) = Insights(facts, Stopped()).over(1)

    assert today.lists == many + 10
    assert today.looked_at == LISTS_A_SLICE + 10
    assert today.answered.items == 2


def test_where_nothing_was_shown_nothing_is_known(facts: Facts) -> None:
    (today,) = Insights(facts, Stopped()).over(1)

    assert (today.lists, today.answered.shown, today.answered.coverage) == (0, 0, 0.0)
    assert np.isnan([today.answered.gini, today.answered.top_share, today.explored]).all()


@pytest.mark.parametrize(("periods", "days"), [(0, 1), (367, 1), (1, 0), (1, 367)])
def test_periods_have_a_limit(facts: Facts, periods: int, days: int) -> None:
    with pytest.raises(Invalid, match="1 to 366"):
        Insights(facts, Stopped()).over(periods, days)


def test_items_that_have_left_the_catalogue_count_where_they_were_shown() -> None:
    spread = Spread.of({"gone": 1, "alien": 1}, catalogue=1)

    assert (spread.items, spread.coverage) == (2, 1.0)


def test_by_days_whole_days_are_told_and_past_ones_are_read_once(facts: Facts) -> None:
    insights = Insights(facts, Stopped())
    facts.decisions.put_many([plain("a", NOW - 5, ["alien"]), plain("b", NOW, FILMS)])
    first = insights.by_days(3)
    facts.decisions.put_many([plain("c", NOW, ["alien"]), plain("d", NOW - DAY, ["alien"])])

    again = insights.by_days(3)

    assert [each.start for each in first] == [NOW - 2 * DAY, NOW - DAY, NOW]
    assert [each.lists for each in first] == [0, 1, 1]
    assert [each.lists for each in again] == [0, 2, 2]


def test_a_day_that_is_over_for_long_is_not_read_again(facts: Facts) -> None:
    insights = Insights(facts, Stopped())
    insights.by_days(3)
    facts.decisions.put_many([plain("a", NOW - DAY - 5, ["alien"]), plain("b", NOW, ["alien"])])

    assert [each.lists for each in insights.by_days(3)] == [0, 0, 1]
