"""Explanations as sentences."""

from collections.abc import Sequence

from shortlist.datasets.catalogue import Catalogue
from shortlist.pipeline.explain import Driver, Explanation

BY_SOURCE = {
    "popularity": "It is one of the most chosen of all.",
    "trending": "Many people choose it these days.",
    "segment_popularity": "It is popular with people who choose {categories}.",
    "item_neighbours": "People who chose what you chose also chose it.",
    "ease": "People who chose what you chose also chose it.",
    "als": "It is close to your taste as a whole.",
    "spectral": "It is close to your taste as a whole.",
    "transitions": "People often choose it right after what you chose last.",
    "content": "It is much like what you chose: {categories}.",
    "mixed_effects": "It is the sort of thing that you take when you see it.",
    "sasrec": "It often comes next after choices like yours.",
}
"""What a source's proposal means when the user's own events do not say more."""

FOLLOWING = ("transitions",)


def reason(explanation: Explanation, catalogue: Catalogue) -> str:
    """One sentence on why the item is in the list, for the person who reads the list."""
    if explanation.drivers:
        events = _together([_named(driver, catalogue) for driver in explanation.drivers])
        keenest = explanation.sources[0] if explanation.sources else ""
        ending = ", which people often follow with this" if keenest in FOLLOWING else ""
        return f"Because you {events}{ending}."
    categories = _together(list(catalogue.categories[explanation.item][:2])) or "such things"
    for source in explanation.sources:
        if source in BY_SOURCE:
            return BY_SOURCE[source].format(categories=categories)
    return "It scored best among what you have not seen."


def _named(driver: Driver, catalogue: Catalogue) -> str:
    title = catalogue.title_of(driver.item)
    if driver.value is None:
        return f"chose {title}"
    return f"rated {title} {driver.value:g}"


def _together(parts: Sequence[str]) -> str:
    """Parts as people list them; a verb that repeats is said once.

    >>> _together(["rated Alien 5", "rated Aliens 4.5"])
    'rated Alien 5 and Aliens 4.5'
    """
    said = list(parts)
    for verb in ("rated ", "chose "):
        if said and all(part.startswith(verb) for part in said):
            said = [said[0], *(part.removeprefix(verb) for part in said[1:])]
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"
