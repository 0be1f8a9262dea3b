import threading
from collections.abc import Mapping

from structlog.testing import capture_logs

from shortlist.auth.uses import Uses
from shortlist.core.errors import StorageFailed
from shortlist.core.times import Instant


class Written:
    """Where uses are written; it may refuse, and it says when it was called."""

    def __init__(self) -> None:
        self.all: list[Mapping[str, Instant]] = []
        self.called = threading.Event()
        self.refuses = False

    def __call__(self, uses: Mapping[str, Instant]) -> None:
        if self.refuses:
            raise StorageFailed
        self.all.append(uses)
        self.called.set()


def test_the_newest_use_of_each_is_handed_on_together() -> None:
    written = Written()
    uses = Uses(written, every_seconds=60)
    for key, at in (("a", 1), ("b", 2), ("a", 3)):
        uses.note(key, at)

    uses.close()

    assert written.all == [{"a": 3, "b": 2}]


def test_they_are_handed_on_at_intervals_by_another_thread() -> None:
    written = Written()
    uses = Uses(written, every_seconds=0.01)

    uses.note("a", 1)

    assert written.called.wait(10)
    uses.close()
    assert written.all == [{"a": 1}]


def test_nothing_is_written_where_nothing_was_used() -> None:
    written = Written()

    Uses(written).close()

    assert written.all == []


def test_what_cannot_be_written_waits_and_newer_uses_win() -> None:
    written = Written()
    uses = Uses(written, every_seconds=60)
    uses.note("a", 1)
    uses.note("b", 1)
    written.refuses = True
    with capture_logs() as log:
        uses.flush()
    uses.note("a", 2)
    written.refuses = False

    uses.close()

    assert written.all == [{"a": 2, "b": 1}]
    assert [each["event"] for each in log] == ["uses of keys not written"]


def test_closing_twice_is_harmless() -> None:
    written = Written()
    uses = Uses(written, every_seconds=60)
    uses.note("a", 1)

    uses.close()
    uses.close()

    assert len(written.all) == 1
