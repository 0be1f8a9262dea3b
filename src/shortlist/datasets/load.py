"""Facts -> arrays."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.core.candidates import Items, Query
from shortlist.core.errors import UnknownUser
from shortlist.core.times import EARLIEST
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.history import History
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings, take_backs
from shortlist.datasets.snapshot import Dataset, Events
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.storage.facts import Facts

Kinds = Mapping[str, KindSettings]

LONGEST_MARK = 60
"""Letters of an attribute that still is a name; what is longer is prose."""


def load_dataset(facts: Facts, kinds: Kinds, until: int | None = None) -> Dataset:
    """The whole log and catalogue; with `until` as if what happened at it or later had not.

    The catalogue has the items that were imported, and after them those that are only in the log.
    Items that were deleted, whenever that was, are in neither: their events are left out, so that
    the log does not bring them back.
    """
    log = _read(facts)
    if until is not None:
        log = log.filter(pl.col("time").is_null() | (pl.col("time") < until))
    sequence = int(log["sequence"].max() or 0)  # type: ignore[arg-type]
    log = log.filter(~pl.col("item").is_in(facts.deleted_items()))
    log = log.with_columns(pl.col("time").fill_null(EARLIEST)).sort("time", "sequence")
    users, user = _codes(log["user"], ())
    described = facts.items()
    ids, item = _codes(log["item"], described["id"].to_list())
    names, kind = _codes(log["kind"], ())
    phrases, phrase = _codes(log["text"], ())
    return Dataset(
        events=_events(log, user, item, kind, phrase, names, kinds),
        users=Vocabulary(users),
        catalogue=catalogue_of(described, ids),
        kinds=tuple(names),
        phrases=tuple(phrases),
        sequence=sequence,
        take_backs=take_backs(kinds, names),
    )


def load_query(
    facts: Facts, catalogue: Catalogue, kinds: Kinds, user: str, *, limit: int = 500
) -> Query | None:
    """What is asked for one user now, just after their newest event; None for a stranger.

    Only the user's own events are read. Items the catalogue does not know are left out.
    """
    log = pl.concat(list(facts.events(user=user)) or [_nothing()])
    if not len(log):
        return None
    columns = (log[name].to_list() for name in ("item", "kind", "value", "time"))
    history = History.of(catalogue, kinds, *columns)
    newest = log["time"].max()
    return history.query(1 if newest is None else int(newest) + 1, limit=limit)  # type: ignore[arg-type]


def load_queries(
    facts: Facts,
    catalogue: Catalogue,
    kinds: Kinds,
    users: Sequence[str] | None = None,
    *,
    limit: int = 500,
) -> Iterator[tuple[str, Query, int]]:
    """The query of each user, as `load_query` makes it, and how many there are.

    All users of the log where none are named. Raises UnknownUser for a named one who is not in it.
    """
    data = load_dataset(facts, kinds)
    wanted = list(data.users) if users is None else users
    strangers = [user for user in wanted if user not in data.users]
    if strangers:
        some = ", ".join(strangers[:5])
        raise UnknownUser(f"{len(strangers)} of the users are not in the log: {some} ...")
    known = _told_by(catalogue, data)
    for user in wanted:
        index = data.users.index_of(user)
        newest = int(data.events.time[data.positions_of(index)[-1]])
        time = newest + 1 if newest > EARLIEST else 1
        yield user, replace(known.query(index, limit=limit), time=time, user=-1), len(wanted)


def _told_by(catalogue: Catalogue, data: Dataset) -> Dataset:
    """A dataset as another catalogue tells it: without the events of items it does not know."""
    place = catalogue.ids.indices_of(list(data.catalogue.ids))
    item = place[data.events.item]
    events = replace(data.events, item=item).take(item >= 0)
    return replace(data, events=events, catalogue=catalogue)


def _read(facts: Facts) -> pl.DataFrame:
    columns = ["sequence", "user", "item", "kind", "value", "time", "text"]
    batches = list(facts.events(columns=columns))
    return pl.concat(batches or [_nothing().select(columns)])


def _nothing() -> pl.DataFrame:
    from shortlist.storage.facts.frames import LOG

    return pl.DataFrame(schema=LOG)


def _codes(column: pl.Series, known: Sequence[str]) -> tuple[list[str], Items]:
    """Distinct texts, the known ones first and the others in order, and each entry's place."""
    seen = set(known)
    new = [each for each in column.unique().drop_nulls().sort() if each not in seen]
    texts = [*known, *new]
    table = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}).with_row_index("code")
    joined = pl.DataFrame({"text": column}).join(
        table, on="text", how="left", maintain_order="left"
    )
    codes = joined["code"].cast(pl.Int32).fill_null(-1).to_numpy()
    return texts, codes


def _events(
    log: pl.DataFrame,
    user: Items,
    item: Items,
    kind: Items,
    phrase: Items,
    names: Sequence[str],
    kinds: Kinds,
) -> Events:
    value = log["value"].cast(pl.Float32).fill_null(float("nan")).to_numpy()
    weight = np.zeros(len(log), np.float32)
    chosen, liked = np.zeros(len(log), bool), np.zeros(len(log), bool)
    for code, name in enumerate(names):
        settings, own = kinds.get(name, DEFAULT_KIND), kind == code
        weight[own] = settings.weigh(value[own])
        liked[own] = settings.likes(value[own])
        chosen[own] = settings.is_choice
    return Events(
        user=user,
        item=item,
        time=log["time"].to_numpy(),
        kind=kind.astype(np.int16),
        value=value,
        weight=weight,
        chosen=chosen,
        liked=liked,
        phrase=phrase,
    )


def catalogue_of(described: pl.DataFrame, ids: list[str] | None = None) -> Catalogue:
    """The items of a frame (ITEMS schema), and after them those of the ids it does not describe."""
    ids = described["id"].to_list() if ids is None else ids
    missing = len(ids) - len(described)
    categories = [tuple(each or ()) for each in described["categories"].to_list()]
    attributes = [json.loads(each or "{}") for each in described["attributes"].to_list()]
    return Catalogue.of(
        Vocabulary(ids),
        titles=described["title"].fill_null("").to_list() + [""] * missing,
        categories=categories + [()] * missing,
        texts=described["text"].fill_null("").to_list() + [""] * missing,
        years=_years(attributes, missing),
        marks=[_marks(each) for each in attributes] + [()] * missing,
    )


def _years(attributes: Sequence[Mapping[str, object]], missing: int) -> npt.NDArray[np.float32]:
    """The attribute `year` of each item; NaN where it is none."""
    years = np.full(len(attributes) + missing, np.nan, np.float32)
    for place, each in enumerate(attributes):
        year = each.get("year")
        if isinstance(year, int | float):
            years[place] = year
    return years


def _marks(attributes: Mapping[str, object]) -> tuple[str, ...]:
    """The attributes that are names, or lists of them, as terms."""
    return tuple(
        f"{name}={each}"
        for name, value in attributes.items()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, str) and 0 < len(each) <= LONGEST_MARK
    )
