"""Which scene is drawn for which kind of story; the lower third is left to the title."""

from collections.abc import Callable
from typing import Final

from shortlist.web.shop.covers import figures, landscapes
from shortlist.web.shop.covers.dice import Dice
from shortlist.web.shop.covers.palettes import Palette

Scene = Callable[[Dice, Palette], list[str]]

SCENES: Final[dict[str, tuple[Scene, ...]]] = {
    "action": (figures.slashes, figures.burst),
    "adventure": (landscapes.peaks, landscapes.horizon),
    "animation": (figures.bubbles, landscapes.peaks),
    "children": (figures.kites, figures.bubbles),
    "comedy": (figures.confetti, figures.burst, figures.mosaic, landscapes.windows),
    "crime": (figures.blinds, landscapes.windows, landscapes.stairs, figures.keyhole),
    "documentary": (figures.lens,),
    "drama": (figures.faces, figures.arches, landscapes.horizon, landscapes.windows),
    "fantasy": (landscapes.towers, landscapes.peaks, figures.arches),
    "film-noir": (figures.blinds,),
    "horror": (figures.teeth, landscapes.stairs),
    "musical": (figures.waves, figures.burst),
    "mystery": (figures.keyhole, landscapes.stairs),
    "romance": (figures.hearts, figures.paths, landscapes.horizon),
    "sci-fi": (landscapes.planet, landscapes.orbits, landscapes.plain, figures.spiral),
    "thriller": (figures.spiral, figures.keyhole),
    "war": (landscapes.march, landscapes.horizon, figures.burst),
    "western": (landscapes.mesas,),
}

OTHERS: Final[tuple[Scene, ...]] = (
    figures.mosaic,
    figures.arches,
    figures.lens,
    figures.faces,
    landscapes.peaks,
    figures.bubbles,
)
"""For categories that have no scene of their own."""

TELLING: Final = (
    "western",
    "film-noir",
    "horror",
    "sci-fi",
    "war",
    "musical",
    "documentary",
    "fantasy",
    "animation",
    "children",
    "mystery",
    "crime",
    "romance",
    "adventure",
    "thriller",
    "action",
    "comedy",
    "drama",
)
"""Of several categories, the one that says most comes first."""
