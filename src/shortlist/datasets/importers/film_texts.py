"""Texts and casts that stand beside a film set, joined from Wikipedia and DBpedia."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import polars as pl

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.batch import Batch
from shortlist.datasets.importers.run import Shape

FILE: Final = "content_ccbysa.parquet"

_NOT_A_NAME: Final = r"^\W|^$"
"""Entries of a cast that are remarks, as in '(voices)'."""


@dataclass(frozen=True)
class FilmTexts:
    """A shape of items that adds what is known of their content to each."""

    items: Shape
    content: pl.DataFrame
    """Columns id, content_text, cast."""

    @classmethod
    def beside(cls, folder: Path, items: Shape) -> Self | Shape:
        """The shape with the content of a folder's content file; the shape itself without one."""
        path = folder / FILE
        return cls(items, _read(path)) if path.exists() else items

    def shape(self, batch: Batch) -> Batch:
        """Items with their text, and the cast among their attributes."""
        shaped = self.items.shape(batch)
        joined = shaped.table.join(self.content, on="id", how="left", maintain_order="left")
        attributes = [
            _with_cast(known, cast)
            for known, cast in zip(joined["attributes"], joined["cast"].to_list(), strict=True)
        ]
        table = joined.with_columns(
            pl.coalesce("text", "content_text").alias("text"),
            pl.Series("attributes", attributes, pl.String),
        ).select(shaped.table.columns)
        return Batch(table, shaped.lines, shaped.rejected, shaped.done)


def _read(path: Path) -> pl.DataFrame:
    try:
        content = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFile(f"{path} cannot be read as Parquet: {error}") from error
    for name in ("movieId", "extract", "cast"):
        if name not in content.columns:
            raise BadFile(f"{path} has no column {name!r}")
    texts = [name for name in ("extract", "dbpedia_abstract") if name in content.columns]
    return content.select(
        pl.col("movieId").cast(pl.String).alias("id"),
        pl.coalesce(texts).alias("content_text"),
        pl.col("cast")
        .list.eval(pl.element().filter(~pl.element().str.contains(_NOT_A_NAME)))
        .alias("cast"),
    ).unique("id", keep="first")


def _with_cast(attributes: str | None, cast: list[str] | None) -> str | None:
    if not cast:
        return attributes
    known = json.loads(attributes) if attributes else {}
    return json.dumps({**known, "cast": cast}, ensure_ascii=False)
