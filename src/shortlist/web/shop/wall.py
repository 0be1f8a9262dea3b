"""A wall of covers for those who have not signed in: of no catalogue, so that it tells nothing."""

from functools import cache

from markupsafe import Markup

from shortlist.serving.cards import Card
from shortlist.web.shop.covers.cover import cover

MADE_UP = (
    ("Low Tide", 1962, "Drama"),
    ("The Second Moon", 1979, "Sci-Fi"),
    ("Who Rang?", 1947, "Film-Noir"),
    ("Paper Planes", 2004, "Children"),
    ("A Long Way Up", 1988, "Adventure"),
    ("Laughing Matter", 1996, "Comedy"),
    ("Do Not Open", 2011, "Horror"),
    ("Letters to June", 1958, "Romance"),
    ("Dust & Silver", 1966, "Western"),
    ("Night Shift", 1974, "Thriller"),
    ("The Lens", 2017, "Documentary"),
    ("Encore!", 1952, "Musical"),
    ("Fast Lane", 1999, "Action"),
    ("The Glass Tower", 1985, "Fantasy"),
    ("Behind the Door", 1991, "Mystery"),
)


@cache
def wall() -> tuple[Markup, ...]:
    """Their covers."""
    return tuple(cover(Card("", title, year, [kind])) for title, year, kind in MADE_UP)
