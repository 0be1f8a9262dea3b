"""Forgetting a person, on every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES, sqlite

from shortlist.core.events import Event
from shortlist.storage.facts import Erasure, Facts, open_facts
from shortlist.storage.facts.accounts import Account
from shortlist.storage.facts.decisions import DecisionRow
from shortlist.storage.facts.sign_ins import SignIn

NOTHING = Erasure(0, 0, 0, account=False, profile=False, sequence_of_newest=0)


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def live(facts: Facts, user: str) -> None:
    """Leave traces of a user everywhere."""
    facts.append([Event(user, item, "view", text="a tag") for item in ("alien", "aliens")])
    facts.write_user(user, {"age": 30})
    said = {"user": user}
    row = DecisionRow(f"of {user}", 10, user, None, "home", "b1", 7, said, said, None)
    facts.decisions.put_many([row])
    account = Account(f"a-{user}", f"login of {user}", user, "hash", "user", created=1)
    facts.accounts.add(account)
    of_account = (account.login, user, account.role, account.disabled)
    for name in ("phone", "laptop"):
        new = SignIn(f"{name} of {user}", account.id, 1, 9, 0, None, *of_account)
        facts.sign_ins.add(new, account, password="hash", most=9)


def test_everything_of_a_user_is_removed_and_said(facts: Facts) -> None:
    live(facts, "ann")
    newest = facts.last_sequence()
    live(facts, "bob")

    erasure = facts.erase_user("ann")

    assert erasure == Erasure(2, 1, 2, account=True, profile=True, sequence_of_newest=newest)
    assert facts.tail_of("ann", 0) == []
    assert facts.get_user("ann") is None
    assert facts.decisions.get("of ann") is None
    assert facts.accounts.by_login("login of ann") is None
    assert facts.sign_ins.by_id("phone of ann") is None


def test_nobody_else_is_touched(facts: Facts) -> None:
    live(facts, "ann")
    live(facts, "bob")

    facts.erase_user("ann")

    assert len(facts.tail_of("bob", 0)) == 2
    assert facts.get_user("bob") is not None
    assert facts.decisions.get("of bob") is not None
    assert facts.accounts.by_login("login of bob") is not None
    assert facts.sign_ins.by_id("laptop of bob") is not None


def test_erasing_again_removes_nothing_more(facts: Facts) -> None:
    live(facts, "ann")
    facts.erase_user("ann")

    assert facts.erase_user("ann") == NOTHING
    assert facts.erase_user("nobody") == NOTHING


def test_an_erasure_is_counted_for_other_processes(facts: Facts) -> None:
    live(facts, "ann")
    before = facts.revisions()

    facts.erase_user("ann")

    assert before == {"users": 1}
    assert facts.revisions() == {"users": 2, "erasures": 1}


def test_the_number_of_an_erased_event_is_not_given_again(facts: Facts) -> None:
    live(facts, "ann")
    known = facts.last_sequence()
    facts.erase_user("ann")

    again = facts.append([Event("ann", "alien", "view", text="a tag")])

    assert again.accepted == 1
    assert again.sequence > known
    assert [row.sequence for row in facts.tail_of("ann", known)] == [again.sequence]


def test_one_who_knew_the_last_event_notices(facts: Facts) -> None:
    known = facts.append([Event("ann", "alien", "view")]).sequence
    facts.erase_user("ann")
    facts.append([Event("ann", "aliens", "view")])

    rows = facts.tail_of("ann", known)

    assert [row.item for row in rows] == ["aliens"]
    assert rows[0].sequence != known


def test_nothing_of_a_user_is_left_in_the_file(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url:
        with open_facts(url) as facts:
            live(facts, "q7gx-zoë-q7gx")
            live(facts, "bob")
        before = b"q7gx" in (tmp_path / "facts.db").read_bytes()
        with open_facts(url) as facts:
            facts.erase_user("q7gx-zoë-q7gx")

    assert before
    assert [each.name for each in tmp_path.iterdir() if b"q7gx" in each.read_bytes()] == []


def test_events_with_one_item_are_removed_and_no_others(facts: Facts) -> None:
    live(facts, "ann")
    live(facts, "bob")
    before = facts.revision("erasures")

    assert facts.erase_events("ann", "alien") == 1
    assert facts.erase_events("ann", "alien") == 0

    assert [row.item for row in facts.tail_of("ann", 0)] == ["aliens"]
    assert len(facts.tail_of("bob", 0)) == 2
    assert facts.revision("erasures") == before + 1


def test_events_of_some_kinds_are_removed_but_for_the_one_to_keep(facts: Facts) -> None:
    rated = [Event("ann", "alien", "rating", stars) for stars in (3, 4, 5)]
    facts.append([*rated, Event("ann", "alien", "view")])

    assert facts.erase_events("ann", "alien", kinds=["rating"], keep=rated[2].id) == 2

    assert [(row.kind, row.value) for row in facts.tail_of("ann", 0)] == [
        ("rating", 5.0),
        ("view", None),
    ]
