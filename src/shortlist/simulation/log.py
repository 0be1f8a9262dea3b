"""Decisions as they would be logged, and the truth about them."""

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.core.times import SECOND
from shortlist.simulation.decisions import MILLISECOND, Decisions
from shortlist.simulation.items import Items
from shortlist.simulation.people import People
from shortlist.simulation.state import NOTHING
from shortlist.simulation.timetable import READING

Indices = npt.NDArray[np.int64]

IMPRESSION, CLICK, RATING = "impression", "click", "rating"


def truth_table(decisions: Decisions, items: Items, people: People, prefix: str) -> pl.DataFrame:
    """One row an impression, in the order of time.

    `event` is the id of the impression in the log, `position` counts from 0, `relevance` is the
    probability of a click once looked at, `probability` that of the click (with the position),
    `propensity` that of the item being shown at its place given those above it.
    """
    row, position = np.nonzero(decisions.item != NOTHING)
    item = decisions.item[row, position]
    truth = pl.DataFrame(
        {
            "user": _named(people.ids, decisions.user[row]),
            "item": _named(items.ids, item),
            "time": decisions.time[row] + position * MILLISECOND,
            "session": decisions.session[row],
            "decision": row,
            "position": position.astype(np.int32),
            "relevance": decisions.relevance[row, position],
            "examination": decisions.examination[row, position],
            "probability": decisions.probability[row, position],
            "propensity": decisions.propensity[row, position],
            "clicked": decisions.clicked[row, position],
            "rated": decisions.rated[row, position],
            "stars": decisions.stars[row, position],
        }
    )
    return truth.with_columns(
        event=pl.format(f"{prefix}-d{{}}-{{}}", "decision", "position"),
        session=pl.format(f"{prefix}-s{{}}", "session"),
        decision=pl.format(f"{prefix}-d{{}}", "decision"),
    )


def events_of(truth: pl.DataFrame, rng: np.random.Generator, length: int) -> pl.DataFrame:
    """The log, in the order of time: impressions, the clicks on them, and the ratings after.

    Impressions of a list are a millisecond apart, so their order is the order shown. Clicks fall
    into the half minute of reading, further down later; ratings follow after half an hour or so.
    """
    place = (truth["position"].to_numpy() + rng.random(len(truth))) / length
    listed = truth["time"].to_numpy() - truth["position"].to_numpy().astype(np.int64) * MILLISECOND
    clicked_at = listed + SECOND + (place * (READING - SECOND)).astype(np.int64)
    rated_at = clicked_at + 60 * SECOND + (rng.exponential(1800, len(truth)) * SECOND).astype(int)
    nothing = pl.lit(None, pl.Float64)
    kinds = (
        (IMPRESSION, pl.lit(True), truth["time"], nothing),
        (CLICK, pl.col("clicked"), pl.Series(clicked_at), nothing),
        (RATING, pl.col("rated"), pl.Series(rated_at), pl.col("stars")),
    )
    columns = ("user", "item", "session", "decision")
    logged = [
        truth.with_columns(time=at)
        .filter(which)
        .select(
            pl.col("event") if kind == IMPRESSION else pl.format(f"{{}}-{kind}", "event"),
            *columns,
            "time",
            kind=pl.lit(kind),
            value=value,
        )
        for kind, which, at, value in kinds
    ]
    everything = pl.concat(logged).sort("time", maintain_order=True)
    return everything.select(
        pl.col("event").alias("id"), "user", "item", "kind", "value", "time", "session", "decision"
    )


def items_table(items: Items) -> pl.DataFrame:
    """What is public of the items: id, title, categories, text, year, and instant of release."""
    return pl.DataFrame(
        {
            "id": items.ids,
            "title": items.titles,
            "categories": [list(each) for each in items.categories],
            "text": items.texts,
            "year": items.years,
            "released": items.released,
        }
    )


def users_table(people: People) -> pl.DataFrame:
    """What is public of the users: id, and the instant they joined."""
    return pl.DataFrame({"id": people.ids, "joined": people.joined})


def _named(ids: list[str], index: Indices) -> pl.Series:
    return pl.Series(ids).gather(index)
