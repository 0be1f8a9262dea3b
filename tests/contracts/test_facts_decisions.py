"""Decisions are kept as they were given, on every back end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import Invalid
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.decision_writer import DecisionWriter
from shortlist.storage.facts.decisions import DecisionRow

ANSWER = {"items": [{"item": "amélie", "score": 0.1 + 0.2, "tiny": 5e-324}], "degraded": []}


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def decision(name: str, time: int = 10, user: str | None = "ann", **others: Any) -> DecisionRow:
    fields = {"session": None, "bundle": "b1", "sequence": 7, "asked": {"limit": 3}}
    return DecisionRow(
        **{**fields, "answer": ANSWER, "features": None, "placement": "home", **others},
        id=name,
        time=time,
        user=user,
    )


def ids(rows: list[DecisionRow]) -> list[str]:
    return [each.id for each in rows]


def test_a_decision_comes_back_to_the_last_digit(facts: Facts) -> None:
    given = decision("d1", user=None, session="s1", bundle=None, features=b"\x00\xff\x1f")

    facts.decisions.put_many([given])

    assert facts.decisions.get("d1") == given
    assert facts.decisions.get("d2") is None


def test_a_decision_is_kept_once(facts: Facts) -> None:
    facts.decisions.put_many([decision("d1"), decision("d2")])
    facts.decisions.put_many([decision("d1", time=99), decision("d3")])
    facts.decisions.put_many([])

    kept = facts.decisions.of_user("ann", None, 9)
    assert ids(kept) == ["d3", "d2", "d1"]
    assert {each.time for each in kept} == {10}


def test_what_json_cannot_say_is_refused(facts: Facts) -> None:
    with pytest.raises(Invalid, match="JSON"):
        facts.decisions.put_many([decision("d1", answer={"items": object()})])


def test_a_users_decisions_are_paged_backwards(facts: Facts) -> None:
    rows = [decision(f"d{each}", time=each) for each in range(5)]
    facts.decisions.put_many([*rows, decision("other", time=3, user="bob")])

    newest = facts.decisions.of_user("ann", None, 2)
    older = facts.decisions.of_user("ann", newest[-1].time, 9)

    assert ids(newest) == ["d4", "d3"]
    assert ids(older) == ["d2", "d1", "d0"]


def test_the_oldest_are_pruned_a_few_at_a_time(facts: Facts) -> None:
    facts.decisions.put_many([decision(f"d{each}", time=each) for each in range(5)])

    counts = [facts.decisions.prune(4, 3) for _ in range(3)]

    assert counts == [3, 1, 0]
    assert ids(facts.decisions.of_user("ann", None, 9)) == ["d4"]


def test_what_was_offered_is_found_at_once_and_written_soon(facts: Facts) -> None:
    writer = DecisionWriter(facts)
    given = [decision(f"d{each}") for each in range(2_500)]

    assert all(writer.offer(each) for each in given)
    at_once = writer.pending("d2499") or facts.decisions.get("d2499")
    writer.close()

    assert at_once == given[-1]
    assert writer.pending("d2499") is None
    assert len(facts.decisions.of_user("ann", None, 9_999)) == 2_500
    assert (writer.depth, writer.dropped) == (0, 0)


def test_offering_never_waits_and_what_is_too_much_is_counted(facts: Facts) -> None:
    writer = DecisionWriter(facts, capacity=3)
    with facts.writing("decisions"):
        taken = [writer.offer(decision(f"d{each}")) for each in range(5)]

        assert taken == [True, True, True, False, False]
        assert (writer.depth, writer.dropped) == (3, 2)

    writer.close()
    assert len(facts.decisions.of_user("ann", None, 9)) == 3


def test_nothing_is_taken_after_closing(facts: Facts) -> None:
    writer = DecisionWriter(facts)
    writer.close()

    assert not writer.offer(decision("d1"))
    assert writer.dropped == 1


def test_one_that_cannot_be_written_does_not_keep_the_others(facts: Facts) -> None:
    writer = DecisionWriter(facts)
    for each in (decision("d1"), decision("bad", answer={"items": object()}), decision("d2")):
        writer.offer(each)
    writer.close()

    assert ids(facts.decisions.of_user("ann", None, 9)) == ["d2", "d1"]
    assert writer.dropped == 1


def test_what_waits_of_a_user_can_be_dropped(facts: Facts) -> None:
    writer = DecisionWriter(facts)
    writer.offer(decision("d1"))
    writer.offer(decision("d2", user="bob"))

    writer.forget("ann")
    writer.close()

    written = facts.decisions.of_user("ann", None, 9)
    assert [*ids(written), *ids(facts.decisions.of_user("bob", None, 9))] in (["d2"], ["d1", "d2"])
    assert writer.dropped == 0
