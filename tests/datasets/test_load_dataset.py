from pathlib import Path

import numpy as np
import pytest
from tests.datasets.kept import by_lot, kept

from shortlist.core.events import Event
from shortlist.core.times import EARLIEST, HOUR
from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset


def told(data: Dataset) -> list[tuple[object, ...]]:
    """Every event of a dataset in words."""
    events = data.events
    columns = (events.user, events.item, events.kind, events.time, events.weight, events.liked)
    rows = zip(*columns, events.phrase, strict=True)
    return [
        (
            data.users[u],
            data.catalogue.ids[i],
            data.kinds[k],
            int(time),
            round(float(weight), 3),
            bool(liked),
            data.phrases[phrase] if phrase >= 0 else None,
        )
        for u, i, k, time, weight, liked, phrase in rows
    ]


def test_the_log_is_told_in_the_order_of_time_whatever_the_order_of_arrival(
    tmp_path: Path,
) -> None:
    events = [
        Event("ann", "alien", "click", time=2 * HOUR),
        Event("ann", "amelie", "rating", value=2, time=HOUR),
        Event("bob", "alien", "dislike"),
        Event("bob", "aliens", "tag", time=2 * HOUR, text="scary"),
    ]

    with kept(tmp_path, events) as facts:
        data = load_dataset(facts, DEFAULT_KINDS)

    assert told(data) == [
        ("bob", "alien", "dislike", EARLIEST, -1, False, None),
        ("ann", "amelie", "rating", HOUR, 0.4, False, None),
        ("ann", "alien", "click", 2 * HOUR, 1, True, None),
        ("bob", "aliens", "tag", 2 * HOUR, 0, False, "scary"),
    ]
    assert data.sequence == 4


def test_a_deleted_item_does_not_come_back_from_the_log(tmp_path: Path) -> None:
    events = [Event("ann", item, "click") for item in ("alien", "aliens", "amelie")]

    with kept(tmp_path, events) as facts:
        facts.delete_items(["alien", "aliens", "paddington"])
        data = load_dataset(facts, DEFAULT_KINDS)

    assert list(data.catalogue.ids) == ["amelie"]
    assert [item for _, item, *_ in told(data)] == ["amelie"]
    assert data.sequence == 3


def test_items_that_were_imported_come_first_and_others_after_them(tmp_path: Path) -> None:
    events = [Event("ann", "brazil", "click"), Event("ann", "amelie", "click")]

    with kept(tmp_path, events) as facts:
        catalogue = load_dataset(facts, DEFAULT_KINDS).catalogue

    assert list(catalogue.ids) == ["alien", "aliens", "paddington", "amelie", "brazil"]
    assert [catalogue.title_of(item) for item in range(5)] == [
        *("alien", "Aliens", "Paddington"),
        *("amelie", "brazil"),
    ]
    assert catalogue.categories == [(), ("Action", "Space"), ("Comedy",), (), ()]
    assert catalogue.texts == ["", "", "A bear.", "", ""]


def test_a_year_is_known_where_the_attribute_is_a_number(tmp_path: Path) -> None:
    with kept(tmp_path) as facts:
        years = load_dataset(facts, DEFAULT_KINDS).catalogue.years

    assert np.isnan(years[[0, 2]]).all()
    assert years[1] == 1986


def test_attributes_that_are_names_become_marks(tmp_path: Path) -> None:
    with kept(tmp_path) as facts:
        marks = load_dataset(facts, DEFAULT_KINDS).catalogue.marks

    assert marks == [(), ("cast=Weaver",), ("year=long ago",)]


def test_a_kind_no_setting_names_is_a_positive_of_weight_one(tmp_path: Path) -> None:
    with kept(tmp_path, [Event("ann", "alien", "bookmark", value=-7)]) as facts:
        (event,) = told(load_dataset(facts, DEFAULT_KINDS))
        (otherwise,) = told(load_dataset(facts, {"bookmark": KindSettings(weight=-2)}))

    assert event[4:6] == (1, True)
    assert otherwise[4:6] == (-2, False)


def test_until_an_instant_is_as_if_later_events_had_not_happened(tmp_path: Path) -> None:
    events = by_lot(300)
    early = [each for each in events if each.time is None or each.time < 25 * HOUR]
    (tmp_path / "early").mkdir()

    with kept(tmp_path, events) as whole, kept(tmp_path / "early", early) as truncated:
        until = load_dataset(whole, DEFAULT_KINDS, 25 * HOUR)
        then = load_dataset(truncated, DEFAULT_KINDS)

    assert 0 < len(early) < len(events)
    assert told(until) == told(then)
    assert list(until.users) == list(then.users)
    assert list(until.catalogue.ids) == list(then.catalogue.ids)
    assert until.kinds == then.kinds


def test_who_came_later_is_nobody_yet(tmp_path: Path) -> None:
    events = [
        Event("ann", "alien", "click", time=HOUR),
        Event("bob", "brazil", "bookmark", time=2 * HOUR),
    ]

    with kept(tmp_path, events) as facts:
        data = load_dataset(facts, DEFAULT_KINDS, 2 * HOUR)

    assert list(data.users) == ["ann"]
    assert "brazil" not in data.catalogue.ids
    assert data.kinds == ("click",)


@pytest.mark.parametrize("until", [None, 0])
def test_an_empty_log_is_a_dataset_of_the_catalogue_alone(
    tmp_path: Path, until: int | None
) -> None:
    with kept(tmp_path) as facts:
        data = load_dataset(facts, DEFAULT_KINDS, until)

    assert (len(data.events), data.n_users, data.n_items, data.sequence) == (0, 0, 3, 0)
    assert not data.timed
    assert data.interactions.shape == (0, 3)
