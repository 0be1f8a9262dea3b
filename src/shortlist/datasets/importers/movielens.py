"""MovieLens folders, in the layouts GroupLens has published.

Ratings are events of kind `rating` (value: stars), tags events of kind `tag` (text: the tag). A tag
is a dated fact about what somebody did, never part of an item's text: that would tell the past
what people wrote later. https://grouplens.org/datasets/movielens/
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.batch import Batch
from shortlist.datasets.importers.delimited import read_delimited
from shortlist.datasets.importers.dialect import Dialect, Encoding
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.film_texts import FilmTexts
from shortlist.datasets.importers.item_table import ItemColumns, UserColumns
from shortlist.datasets.importers.run import Import, Shape

_GENRES_100K: Final = (
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)
_RATING: Final = EventColumns(
    user="userId", item="movieId", time="timestamp", as_kind="rating", value="rating"
)
_TAG: Final = EventColumns(
    user="userId", item="movieId", time="timestamp", as_kind="tag", text="tag"
)
_FILM: Final = ItemColumns(id="movieId", title="title", categories="genres", year_in_title=True)
_PERSON: Final = UserColumns(id="userId", attributes=("gender", "age", "occupation"))


def import_movielens(folder: Path, run: Import) -> None:
    """Import a folder's films, people, ratings and tags.

    Raises BadFile where the folder is none of the layouts, TooManyBadRows as `Import` does.
    """
    for names, layout in _LAYOUTS.items():
        if all((folder / name).is_file() for name in names):
            layout(folder, run)
            return
    if not folder.is_dir():
        raise BadFile(f"{folder} is not a folder")
    expected = "; or ".join(" and ".join(names) for names in _LAYOUTS)
    found = ", ".join(sorted(each.name for each in folder.iterdir())[:12]) or "nothing"
    raise BadFile(f"{folder} is no MovieLens folder: it should hold {expected}. It holds {found}.")


def _latest(folder: Path, run: Import) -> None:
    _films(folder / "movies.csv", Dialect(), run)
    _events(folder / "ratings.csv", Dialect(), _RATING, run)
    if (folder / "tags.csv").is_file():
        _events(folder / "tags.csv", Dialect(), _TAG, run)


def _dat(folder: Path, run: Import) -> None:
    encoding = _encoding_of(folder / "movies.dat")
    _films(folder / "movies.dat", _colons("movieId title genres", encoding), run)
    if (folder / "users.dat").is_file():
        people = _colons("userId gender age occupation zip", encoding)
        _people(folder / "users.dat", people, run)
    ratings = _colons("userId movieId rating timestamp", encoding)
    _events(folder / "ratings.dat", ratings, _RATING, run)
    if (folder / "tags.dat").is_file():
        tags = _colons("userId movieId tag timestamp", encoding)
        _events(folder / "tags.dat", tags, _TAG, run)


def _u_data(folder: Path, run: Import) -> None:
    films = _bars(f"movieId title released video url {' '.join(_GENRES_100K)}")
    read = read_delimited(folder / "u.item", films, ["movieId", "title", *_GENRES_100K])
    run.items(folder / "u.item", read, FilmTexts.beside(folder, _Flagged()))
    if (folder / "u.user").is_file():
        _people(folder / "u.user", _bars("userId age gender occupation zip"), run)
    header = ("userId", "movieId", "rating", "timestamp")
    ratings = Dialect(separator="\t", quoting=False, header=header)
    _events(folder / "u.data", ratings, _RATING, run)


_LAYOUTS: Final[dict[tuple[str, ...], Callable[[Path, Import], None]]] = {
    ("movies.csv", "ratings.csv"): _latest,
    ("movies.dat", "ratings.dat"): _dat,
    ("u.item", "u.data"): _u_data,
}


@dataclass(frozen=True)
class _Flagged:
    """Films whose genres are one column of 0 or 1 each."""

    def shape(self, batch: Batch) -> Batch:
        genres = pl.concat_list(
            pl.when(pl.col(name) == "1").then(pl.lit(name)) for name in _GENRES_100K[1:]
        ).list.drop_nulls()
        table = batch.table.with_columns(genres.alias("genres"))
        return _FILM.shape(Batch(table, batch.lines, batch.rejected, batch.done))


def _films(path: Path, dialect: Dialect, run: Import) -> None:
    shape: Shape = FilmTexts.beside(path.parent, _FILM)
    run.items(path, read_delimited(path, dialect, _FILM.wanted), shape)


def _people(path: Path, dialect: Dialect, run: Import) -> None:
    run.users(path, read_delimited(path, dialect, _PERSON.wanted), _PERSON)


def _events(path: Path, dialect: Dialect, columns: EventColumns, run: Import) -> None:
    run.events(path, read_delimited(path, dialect, columns.wanted), columns)


def _colons(names: str, encoding: Encoding) -> Dialect:
    return Dialect("::", quoting=False, encoding=encoding, header=tuple(names.split()))


def _bars(names: str) -> Dialect:
    return Dialect("|", quoting=False, encoding="latin-1", header=tuple(names.split()))


def _encoding_of(path: Path) -> Encoding:
    """The 1M set is Latin-1, the 10M set UTF-8; titles with accents tell."""
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"
