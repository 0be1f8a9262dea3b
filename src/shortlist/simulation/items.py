"""The items of a world: what is public about them, and what they truly are."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from shortlist.core.times import DAY
from shortlist.simulation.settings import WorldSettings
from shortlist.simulation.streams import Purpose, stream
from shortlist.simulation.wording import describe
from shortlist.simulation.words import GENRES

Floats = npt.NDArray[np.float64]

BACKLIST_YEARS = 6.0
"""Mean age, in years, of what was out before the log began."""


@dataclass(frozen=True)
class Items:
    """Items in index order; genres, latent and quality are the hidden truth."""

    genres: Floats
    """items x categories: an item's genres share one unit of length."""
    latent: Floats
    """items x latent dimensions: normal; an item's squares sum to 1 on average."""
    quality: Floats
    """Standard normal."""
    released: npt.NDArray[np.int64]
    """The instant of release; nobody is shown an item before it. Indices are in its order."""
    titles: list[str] = field(repr=False)
    categories: list[tuple[str, ...]] = field(repr=False)
    texts: list[str] = field(repr=False)

    def __len__(self) -> int:
        return len(self.quality)

    @property
    def ids(self) -> list[str]:
        """Their public names."""
        width = len(str(len(self)))
        return [f"i{each:0{width}}" for each in range(1, len(self) + 1)]

    @property
    def years(self) -> list[int]:
        """The calendar years of their releases."""
        return [
            int(each) + 1970
            for each in self.released.astype("datetime64[us]").astype("M8[Y]").astype(np.int64)
        ]


def make_items(world: WorldSettings, seed: int) -> Items:
    """The items of a sized world."""
    n = world.items or 0
    rng = stream(seed, Purpose.ITEMS)
    genres = _genres(n, world.categories, rng)
    latent = rng.standard_normal((n, world.latent_dimensions))
    quality = rng.standard_normal(n)
    released = _releases(world, n, rng)
    names = list(GENRES)
    categories = [tuple(names[g] for g in np.flatnonzero(row)) for row in genres]
    titles, texts = describe(categories, latent, stream(seed, Purpose.WORDS))
    return Items(
        genres=genres / np.sqrt(genres.sum(axis=1, keepdims=True)),
        latent=latent / np.sqrt(world.latent_dimensions),
        quality=quality,
        released=released,
        titles=titles,
        categories=categories,
        texts=texts,
    )


def _genres(n: int, categories: int, rng: np.random.Generator) -> Floats:
    """One to three genres an item (0 or 1), the first genres somewhat more often."""
    frequency = 1 / np.sqrt(np.arange(1, categories + 1))
    races = rng.standard_exponential((n, categories)) / frequency
    places = races.argsort(axis=1).argsort(axis=1)
    carried = np.minimum(rng.choice([1, 2, 3], n, p=(0.4, 0.4, 0.2)), categories)
    return np.asarray(places < carried[:, None], np.float64)


def _releases(world: WorldSettings, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Instants of release, ascending: a backlist before the log, the rest while it runs."""
    new = round(n * world.releases)
    ages = rng.exponential(BACKLIST_YEARS * 365, n - new)
    days = np.concatenate([-ages, rng.uniform(0, world.days, new)])
    return world.start_instant + np.sort((days * DAY).astype(np.int64))
