"""What share of what was shown was taken up: click-through, by one rule for all applications.

An **impression** is an event of the kind `impression`. It is **answered** by an event of the same
user about the same item, at the same time or within a day after, that names the same list (or
none, where the impression names none). Every kind counts (`click`, `open`, a rating) but those of
negative weight, which turn down what was shown, and those that do nothing but take something back.
An event answers one impression, the newest before it; an impression counts once, for the day on
which it was shown.

A **list** is taken up by any such event that names it, whether impressions are reported or not. Of
applications that report none, as of the storefront, it is all that can be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from shortlist.core.times import DAY, Instant
from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.snapshot import IMPRESSION

SAME = ("user", "item", "decision")
"""What an impression and its answer have in common."""


@dataclass(frozen=True)
class Uptake:
    """What was shown on one day, and how much of it was taken up."""

    start: Instant
    shown: int
    answered: int

    @property
    def share(self) -> float:
        """The click-through."""
        return self.answered / self.shown


def answering(kinds: Mapping[str, KindSettings], found: Sequence[str]) -> list[str]:
    """Which of some kinds of events answer what was shown."""
    silent = {
        name for name, each in kinds.items() if each.weight < 0 or (each.undoes and not each.weight)
    }
    return [each for each in found if each != IMPRESSION and each not in silent]


def impressions_answered(log: pl.DataFrame, kinds: Mapping[str, KindSettings]) -> list[Uptake]:
    """By day, of those days on which something was shown."""
    timed = log.select("kind", "time", "sequence", "user", "item", pl.col("decision").fill_null(""))
    timed = timed.filter(pl.col("time").is_not_null()).sort("time", "sequence")
    shown = timed.filter(pl.col("kind") == IMPRESSION)
    if shown.is_empty():
        return []
    taken = timed.filter(pl.col("kind").is_in(answering(kinds, timed["kind"].unique().to_list())))
    answered = taken.select("time", *SAME).join_asof(
        shown.select("time", *SAME, answered="sequence"),
        on="time",
        by=SAME,
        strategy="backward",
        tolerance=DAY,
        check_sortedness=False,
    )
    by_day = (
        shown.with_columns(answered=pl.col("sequence").is_in(answered["answered"].implode()))
        .group_by(start=pl.col("time") // DAY * DAY)
        .agg(shown=pl.len(), answered=pl.col("answered").sum())
        .sort("start")
    )
    return [Uptake(**row) for row in by_day.iter_rows(named=True)]


def lists_taken_up(
    log: pl.DataFrame, kinds: Mapping[str, KindSettings]
) -> Sequence[tuple[Instant, int]]:
    """From how many different lists something was taken, by day."""
    found = answering(kinds, log["kind"].unique().to_list())
    by_day = (
        log.filter(
            pl.col("time").is_not_null(),
            pl.col("decision").is_not_null(),
            pl.col("kind").is_in(found),
        )
        .group_by(start=pl.col("time") // DAY * DAY)
        .agg(pl.col("decision").n_unique())
        .sort("start")
    )
    return list(by_day.iter_rows())
