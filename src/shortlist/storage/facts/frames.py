"""How facts travel: as columns."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from operator import attrgetter
from typing import Final

import numpy as np
import polars as pl

from shortlist.core.events import Event

EVENTS: Final = pl.Schema(
    {
        "id": pl.String(),
        "user": pl.String(),
        "item": pl.String(),
        "kind": pl.String(),
        "value": pl.Float64(),
        "time": pl.Int64(),
        "session": pl.String(),
        "decision": pl.String(),
        "text": pl.String(),
    }
)
"""Events on their way in: `core.events.Event` as columns, time in microseconds since 1970 UTC."""

LOG: Final = pl.Schema({"sequence": pl.Int64(), **EVENTS})
"""Events on their way out, numbered in the order of arrival."""

ITEMS: Final = pl.Schema(
    {
        "id": pl.String(),
        "title": pl.String(),
        "categories": pl.List(pl.String()),
        "text": pl.String(),
        "attributes": pl.String(),
    }
)
"""Items; `attributes` is a JSON object. Null is not known."""

USERS: Final = pl.Schema({"id": pl.String(), "attributes": pl.String()})
"""Users; `attributes` is a JSON object. Null is not known."""

_CONTENT = ("user", "item", "kind", "bits", "time", "session", "decision", "text")


def events_frame(events: Iterable[Event]) -> pl.DataFrame:
    """Events as a frame of the EVENTS schema."""
    row = attrgetter(*EVENTS.names())
    return pl.DataFrame([row(each) for each in events], schema=EVENTS, orient="row")


def with_content_ids(events: pl.DataFrame) -> pl.DataFrame:
    """The frame with the id of each event that has none derived from its content.

    The same ids as `core.events.Event` gives itself.
    """
    without = events["id"].is_null()
    if not without.any():
        return events
    derived = pl.Series("id", _content_ids(events.filter(without)), pl.String)
    if without.all():
        return events.with_columns(derived)
    ids = events["id"].to_numpy().copy()
    ids[without.to_numpy()] = derived.to_numpy()
    return events.with_columns(pl.Series("id", ids, pl.String))


def _content_ids(events: pl.DataFrame) -> list[str]:
    bits = (events["value"].fill_null(0.0).to_numpy() + 0.0).view(np.int64)
    written = events.with_columns(
        pl.when(pl.col("value").is_not_null()).then(pl.Series("bits", bits)).alias("bits")
    )
    content = written.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in _CONTENT], separator="\x1f"
        ).cast(pl.Binary)
    ).to_series()
    return [blake2b(each, digest_size=16).hexdigest() for each in content.to_list()]


def of_schema(columns: Mapping[str, object], schema: pl.Schema) -> pl.DataFrame:
    """A frame of a schema in which what is not given is null."""
    given = pl.DataFrame(dict(columns), schema_overrides={name: schema[name] for name in columns})
    missing = [pl.lit(None, schema[name]).alias(name) for name in schema if name not in columns]
    return given.with_columns(missing).select(schema.names())
