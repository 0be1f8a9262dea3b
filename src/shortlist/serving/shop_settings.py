"""What a storefront sells, what it calls it, and which rows it shows."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from shortlist.serving.asked import DEFAULT_PLACEMENT


class RowSettings(BaseModel):
    """One row of the home page."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    kind: Literal["placement", "because", "trending", "new", "categories"]
    """What is in it: the list of a placement; items like one somebody liked; what many choose
    lately; the newest; or the best of the categories somebody likes, a row each."""

    title: str = Field(min_length=1, max_length=100)
    """What stands above it; {item} is the item liked, {category} the category."""

    placement: str = DEFAULT_PLACEMENT
    """The placement whose list it is (`placement`, `categories`)."""

    size: int = Field(default=10, ge=1, le=50)
    """Items in it at most."""

    number: int = Field(default=1, ge=1, le=10)
    """How many such rows (`because`, `categories`)."""


USUAL_ROWS: tuple[RowSettings, ...] = (
    RowSettings(kind="placement", title="For you"),
    RowSettings(kind="because", title="Because you liked {item}", number=2),
    RowSettings(kind="trending", title="Trending"),
    RowSettings(kind="categories", title="{category} for you", number=2),
    RowSettings(kind="new", title="New"),
)


class ShopSettings(BaseModel):
    """The storefront: what it is called, what it shows, and what events it writes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(default="Shortlist", min_length=1, max_length=40)
    """What stands at the head of every page."""

    noun: str = Field(default="film", min_length=1, max_length=30)
    """What one item is called."""

    nouns: str = Field(default="films", min_length=1, max_length=30)
    """What several of them are called."""

    category: str = Field(default="genre", min_length=1, max_length=30)
    """What a category is called."""

    categories: str = Field(default="genres", min_length=1, max_length=30)
    """What several categories are called."""

    year: str = Field(default="year", max_length=200)
    """The attribute of items with the year they are from; empty for none."""

    people: str = Field(default="cast", max_length=200)
    """The attribute of items with the people in them; empty for none."""

    image: str = Field(default="image", max_length=200)
    """The attribute of items with the address of an image; a cover is drawn for those without."""

    rating: str = Field(default="rating", min_length=1, max_length=200)
    """The kind of event that stars become; their number is its value."""

    stars: int = Field(default=5, ge=2, le=10)
    """How many stars there are."""

    liked_from: float = Field(default=4.0, ge=0)
    """Stars from which on something was liked."""

    dislike: str = Field(default="dislike", min_length=1, max_length=200)
    """The kind of event that "not interested" becomes."""

    save: str = Field(default="save", min_length=1, max_length=200)
    """The kind of event that puts something on the watchlist."""

    open: str = Field(default="open", min_length=1, max_length=200)
    """The kind of event that opening something from a list becomes. It says which list, and by
    default nothing of interest: what was looked at stays in the lists."""

    page_size: PositiveInt = Field(default=48, le=200)
    """Items on a page of a search or of a category."""

    rows: tuple[RowSettings, ...] = ()
    """The rows of the home page, in order. Empty: for you, because of two you liked, trending, two
    categories, new."""

    @property
    def all_rows(self) -> tuple[RowSettings, ...]:
        """The rows, or the usual ones."""
        return self.rows or USUAL_ROWS
