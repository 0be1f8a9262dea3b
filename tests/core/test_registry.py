import pytest

from shortlist.core.registry import Registry


def test_things_are_found_by_name_in_the_order_they_came() -> None:
    registry = Registry([("popularity", 1), ("als", 2)])
    registry.add("ease", 3)

    assert list(registry.items()) == [("popularity", 1), ("als", 2), ("ease", 3)]
    assert "als" in registry
    assert len(registry) == 3


def test_a_name_is_taken_once() -> None:
    registry = Registry([("als", 1)])

    with pytest.raises(ValueError, match="'als' is registered already"):
        registry.add("als", 2)
    assert registry["als"] == 1


def test_two_of_one_name_are_refused_from_the_start() -> None:
    with pytest.raises(ValueError, match="als"):
        Registry([("als", 1), ("als", 2)])


def test_an_unknown_name_is_a_missing_key() -> None:
    with pytest.raises(KeyError):
        Registry([("als", 1)])["ease"]
