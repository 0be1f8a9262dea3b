"""What a source is: a recipe that fits into a model that retrieves.

The recipe is frozen settings; the model is frozen state. Nothing is ever half-fitted,
a model can be shared by threads without a lock, and replacing it is one assignment.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator
from scipy.sparse import csr_array

from shortlist.core.candidates import Candidates, Items, Query, Scores
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset

Arrays = dict[str, npt.NDArray[np.generic]]


class SourceModel(ABC):
    """A fitted source."""

    @abstractmethod
    def score(self, query: Query) -> Scores:
        """One float32 for every item of the catalogue; zero where the source has nothing to say.

        Higher is better, and only positive scores are proposed. The scores become ranking
        features of every candidate, whichever source proposed it.
        """

    def score_many(self, queries: Sequence[Query]) -> npt.NDArray[np.float32]:
        """`score` of at least one query, queries x items; the same numbers up to rounding.

        For sources that answer many at once in less than the sum of the time.
        """
        return np.stack([self.score(query) for query in queries])

    def retrieve(self, query: Query, limit: int) -> Candidates:
        """At most `limit` items that are not `query.excluded`, best first."""
        return Candidates.best(self.score(query), limit, without=query.excluded)

    def because(self, query: Query, item: int) -> Scores:  # noqa: ARG002
        """What each event of the history adds to the item's score (float32, one an event).

        Zeros where the source does not say, as where the history has no part in its score.
        """
        return np.zeros(len(query.history), np.float32)

    @abstractmethod
    def padded(self, n_items: int) -> Self:
        """The same over a catalogue that items were added to, of which it knows nothing."""

    def learner(self, catalogue: Catalogue) -> "Learner | None":  # noqa: ARG002
        """What goes on learning from events as they arrive; None where only a training does.

        The catalogue is that of the training. A model that an older version stored may lack what
        it takes to go on.
        """
        return None

    @abstractmethod
    def arrays(self) -> Arrays:
        """The whole state as plain arrays, to be written into a bundle."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The model again from what `arrays` gave; the arrays may be memory-mapped."""


@dataclass(frozen=True)
class NewItems:
    """What came to a catalogue since the training; always all of it, not what came last."""

    catalogue: Catalogue
    """The one the training knew, with items that came since at its end."""
    told: Items
    """The items whose documents came or changed since, ascending."""
    alike: csr_array
    """told x items: how much items of the training are like them by content; a few each."""

    def __len__(self) -> int:
        return len(self.catalogue)


class Learner(ABC):
    """The sums of one source since its training, and the models they give.

    A learner is private to the one thread that folds the log; the models it gives are frozen and
    shared. It depends on the events and their order alone: however they are cut into arrivals, and
    whether or not it was stored and restored in between, the sums are the same to the bit.
    """

    @abstractmethod
    def extend(self, items: NewItems) -> None:
        """Make room for items that came since, and heed what is known of them."""

    @abstractmethod
    def learn(self, arrivals: Arrivals) -> None:
        """Add events to the sums, in their order."""

    @abstractmethod
    def model(self) -> SourceModel:
        """The source as of now, over the extended catalogue; later events do not change it."""

    @abstractmethod
    def arrays(self) -> Arrays:
        """The sums as plain arrays, for a checkpoint; without what the trained model holds."""

    @abstractmethod
    def restore(self, arrays: Arrays) -> None:
        """Take up the sums that `arrays` gave, for a catalogue extended alike."""


class Source(BaseModel, ABC):
    """The recipe of a source: its settings, and how it learns from a dataset."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    name: ClassVar[str]
    model: ClassVar[type[SourceModel]]
    usual: ClassVar[bool] = True
    """Whether it is trained where nobody names sources."""

    @model_validator(mode="before")
    @classmethod
    def _without(cls, written: Any) -> Any:
        """The word `none` says that there is no such thing, where a file has no other way to."""
        if not isinstance(written, Mapping):
            return written
        return {name: None if value == "none" else value for name, value in written.items()}

    def ready(self) -> None:
        """Raise NotInstalled where what it takes to learn is not installed."""
        return

    @abstractmethod
    def fit(self, data: Dataset) -> SourceModel:
        """Learn from the dataset. Two fits on the same data give the same model."""
