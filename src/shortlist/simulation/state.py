"""The world as of a day: who is there, what they like, and how they answer a list.

This is the piece a live test steps: ask for a visit, show it any list, get clicks and the truth.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import Invalid
from shortlist.core.times import DAY, Instant
from shortlist.simulation.items import Items
from shortlist.simulation.people import People
from shortlist.simulation.settings import WorldSettings

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

NOTHING = -1
"""An empty place in a list."""


@dataclass(frozen=True)
class Visits:
    """Sessions: who came, and what they are in the mood for. Columns of one length."""

    user: Indices
    focus: Indices
    """The genre of the session's mood."""

    def __len__(self) -> int:
        return len(self.user)

    def take(self, which: npt.NDArray[np.bool_]) -> "Visits":
        """Some of the visits."""
        return Visits(self.user[which], self.focus[which])


@dataclass(frozen=True)
class Responses:
    """How visits answered a list each; every column is visits x positions."""

    liking: Floats
    """What the user thinks of the item, mood and news aside: standard normal over random pairs."""
    relevance: Floats
    """The probability of a click once the item is looked at."""
    examination: Floats
    """The probability that the position is looked at."""
    probability: Floats
    """The probability of the click: relevance times examination."""
    clicked: npt.NDArray[np.bool_]

    def row(self, visit: int) -> "Responses":
        """How one visit answered, as columns over positions."""
        return Responses(**{each.name: getattr(self, each.name)[visit] for each in fields(self)})


@dataclass(frozen=True)
class State:
    """A world on one day. Frozen: `at` gives the world of a later day as another state."""

    world: WorldSettings
    seed: int
    items: Items
    people: People
    day: int = 0

    def at(self, time: Instant) -> "State":
        """The world as it is at an instant; raises Invalid for one before this state's day."""
        return self.on((time - self.world.start_instant) // DAY)

    def on(self, day: int) -> "State":
        """The world on a day of the log (0 is the first); raises Invalid for an earlier one."""
        if day < self.day:
            raise Invalid(f"a world goes forward only: it is on day {self.day}, not {day}")
        people = self.people
        for each in range(self.day + 1, day + 1):
            people = people.drifted(self.world, self.seed, each)
        return replace(self, people=people, day=day)

    @property
    def morning(self) -> Instant:
        """The instant the day begins."""
        return self.world.start_instant + self.day * DAY

    def available(self) -> npt.NDArray[np.bool_]:
        """Which items are out when the day begins."""
        return self.items.released <= self.morning

    def visit(self, users: Indices, rng: np.random.Generator) -> Visits:
        """A session of each of the users, in the mood for a genre they tend to like."""
        genres = self.people.tastes(users)[:, : self.world.categories]
        races = rng.standard_exponential(genres.shape) / np.exp(1.5 * genres)
        return Visits(users, races.argmin(axis=1))

    def respond(
        self,
        visits: Visits,
        lists: Indices,
        rng: np.random.Generator,
        time: Instant | Indices | None = None,
    ) -> Responses:
        """What each visit makes of the list it is shown (visits x positions; `NOTHING` is empty).

        Clicks on the items of a list are independent of each other given the tastes. Items the
        user chose before are answered like any other: leaving them out is up to who shows lists.
        `time` is the instant of all lists, or a column of one for each (default: the morning).
        """
        shown = lists != NOTHING
        instant = self.morning if time is None else time
        liking = self._liking(visits, lists)
        loudness = np.sqrt(
            np.square([self.world.genre_taste, self.world.latent_taste, self.world.quality]).sum()
        )
        logit = liking + self._mood(visits, lists) + self._news(lists, instant)
        willing = 1 / (1 + np.exp(self.world.reluctance - logit))
        whim = 1 / (1 + np.exp(self.world.reluctance))
        relevance = (1 - self.world.noise) * willing + self.world.noise * whim
        places = np.arange(1, lists.shape[1] + 1) ** -self.world.position_bias
        examination = np.where(shown, places, 0.0)
        probability = examination * relevance
        return Responses(
            liking=liking / max(loudness, 1e-9),
            relevance=np.where(shown, relevance, 0.0),
            examination=examination,
            probability=probability,
            clicked=rng.random(lists.shape) < probability,
        )

    def _liking(self, visits: Visits, lists: Indices) -> Floats:
        tastes = self.people.tastes(visits.user)
        genre, latent = np.split(tastes, [self.world.categories], axis=1)
        return np.asarray(
            self.world.genre_taste * np.einsum("vc,vpc->vp", genre, self.items.genres[lists])
            + self.world.latent_taste * np.einsum("vd,vpd->vp", latent, self.items.latent[lists])
            + self.world.quality * self.items.quality[lists]
        )

    def _mood(self, visits: Visits, lists: Indices) -> Floats:
        fits = self.items.genres[lists, visits.focus[:, None]] > 0
        return self.world.session_focus * fits.astype(np.float64)

    def _news(self, lists: Indices, time: Instant | Indices) -> Floats:
        days = np.maximum(time - self.items.released[lists], 0) / DAY
        return np.asarray(self.world.freshness * np.exp(-days / self.world.freshness_days))
