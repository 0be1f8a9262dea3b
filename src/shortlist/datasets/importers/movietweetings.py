"""MovieTweetings: ratings from 0 to 10 that people tweeted, films by their IMDb number.

Ratings are events of kind `rating10`. https://github.com/sidooms/MovieTweetings
"""

from pathlib import Path
from typing import Final

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.delimited import read_delimited
from shortlist.datasets.importers.dialect import Dialect
from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.film_texts import FilmTexts
from shortlist.datasets.importers.item_table import ItemColumns
from shortlist.datasets.importers.run import Import

_FILM: Final = ItemColumns(id="movieId", title="title", categories="genres", year_in_title=True)
_RATING: Final = EventColumns(
    user="userId", item="movieId", time="timestamp", as_kind="rating10", value="rating"
)


def import_movietweetings(folder: Path, run: Import) -> None:
    """Import a folder's films and ratings.

    Raises BadFile where a file is missing, TooManyBadRows as `Import` does.
    """
    films, ratings = folder / "movies.dat", folder / "ratings.dat"
    for path in (films, ratings):
        if not path.is_file():
            raise BadFile(f"{folder} is no MovieTweetings folder: it has no {path.name}")
    run.items(
        films,
        read_delimited(films, _dialect("movieId", "title", "genres"), _FILM.wanted),
        FilmTexts.beside(folder, _FILM),
    )
    header = ("userId", "movieId", "rating", "timestamp")
    run.events(ratings, read_delimited(ratings, _dialect(*header), _RATING.wanted), _RATING)


def _dialect(*header: str) -> Dialect:
    return Dialect("::", quoting=False, header=header)
