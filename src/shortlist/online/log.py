"""The log in parts that everybody cuts at the same places."""

from typing import Final

from shortlist.datasets.pasts import LogRow
from shortlist.online.follower import BATCH, Follower
from shortlist.storage.facts import Facts

PART: Final = 50
"""Sequence numbers of a part. What is asked within a part is asked of sources that know the log up
to its beginning, so that whoever reads it again, cut short by whatever, asks the same."""


def end_of_part(sequence: int) -> int:
    """The last number of the part in which the number after this one lies.

    >>> [end_of_part(each) for each in (0, 49, 50, 51)]
    [50, 50, 100, 100]
    """
    return (sequence // PART + 1) * PART


def rows_between(facts: Facts, after: int, until: int) -> list[LogRow]:
    """The log after a sequence number, and until one that lies in the same part."""
    rows = (LogRow._make(each) for each in facts.log_after(after, PART))
    return [each for each in rows if each.sequence <= until]


def follow(follower: Follower, until: int) -> None:
    """Have the log learned up to a number, and with it."""
    while follower.step(until) == BATCH:
        pass
