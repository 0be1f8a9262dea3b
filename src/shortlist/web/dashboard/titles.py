"""What items are called, also those that no list may show."""

from collections.abc import Iterable

from shortlist.serving.shelf import Shelf


def titles_of(shelf: Shelf, items: Iterable[str]) -> dict[str, str]:
    """The title of each item; its id where it has none or is not known."""
    found = {}
    for item in items:
        place = shelf.ids.index_of(item)
        found[item] = shelf.title_of(place) if place >= 0 else item
    return found
