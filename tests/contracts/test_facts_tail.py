"""What just happened, as a request reads it; for every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.core.events import Event
from shortlist.storage.facts import EventRow, Facts, open_facts
from shortlist.storage.facts.frames import ITEMS, USERS, of_schema

LONG_AGO = 1_000_000


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def viewed(user: str, *items: str, session: str | None = None) -> list[Event]:
    return [Event(user, item, "view", session=session) for item in items]


def test_an_event_is_read_as_it_was_written(facts: Facts) -> None:
    event = Event("ann", "amélie", "rating", 4.5, LONG_AGO, session="s1", decision="d1")
    sequence = facts.append([event]).sequence

    (row,) = facts.recent_of("ann", 10)

    assert row == EventRow(sequence, event.id, "amélie", "rating", 4.5, LONG_AGO, "s1", "d1")


def test_the_tail_begins_with_the_event_that_was_known(facts: Facts) -> None:
    facts.append(viewed("ann", "alien"))
    known = facts.append(viewed("ann", "aliens")).sequence
    facts.append([*viewed("bob", "amelie"), *viewed("ann", "heat")])

    rows = facts.tail_of("ann", known)

    assert [row.item for row in rows] == ["aliens", "heat"]
    assert rows[0].sequence == known


def test_a_user_who_did_nothing_more_has_a_tail_of_one(facts: Facts) -> None:
    known = facts.append(viewed("ann", "alien")).sequence
    facts.append(viewed("bob", "aliens"))

    assert [row.sequence for row in facts.tail_of("ann", known)] == [known]
    assert facts.tail_of("nobody", 0) == []


def test_the_newest_events_come_in_the_order_of_arrival(facts: Facts) -> None:
    facts.append(viewed("ann", "alien", "aliens", "amelie", "heat"))

    assert [row.item for row in facts.recent_of("ann", 2)] == ["amelie", "heat"]
    assert facts.recent_of("nobody", 2) == []


def test_a_session_is_read_like_a_user(facts: Facts) -> None:
    facts.append(viewed("ann", "alien", session="s1"))
    known = facts.append(viewed("ann", "aliens", session="s1")).sequence
    facts.append([*viewed("ann", "heat"), *viewed("bob", "amelie", session="s1")])

    assert [row.item for row in facts.tail_of_session("s1", known)] == ["aliens", "amelie"]
    assert [row.item for row in facts.recent_of_session("s1", 2)] == ["aliens", "amelie"]


def test_a_users_events_are_paged_backwards(facts: Facts) -> None:
    facts.append(viewed("ann", "alien", "aliens", "amelie"))

    newest = facts.events_of("ann", None, 2)
    older = facts.events_of("ann", newest[-1].sequence, 2)

    assert [row.item for row in (*newest, *older)] == ["amelie", "aliens", "alien"]


def test_a_reader_sees_what_another_has_just_committed(facts: Facts) -> None:
    facts.recent_of("ann", 1)

    for turn in range(50):
        sequence = facts.append(viewed("ann", f"film{turn}")).sequence
        assert facts.recent_of("ann", 1)[0].sequence == sequence


def test_the_clock_of_a_log_is_its_latest_instant(facts: Facts) -> None:
    assert facts.newest_time() == (None, 0)

    end = facts.append(
        [Event("a", "b", "view", time=20), Event("a", "c", "view", time=10)]
    ).sequence

    assert facts.newest_time() == (20, end)
    assert facts.newest_time(end - 1) == (10, end)
    assert facts.newest_time(end) == (None, end)


def test_an_event_without_an_instant_does_not_move_the_clock(facts: Facts) -> None:
    end = facts.append(viewed("ann", "alien")).sequence

    assert facts.newest_time() == (None, end)


def test_a_change_of_items_or_users_is_counted(facts: Facts) -> None:
    assert facts.revisions() == {}
    assert facts.revision("items") == 0

    facts.put_items(of_schema({"id": ["alien"]}, ITEMS))
    facts.put_items(of_schema({"id": ["aliens"]}, ITEMS))
    facts.put_users(of_schema({"id": ["ann"]}, USERS))
    facts.append(viewed("ann", "alien"))

    assert facts.revisions() == {"items": 2, "users": 1}
    assert facts.revision("items") == 2
