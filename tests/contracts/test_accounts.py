"""What every back end keeps of the people who can sign in, and of their sign-ins."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import StorageFailed
from shortlist.core.times import DAY
from shortlist.storage.facts import BACK_ENDS, Facts, open_facts
from shortlist.storage.facts.accounts import Account
from shortlist.storage.facts.sign_ins import SignIn

ANN = Account("a1", "ann", "u1", "hash", "user", created=1)
BOB = Account("b1", "bob", "u2", "hash", "admin", created=2)
NOW, LATER = 10 * DAY, 11 * DAY


@pytest.fixture(params=list(BACK_ENDS))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def sign_in(name: str, account: Account = ANN, now: int = NOW) -> SignIn:
    of_account = (account.login, account.user, account.role, account.disabled)
    return SignIn(name, account.id, now, LATER, 0, None, *of_account)


def signed_in(facts: Facts, *names: str, account: Account = ANN, most: int = 100) -> None:
    for number, each in enumerate(names):
        new = sign_in(each, account, NOW + number)
        assert facts.sign_ins.add(new, account, password="hash", most=most)


def test_an_account_is_found_by_its_id_and_its_login(facts: Facts) -> None:
    assert facts.accounts.add(ANN)

    assert facts.accounts.by_id("a1") == ANN
    assert facts.accounts.by_login("ann") == ANN
    assert facts.accounts.by_id("ann") is None
    assert facts.accounts.by_login("a1") is None


@pytest.mark.parametrize(
    "taken",
    [replace(BOB, login="ann"), replace(BOB, user="u1"), replace(BOB, id="a1")],
    ids=["login", "user", "id"],
)
def test_what_is_taken_is_not_given_twice(facts: Facts, taken: Account) -> None:
    facts.accounts.add(ANN)

    assert not facts.accounts.add(taken)

    assert facts.accounts.page("", 10) == [ANN]


def test_accounts_are_listed_by_login_in_pages(facts: Facts) -> None:
    facts.accounts.add(BOB)
    facts.accounts.add(ANN)

    assert facts.accounts.page("", 1) == [ANN]
    assert facts.accounts.page("ann", 10) == [BOB]


def test_the_hash_of_a_password_is_in_no_repr(facts: Facts) -> None:
    assert "hash" not in repr(ANN)


def test_failures_are_counted_and_lock_as_their_number_says(facts: Facts) -> None:
    facts.accounts.add(ANN)

    counts = [facts.accounts.failed("a1", lambda n: NOW if n > 2 else None) for _ in range(3)]

    assert counts == [1, 2, 3]
    assert facts.accounts.by_id("a1") == replace(ANN, failures=3, locked_until=NOW)


def test_failures_at_the_same_time_are_all_counted(facts: Facts) -> None:
    facts.accounts.add(ANN)
    threads = [
        threading.Thread(target=facts.accounts.failed, args=("a1", lambda _: None))
        for _ in range(8)
    ]

    for each in threads:
        each.start()
    for each in threads:
        each.join()

    found = facts.accounts.by_id("a1")
    assert found is not None
    assert found.failures == 8


def test_signing_in_starts_the_count_of_failures_again(facts: Facts) -> None:
    facts.accounts.add(ANN)
    facts.accounts.failed("a1", lambda _: NOW)

    facts.sign_ins.add(sign_in("s1"), ANN, password="newer", most=9)

    assert facts.accounts.by_id("a1") == replace(ANN, password="newer")


def test_a_password_that_was_changed_meanwhile_signs_nobody_in(facts: Facts) -> None:
    facts.accounts.add(ANN)
    facts.accounts.change("a1", password="other")

    kept = facts.sign_ins.add(sign_in("s1"), ANN, password="hash", most=9)

    assert not kept
    assert facts.sign_ins.by_id("s1") is None
    assert facts.accounts.by_id("a1") == replace(ANN, password="other")


def test_an_account_that_was_disabled_meanwhile_signs_nobody_in(facts: Facts) -> None:
    facts.accounts.add(ANN)
    facts.accounts.disable("a1", NOW)

    assert not facts.sign_ins.add(sign_in("s1"), ANN, password="hash", most=9)


def test_a_sign_in_is_read_with_its_account(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")

    found = facts.sign_ins.by_id("s1")

    assert found == sign_in("s1")
    assert found.holds(LATER - 1)
    assert not found.holds(LATER)
    assert facts.sign_ins.by_id("nobody") is None


def test_a_turn_is_taken_once(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")

    taken = [facts.sign_ins.renew("s1", 0, NOW, LATER + DAY) for _ in range(2)]

    found = facts.sign_ins.by_id("s1")
    assert taken == [True, False]
    assert found is not None
    assert (found.turn, found.expires) == (1, LATER + DAY)


def test_of_many_who_take_a_turn_at_once_one_does(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.append(facts.sign_ins.renew("s1", 0, NOW, LATER)))
        for _ in range(8)
    ]

    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(taken) == [False] * 7 + [True]


def test_what_is_over_or_revoked_is_not_renewed(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1", "s2")
    facts.sign_ins.revoke("s2", NOW)

    assert not facts.sign_ins.renew("s1", 0, LATER, LATER + DAY)
    assert not facts.sign_ins.renew("s2", 0, NOW, LATER)


def test_a_sign_in_is_revoked_once(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1", "s2")

    assert [facts.sign_ins.revoke("s1", NOW + n) for n in range(2)] == [True, False]

    one, other = facts.sign_ins.by_id("s1"), facts.sign_ins.by_id("s2")
    assert one is not None
    assert one.revoked == NOW
    assert other is not None
    assert other.revoked is None


def live(facts: Facts, *sign_ins: str) -> list[str]:
    found = [facts.sign_ins.by_id(each) for each in sign_ins]
    return [each.id for each in found if each and each.holds(NOW)]


def test_all_sign_ins_of_an_account_are_revoked_and_no_others(facts: Facts) -> None:
    facts.accounts.add(ANN)
    facts.accounts.add(BOB)
    signed_in(facts, "s1", "s2")
    signed_in(facts, "s3", account=BOB)

    assert facts.sign_ins.revoke_all("a1", NOW) == 2

    assert live(facts, "s1", "s2", "s3") == ["s3"]


def test_a_new_password_ends_all_sign_ins_but_one(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1", "s2", "s3")
    facts.accounts.failed("a1", lambda _: NOW)

    assert facts.accounts.change("a1", password="new", sign_out=(NOW, "s2"))

    assert live(facts, "s1", "s2", "s3") == ["s2"]
    assert facts.accounts.by_id("a1") == replace(ANN, password="new")


def test_disabling_ends_all_sign_ins_and_enabling_brings_none_back(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")

    assert facts.accounts.disable("a1", NOW)
    disabled = facts.accounts.by_id("a1")
    assert facts.accounts.enable("a1")

    assert disabled == replace(ANN, disabled=NOW)
    assert facts.accounts.by_id("a1") == ANN
    assert live(facts, "s1") == []


def test_a_role_is_changed(facts: Facts) -> None:
    facts.accounts.add(ANN)

    assert facts.accounts.change("a1", role="admin")

    assert facts.accounts.by_id("a1") == replace(ANN, role="admin")


def test_what_is_not_there_is_not_changed(facts: Facts) -> None:
    assert not facts.accounts.change("nobody", role="admin")
    assert not facts.accounts.change("nobody")
    assert not facts.accounts.disable("nobody", NOW)
    assert not facts.accounts.enable("nobody")
    assert not facts.accounts.remove("nobody")
    assert not facts.sign_ins.revoke("nobody", NOW)


def test_an_account_goes_with_its_sign_ins(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")

    assert facts.accounts.remove("a1")

    assert facts.accounts.by_id("a1") is None
    assert facts.sign_ins.by_id("s1") is None


def test_only_the_newest_sign_ins_are_kept(facts: Facts) -> None:
    facts.accounts.add(ANN)

    signed_in(facts, "s1", "s2", "s3", most=2)

    assert live(facts, "s1", "s2", "s3") == ["s2", "s3"]


def test_what_is_over_is_forgotten_at_the_next_sign_in(facts: Facts) -> None:
    facts.accounts.add(ANN)
    signed_in(facts, "s1")

    facts.sign_ins.add(sign_in("s2", now=LATER), ANN, password="hash", most=9)

    assert facts.sign_ins.by_id("s1") is None


def test_what_the_database_refuses_quotes_no_row(facts: Facts) -> None:
    """PostgreSQL would tell the whole of it, with the hash of the password."""
    nothing: Any = None
    broken = replace(ANN, password="a hash nobody may see", created=nothing)

    with pytest.raises(StorageFailed) as refused:
        facts.accounts.add(broken)

    assert "created" in str(refused.value)
    assert "a hash" not in str(refused.value)
