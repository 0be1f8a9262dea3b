import threading
import time
from typing import Any

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from tests.auth.opened import PASSWORD, QUICK, WRONG

from shortlist.auth.passwords import Passwords, check_new
from shortlist.core.errors import BadPassword


class WatchedHasher(PasswordHasher):
    """Says what it was given to verify."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8192, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: Any, password: Any) -> Any:  # noqa: A002
        self.verified.append(hash)
        return super().verify(hash, password)


def test_a_password_matches_its_hash_and_no_other_does() -> None:
    passwords = Passwords(QUICK)
    kept = passwords.hashed(PASSWORD)

    assert kept.startswith("$argon2id$")
    assert passwords.match(PASSWORD, kept)
    assert not passwords.match(WRONG, kept)
    assert not passwords.match(PASSWORD, "not a hash")


def test_two_hashes_of_one_password_differ() -> None:
    passwords = Passwords(QUICK)

    assert passwords.hashed(PASSWORD) != passwords.hashed(PASSWORD)


def test_where_there_is_no_account_a_hash_of_the_same_cost_is_verified() -> None:
    hasher = WatchedHasher()
    passwords = Passwords(QUICK, hasher)
    kept = passwords.hashed(PASSWORD)

    assert not passwords.match(PASSWORD, None)

    (verified,) = hasher.verified
    assert verified.split("$")[:4] == kept.split("$")[:4]
    assert [len(each) for each in verified.split("$")] == [len(each) for each in kept.split("$")]


def test_that_hash_takes_as_long_as_somebodys() -> None:
    passwords = Passwords(QUICK)
    kept = passwords.hashed(PASSWORD)

    def fastest(against: str | None) -> float:
        times = []
        for _ in range(8):
            began = time.perf_counter()
            passwords.match(WRONG, against)
            times.append(time.perf_counter() - began)
        return min(times)

    assert fastest(None) > fastest(kept) / 2


def test_a_hash_is_renewed_when_the_settings_have_changed() -> None:
    old = Passwords(QUICK)
    new = Passwords(QUICK.model_copy(update={"passes": 2}))
    kept = old.hashed(PASSWORD)

    renewed = new.renewed(PASSWORD, kept)

    assert old.renewed(PASSWORD, kept) == kept
    assert "t=2" in renewed
    assert new.match(PASSWORD, renewed)


def test_letters_count_as_the_same_however_they_are_composed() -> None:
    passwords = Passwords(QUICK)

    kept = passwords.hashed(SecretStr("cafe\u0301 au lait"))

    assert passwords.match(SecretStr("caf\u00e9 au lait"), kept)


@pytest.mark.parametrize("said", ["123456789", "x" * 257, "", "ada@example"])
def test_what_is_no_password_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(BadPassword) as refused:
        check_new(SecretStr(said), "ADA@example")

    assert not said or said not in str(refused.value)


@pytest.mark.parametrize("said", ["1234567890", "x" * 256, "пароль пароль"])
def test_what_may_be_a_password(said: str) -> None:
    check_new(SecretStr(said), "ada")


def test_only_so_many_are_hashed_at_once() -> None:
    passwords = Passwords(QUICK.model_copy(update={"at_once": 2}))
    inside = 0
    most = 0
    lock = threading.Lock()

    def hash_one() -> None:
        nonlocal inside, most
        with passwords.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=hash_one) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert most == 2
