import threading
from collections.abc import Iterator

import pytest

from shortlist.datasets.importers.read_ahead import read_ahead


def test_things_come_in_their_order() -> None:
    assert list(read_ahead(range(100))) == list(range(100))
    assert list(read_ahead([])) == []


def test_the_next_thing_is_made_while_the_last_is_used() -> None:
    second_was_made = threading.Event()

    def things() -> Iterator[int]:
        yield 1
        second_was_made.set()
        yield 2

    for _ in read_ahead(things()):
        assert second_was_made.wait(10)


def test_what_making_raises_is_raised_after_the_things_before_it() -> None:
    def things() -> Iterator[int]:
        yield 1
        raise LookupError("no second")

    ahead = read_ahead(things())

    assert next(ahead) == 1
    with pytest.raises(LookupError, match="no second"):
        next(ahead)
