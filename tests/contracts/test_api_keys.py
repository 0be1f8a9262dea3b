"""What every back end keeps of the keys of applications."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.storage.facts import BACK_ENDS, Facts, open_facts
from shortlist.storage.facts.api_keys import ApiKey

SHOP = ApiKey("k1", "shop", "old", "events:write recommend:read", created=1)
TILL = ApiKey("k2", "till", "other", "admin", created=2, expires=9)


@pytest.fixture(params=list(BACK_ENDS))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def test_a_key_comes_back_as_it_was(facts: Facts) -> None:
    facts.api_keys.add(SHOP)
    facts.api_keys.add(TILL)

    assert facts.api_keys.by_id("k2") == TILL
    assert facts.api_keys.by_id("k3") is None


def test_keys_are_listed_the_oldest_first(facts: Facts) -> None:
    facts.api_keys.add(TILL)
    facts.api_keys.add(SHOP)

    assert facts.api_keys.all() == [SHOP, TILL]


def test_no_hash_is_in_a_repr(facts: Facts) -> None:
    said = repr(replace(SHOP, old_hash="older"))

    assert "old'" not in said
    assert "older" not in said


def test_a_rotated_key_has_two_hashes_for_a_while(facts: Facts) -> None:
    facts.api_keys.add(SHOP)

    assert facts.api_keys.rotate("k1", "new", until=5)

    assert facts.api_keys.by_id("k1") == replace(SHOP, hash="new", old_hash="old", old_until=5)


def test_the_hash_before_the_last_ends_with_the_next_rotation(facts: Facts) -> None:
    facts.api_keys.add(SHOP)
    facts.api_keys.rotate("k1", "new", until=5)

    facts.api_keys.rotate("k1", "newest", until=6)

    assert facts.api_keys.by_id("k1") == replace(SHOP, hash="newest", old_hash="new", old_until=6)


def test_a_key_is_revoked_once_and_rotated_no_more(facts: Facts) -> None:
    facts.api_keys.add(SHOP)

    assert facts.api_keys.revoke("k1", 7)
    assert not facts.api_keys.revoke("k1", 8)
    assert not facts.api_keys.rotate("k1", "new", until=9)

    assert facts.api_keys.by_id("k1") == replace(SHOP, revoked=7)


def test_the_newest_use_is_kept(facts: Facts) -> None:
    facts.api_keys.add(SHOP)
    facts.api_keys.add(TILL)

    facts.api_keys.used({"k1": 5, "k2": 6, "gone": 7})
    facts.api_keys.used({"k1": 4})

    assert [each.last_used for each in facts.api_keys.all()] == [5, 6]
