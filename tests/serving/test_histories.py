"""Histories: kept in memory, brought up to date, dropped when erased or too many."""

from dataclasses import dataclass, field

import pytest

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.serving.histories import Histories
from shortlist.storage.facts import EventRow

FILMS = Catalogue.of(Vocabulary(["alien", "aliens", "amelie"]))


@dataclass
class Log:
    """A log in memory, that counts what is read of it."""

    rows: list[EventRow] = field(default_factory=list)
    whole: int = 0

    def add(self, item: str, kind: str = "like") -> None:
        number = len(self.rows) + 1
        self.rows.append(EventRow(number, str(number), item, kind, None, number, None, None))

    def recent_of(self, user: str, limit: int) -> list[EventRow]:
        self.whole += 1
        return self.rows[-limit:]

    def tail_of(self, user: str, since: int) -> list[EventRow]:
        return [row for row in self.rows if row.sequence >= since]


def histories(log: Log, kept: int = 1_000) -> Histories:
    return Histories(log, DEFAULT_KINDS, remembered=100, kept=kept)  # type: ignore[arg-type]


def items(known: Histories, user: str = "ann") -> list[str]:
    return [row.item for row in known.read(user, None).rows]


def test_what_was_read_is_not_read_again_but_for_its_tail() -> None:
    log = Log()
    log.add("alien")
    known = histories(log)
    items(known)

    log.add("aliens")

    assert items(known) == ["alien", "aliens"]
    assert log.whole == 1


def test_a_history_is_worked_out_once_while_nothing_happens() -> None:
    log = Log()
    log.add("alien")
    known = histories(log)

    first = known.told(known.read("ann", None), "ann", None, FILMS)
    second = known.told(known.read("ann", None), "ann", None, FILMS)

    assert first is second
    assert first.items.tolist() == [0]


def test_who_was_erased_is_noticed_and_forgotten() -> None:
    log = Log()
    log.add("alien")
    known = histories(log)
    items(known)

    log.rows.clear()

    assert items(known) == []


def test_who_was_erased_and_came_again_has_the_new_events_alone() -> None:
    log = Log()
    log.add("alien")
    known = histories(log)
    items(known)

    log.rows[0] = EventRow(7, "7", "amelie", "like", None, 7, None, None)

    assert items(known) == ["amelie"]


def test_no_more_events_are_kept_than_there_is_room_for() -> None:
    log = Log()
    for _ in range(4):
        log.add("alien")
    known = histories(log, kept=10)

    for user in ("ann", "bob", "cleo"):
        items(known, user)

    assert known.last_known("ann", None).rows == ()
    assert len(known.last_known("cleo", None).rows) == 4


@pytest.mark.parametrize("user", ["ann", None])
def test_of_nobody_nothing_is_known(user: str | None) -> None:
    assert histories(Log()).read(user, None).rows in ((), [])
