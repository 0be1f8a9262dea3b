"""Rows remembered for when the database does not answer."""

import threading
import time

import pytest

from shortlist.auth.remembered import Remembered
from shortlist.core.errors import StorageFailed


class Table:
    """Answers, fails or stalls as it is told."""

    def __init__(self) -> None:
        self.row: str | None = "first"
        self.reads = 0
        self.fails = False
        self.stall: threading.Event | None = None

    def read(self, key: str) -> str | None:
        self.reads += 1
        if self.stall is not None:
            self.stall.wait(30)
        if self.fails:
            raise StorageFailed("away")
        return self.row


def test_a_row_that_is_fresh_is_not_read_again() -> None:
    table = Table()
    known = Remembered(table.read, fresh=60, patience=1, kept=60)

    assert [known.get("a"), known.get("a")] == ["first", "first"]
    assert table.reads == 1


def test_a_row_that_is_not_is_read_and_what_changed_is_seen() -> None:
    table = Table()
    known = Remembered(table.read, fresh=0, patience=5, kept=60)
    known.get("a")

    table.row = "second"

    assert known.get("a") == "second"


def test_what_was_changed_here_is_read_at_once() -> None:
    table = Table()
    known = Remembered(table.read, fresh=60, patience=1, kept=60)
    known.get("a")

    table.row = None
    known.forget("a")

    assert known.get("a") is None


def test_while_the_database_fails_the_last_row_counts() -> None:
    table = Table()
    known = Remembered(table.read, fresh=0, patience=5, kept=60)
    known.get("a")

    table.fails = True

    assert known.get("a") == "first"


def test_while_the_database_stalls_the_last_row_counts_after_a_moment() -> None:
    table = Table()
    known = Remembered(table.read, fresh=0, patience=0.02, kept=60)
    known.get("a")
    table.stall = threading.Event()

    began = time.perf_counter()
    found = known.get("a")

    table.stall.set()
    assert found == "first"
    assert time.perf_counter() - began < 5


def test_a_row_that_is_too_old_does_not_count() -> None:
    table = Table()
    known = Remembered(table.read, fresh=0, patience=5, kept=0.01)
    known.get("a")
    time.sleep(0.02)
    table.fails = True

    with pytest.raises(StorageFailed):
        known.get("a")


def test_a_row_that_was_never_read_is_not_made_up() -> None:
    table = Table()
    table.fails = True

    with pytest.raises(StorageFailed):
        Remembered(table.read, fresh=60, patience=1, kept=60).get("a")
