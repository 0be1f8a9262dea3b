import threading

import pytest

from shortlist.auth.slots import Slots
from shortlist.core.errors import Overloaded


def test_who_would_wait_too_long_is_turned_away() -> None:
    slots = Slots(1, waiting=1, patience=0.01)

    with slots.one(), pytest.raises(Overloaded, match="too long"), slots.one():
        pass


def test_when_too_many_wait_the_next_is_turned_away_at_once() -> None:
    slots = Slots(1, waiting=0, patience=60)

    with slots.one(), pytest.raises(Overloaded, match="Too many"), slots.one():
        pass


def test_a_place_is_free_again_afterwards() -> None:
    slots = Slots(1, waiting=0, patience=0.01)

    def fail() -> None:
        with slots.one():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with slots.one():
        pass


def test_who_waits_comes_in_when_a_place_is_free() -> None:
    slots = Slots(1, waiting=1, patience=10)
    came = threading.Event()

    def come() -> None:
        with slots.one():
            came.set()

    waiting = threading.Thread(target=come)
    with slots.one():
        waiting.start()
        early = came.wait(0.05)

    waiting.join()
    assert not early
    assert came.is_set()
