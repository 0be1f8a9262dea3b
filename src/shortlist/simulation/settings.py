"""Every setting of a simulated world, each with its range and its meaning."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from shortlist.core.times import Instant, instant_of

Share = Annotated[float, Field(ge=0, le=1)]
Loudness = Annotated[float, Field(ge=0, le=10)]


class WorldSettings(BaseModel):
    """What there is, what people like, how they read a list, and who chose the lists.

    An item's relevance to a user is sigmoid(logit). The logit adds `genre_taste`, `latent_taste`
    and `quality` times a standard normal each, `freshness` while the item is new and
    `session_focus` where the item fits the session's mood, less `reluctance`. A click's
    probability is that relevance times the probability that the position is looked at.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )

    users: PositiveInt | None = None
    """People in the world; left out, one for every 50 interactions asked for (at least 30)."""

    items: Annotated[int, Field(ge=10)] | None = None
    """Items ever released; left out, 1,500 for 50,000 interactions, growing with the root."""

    categories: Annotated[int, Field(ge=1, le=12)] = 10
    """Genres; every item has one to three, and every user an opinion of each."""

    latent_dimensions: Annotated[int, Field(ge=1, le=8)] = 3
    """Directions of taste that no category names; they show in the words of an item's text."""

    taste_factors: Annotated[int, Field(ge=1, le=20)] = 2
    """Leanings behind all tastes: who likes one thing tends to like what goes along with it."""

    individuality: Share = 0.05
    """Share of the variance of a taste that follows no such leaning but is the user's alone."""

    genre_taste: Loudness = 2.4
    """Log-odds a standard deviation of liking for an item's genres is worth."""

    latent_taste: Loudness = 1.6
    """Log-odds a standard deviation of liking for an item's latent nature is worth."""

    quality: Loudness = 1.0
    """Log-odds a standard deviation of an item's quality is worth; nobody is told it."""

    freshness: Loudness = 0.6
    """Log-odds an item gains on the day of its release."""

    freshness_days: PositiveFloat = 14.0
    """Days until that gain has fallen to 37 %."""

    session_focus: Loudness = 0.4
    """Log-odds an item of the genre the user is in the mood for gains, for one session."""

    crowd_taste: Annotated[float, Field(ge=0, lt=1)] = 0.15
    """Share of the variance of tastes that everyone has in common; it makes some items popular."""

    reluctance: Annotated[float, Field(ge=-20, le=20)] = 2.5
    """Log-odds against a click on an average item; higher means fewer clicks."""

    noise: Share = 0.02
    """Share of looks at an item that are answered without regard to taste."""

    drift: Annotated[float, Field(ge=0, lt=1)] = 0.02
    """Share of a personal taste that has been replaced after 30 days of random walk."""

    position_bias: Annotated[float, Field(ge=0, le=5)] = 0.25
    """Position p (from 0) is looked at with probability (1 + p) to the minus this."""

    list_length: Annotated[int, Field(ge=1, le=100)] = 10
    """Items in a list shown."""

    session_lists: Annotated[float, Field(ge=1, le=20)] = 3.0
    """Lists a user sees in a session, on average."""

    days: PositiveInt = 90
    """Days the log is to span; it runs on where people cannot produce as much in that time."""

    start: AwareDatetime = datetime(2025, 1, 1, tzinfo=UTC)
    """The first moment of the log."""

    newcomers: Annotated[float, Field(ge=0, lt=1)] = 0.15
    """Share of users who first appear while the log runs."""

    releases: Annotated[float, Field(ge=0, lt=1)] = 0.25
    """Share of items released while the log runs."""

    activity_spread: Annotated[float, Field(ge=0, le=3)] = 0.8
    """Standard deviation of the logarithm of how often a user comes."""

    shown_popular: Share = 0.4
    """Share of the logging policy that follows popularity."""

    shown_personal: Share = 0.2
    """Share of it that follows the user's genres; what is left of the two is at random."""

    popularity_half_life_days: PositiveFloat = 14.0
    """Days after which a click counts half in the logging policy's popularity."""

    rating_share: Share = 0.35
    """Share of clicks that are followed by a rating."""

    rating_noise: NonNegativeFloat = 0.5
    """Standard deviation of a rating, in stars, around what was truly thought."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.shown_popular + self.shown_personal > 1:
            raise ValueError("shown_popular and shown_personal together may be 1 at most")
        if not 1970 <= self.start.year <= 2200:
            raise ValueError("start must lie between the years 1970 and 2200")
        return self

    @property
    def start_instant(self) -> Instant:
        """The first moment of the log, in microseconds."""
        return instant_of(self.start)

    def sized(self, events: int) -> Self:
        """The same world with as many users and items as suit so many interactions."""
        return self.model_copy(
            update={
                "users": self.users or max(30, round(events / 50)),
                "items": self.items or max(250, round(1500 * (events / 50_000) ** 0.5)),
            }
        )
