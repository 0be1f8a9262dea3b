"""The users of a world: what each likes, how that drifts, and how often each comes."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.core.times import DAY
from shortlist.simulation.settings import WorldSettings
from shortlist.simulation.streams import Purpose, stream

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Users in index order, as they are on one day."""

    crowd: Floats
    """What everyone likes: one number a genre, then one a latent direction."""
    own: Floats
    """users x (genres, latent directions): what each likes beyond that; unit variance."""
    leanings: Floats
    """factors x (genres, latent directions): how tastes go together; columns of unit length."""
    activity: Floats
    """How often each comes, relative to the others."""
    joined: npt.NDArray[np.int64]
    """The instant of each one's first possible visit; indices are in its order."""
    crowd_share: float
    """Share of the variance of tastes that is the crowd's."""

    def __len__(self) -> int:
        return len(self.own)

    @property
    def ids(self) -> list[str]:
        """Their public names."""
        width = len(str(len(self)))
        return [f"u{each:0{width}}" for each in range(1, len(self) + 1)]

    def tastes(self, users: npt.NDArray[np.int64]) -> Floats:
        """users x (genres, latent directions): standard normal over users and directions."""
        own, crowd = np.sqrt(1 - self.crowd_share), np.sqrt(self.crowd_share)
        return np.asarray(own * self.own[users] + crowd * self.crowd)

    def drifted(self, world: WorldSettings, seed: int, day: int) -> "People":
        """The same people a day later, where that is day `day` of the log.

        A mean-reverting random walk (Ornstein-Uhlenbeck in steps of a day): tastes move, their
        spread over people stays.
        """
        kept = (1 - world.drift) ** (1 / 30)
        step = _tastes(len(self), self.leanings, world, stream(seed, Purpose.DRIFT, day))
        return replace(self, own=kept * self.own + np.sqrt(1 - kept**2) * step)


def make_people(world: WorldSettings, seed: int) -> People:
    """The users of a sized world on its first day."""
    n = world.users or 0
    directions = world.categories + world.latent_dimensions
    rng = stream(seed, Purpose.PEOPLE)
    late = int(n * world.newcomers)
    days = np.concatenate([np.zeros(n - late), np.sort(rng.uniform(0, world.days, late))])
    leanings = rng.standard_normal((world.taste_factors, directions))
    leanings /= np.sqrt(np.square(leanings).sum(axis=0))
    return People(
        crowd=rng.standard_normal(directions),
        own=_tastes(n, leanings, world, rng),
        leanings=leanings,
        activity=np.exp(world.activity_spread * rng.standard_normal(n)),
        joined=world.start_instant + (days * DAY).astype(np.int64),
        crowd_share=world.crowd_taste,
    )


def _tastes(n: int, leanings: Floats, world: WorldSettings, rng: np.random.Generator) -> Floats:
    """Tastes of n people: what few factors make of them, and what is each one's alone."""
    factors, directions = leanings.shape
    shared = rng.standard_normal((n, factors)) @ leanings
    alone = rng.standard_normal((n, directions))
    share = world.individuality
    return np.asarray(np.sqrt(1 - share) * shared + np.sqrt(share) * alone)
